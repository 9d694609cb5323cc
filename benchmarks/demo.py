"""The demo of an installation: how long it takes to import past orders and to report on them."""

import asyncio
import itertools
import os
import re
import tempfile
from asyncio.subprocess import PIPE, STDOUT
from importlib.resources import files
from pathlib import Path

from benchmarks.measuring import Result, absolute, console

ROWS = 1_500
DONE = re.compile(r"Started in ([0-9.]+) s, done after ([0-9.]+) s")


async def run(python: Path) -> list[Result]:
    """Run the installation's own program: how it imports is part of what is measured."""
    with tempfile.TemporaryDirectory(prefix="zugabe-") as home:
        sample = (files("zugabe") / "data" / "cdnow-sample.csv").read_text()
        orders = Path(home) / "orders.csv"
        orders.write_text("".join(itertools.islice(sample.splitlines(True), 1 + ROWS)))
        env = {**os.environ, "ZUGABE_HOME": home, "ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}
        command = (python, "-m", "zugabe", "demo", "--exit", "--orders", orders)
        with console.status(f"demo: {ROWS:,} orders"):
            demo = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=STDOUT, env=env
            )
            output = (await demo.communicate())[0].decode()
    done = DONE.search(output)
    if demo.returncode or done is None:
        raise RuntimeError(output)
    seconds = float(done[2]) - float(done[1])
    return [absolute(f"demo with {ROWS:,} past orders, without start", seconds, " s")]
