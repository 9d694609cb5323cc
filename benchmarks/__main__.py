"""`make bench`, or `python -m benchmarks NAME...`: ratios against the raw parts of the same run."""

import asyncio
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import Result, console, report
from zugabe.testing import Parts, parts
from zugabe_events.runtime.gc_tuning import tune_gc

OF_THE_KERNEL = ("append", "consume", "rebuild", "board", "pipeline")
OF_THE_WHOLE = ("orders", "hot", "history", "idle")
NAMES = OF_THE_KERNEL + OF_THE_WHOLE


async def kernel(names: list[str], started: Parts) -> list[Result]:
    results: list[Result] = []
    for name in names:
        console.rule(name)
        module = import_module(f"benchmarks.{name}")
        tune_gc()
        results += await module.run(started)
    return results


async def whole(names: list[str]) -> list[Result]:
    """Each starts a Zugabe of its own."""
    results: list[Result] = []
    for name in names:
        console.rule(name)
        results += await import_module(f"benchmarks.{name}").run()
    return results


def main() -> None:
    names = sys.argv[1:] or list(NAMES)
    if unknown := set(names) - set(NAMES):
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    results: list[Result] = []
    if of_the_kernel := [name for name in names if name in OF_THE_KERNEL]:
        with parts() as started:
            results += asyncio.run(kernel(of_the_kernel, started))
    results += asyncio.run(whole([name for name in names if name in OF_THE_WHOLE]))
    report(results, Path("report") / "benchmarks.json")


if __name__ == "__main__":
    main()
