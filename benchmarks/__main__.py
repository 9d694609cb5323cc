"""`make bench`, or `python -m benchmarks NAME...`: ratios to the raw parts of the same run."""

import asyncio
import sys
from importlib import import_module
from pathlib import Path

import uvloop

from benchmarks import system
from benchmarks.measuring import Result, console, report
from zugabe.testing import Parts, parts
from zugabe_events.runtime.gc_tuning import tune_gc

KERNEL = (
    "append",
    "consume",
    "rebuild",
    "board",
    "catalogue_import",
    "pipeline",
    "front",
    "search",
    "unique_codes",
    "statistics",
    "voucher_checks",
    "pricing",
    "promotions",
    "opt_out",
    "liability",
)
NAMES = (*KERNEL, *system.NAMES)
ONLY_BY_NAME = ("curve",)


async def run_kernel(names: list[str], started: Parts) -> list[Result]:
    results: list[Result] = []
    for name in names:
        console.rule(name)
        module = import_module(f"benchmarks.{name}")
        tune_gc()
        results += await module.run(started)
    return results


def main() -> None:
    names = sys.argv[1:] or [name for name in NAMES if name not in ONLY_BY_NAME]
    if unknown := set(names) - set(NAMES):
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    results: list[Result] = []
    if kernel_names := [name for name in names if name in KERNEL]:
        with parts() as started:
            results += asyncio.run(run_kernel(kernel_names, started))
    results += uvloop.run(system.run_system(names))
    report(results, Path("report") / "benchmarks.json")


if __name__ == "__main__":
    main()
