"""`make bench`, or `python benchmarks NAME...`: figures as ratios to the raw parts of one run."""

import asyncio
import sys
from importlib import import_module
from pathlib import Path

from measuring import Result, console, report

from zugabe.testing import Parts, parts

NAMES = ("append", "consume", "rebuild")


async def measure(names: list[str], started: Parts) -> list[Result]:
    results: list[Result] = []
    for name in names:
        console.rule(name)
        results += await import_module(name).run(started)
    return results


def main() -> None:
    names = sys.argv[1:] or list(NAMES)
    if unknown := set(names) - set(NAMES):
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    with parts() as started:
        results = asyncio.run(measure(names, started))
    report(results, Path("report") / "benchmarks.json")


if __name__ == "__main__":
    main()
