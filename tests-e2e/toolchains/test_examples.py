"""The examples in other languages take every order once, and agree with the service (X-14).

Not part of `make e2e`: they load their libraries from the registries of their languages.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from stories.dealer import Dealer, cart, line
from stories.topics import everything

from zugabe_testing.eventually import eventually

EXAMPLES = Path(__file__).parents[2] / "examples"
TIMEOUT_SECONDS = 600


@dataclass(frozen=True)
class Example:
    folder: str
    prepare: Sequence[str]
    run: Sequence[str]


@pytest.mark.parametrize(
    "example",
    [
        Example("node", ("npm", "install", "--no-package-lock"), ("node", "orders.mjs")),
        Example("go", ("go", "vet", "."), ("go", "run", ".")),
        Example("java", ("mvn", "-B", "-q", "compile"), ("mvn", "-B", "-q", "exec:java")),
    ],
    ids=lambda example: example.folder,
)
async def test_an_example_sums_up_what_the_service_says(
    example: Example, dealer: Dealer, tmp_path: Path
) -> None:
    """X-14"""
    if shutil.which(example.run[0]) is None:
        pytest.skip(f"{example.run[0]} is not installed")
    anna = dealer.user("anna")
    for number, cents in enumerate((1_999, 250, 12_345)):
        await anna.place(f"{dealer.name}-{number}", cart(line(cents)))
    await anna.cancel(f"{dealer.name}-1")
    kafka = dealer.stack.addresses["kafka"]

    async def all_told() -> None:
        told = [event.name for event in await everything(kafka, "checkout", dealer.name)]
        assert told.count("order-placed") == 3
        assert told.count("order-cancelled") == 1

    await eventually(all_told)
    folder = shutil.copytree(EXAMPLES / example.folder, tmp_path / example.folder)
    ask(folder, example.prepare, kafka)
    said = ask(folder, example.run, kafka)
    found = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert found[dealer.name] == {"orders": 2, "net_cents": 14_344}


def ask(folder: Path, command: Sequence[str], kafka: str) -> str:
    environment = {**os.environ, "KAFKA": kafka, "ONCE": "1"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        timeout=TIMEOUT_SECONDS,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout
