"""Benchmarks of the whole system, of any installation."""

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import demo, floor, history, hot, idle, latency, orders, overload, replicas
from benchmarks.measuring import Result, console
from benchmarks.shop import Shop, a_shop

ON_ONE_STACK: Mapping[str, Callable[[Shop], Awaitable[list[Result]]]] = {
    "idle": idle.run,
    "orders": orders.run,
    "curve": orders.curve,
    "requests": orders.by_process,
    "floor": floor.run,
    "latency": latency.run,
    "replicas": replicas.run,
    "hot": hot.run,
    "overload": overload.run,
}
ALONE: Mapping[str, Callable[[Path], Awaitable[list[Result]]]] = {
    "demo": demo.run,
    "history": history.run,
}
NAMES = (*ON_ONE_STACK, *ALONE)


async def run_system(names: Sequence[str], python: Path = Path(sys.executable)) -> list[Result]:
    """Run benchmarks of the installation that `python` belongs to, in the order above."""
    results: list[Result] = []
    if sharing := [name for name in ON_ONE_STACK if name in names]:
        async with a_shop(python) as shop:
            for name in sharing:
                console.rule(name)
                results += await ON_ONE_STACK[name](shop)
    for name in ALONE:
        if name in names:
            console.rule(name)
            results += await ALONE[name](python)
    return results
