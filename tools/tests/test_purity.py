"""Deciders, policies, views and contracts load no framework, each in an interpreter of its own."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PURE = ("**/decider.py", "**/policy.py", "**/view.py", "contracts/**/*.py", "domain/**/*.py")
FRAMEWORKS = frozenset({"fastapi", "starlette", "faststream", "pymongo", "aiokafka", "aiohttp"})

# Each module is imported by a child of a process that has imported none of them.
PROGRAM = """
import importlib, json, os, sys
loaded = {}
for name in json.load(sys.stdin):
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        importlib.import_module(name)
        with os.fdopen(writing, "w") as answer:
            answer.write(json.dumps([module for module in sys.modules if "." not in module]))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        loaded[name] = json.loads(answer.read() or "null")
    os.wait()
json.dump(loaded, sys.stdout)
"""


def pure_modules() -> list[str]:
    sources = [*ROOT.glob("services/*/src"), ROOT / "libs/events/src"]
    files = {
        file.relative_to(source)
        for source in sources
        for pattern in PURE
        for file in source.glob(f"*/{pattern}")
    }
    return sorted(".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files)


def test_what_is_pure_loads_no_framework() -> None:
    names = pure_modules()
    assert {"checkout.order.decider", "zugabe_events.contracts.bonus"} < {*names}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(names),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(done.stdout)
    assert [name for name in names if loaded[name] is None] == [], done.stderr
    assert {name: frameworks for name in names
            if (frameworks := FRAMEWORKS.intersection(loaded[name]))} == {}  # fmt: skip
