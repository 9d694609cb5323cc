"""Latency of orders that come at a fixed rate, however long answers take (an open loop)."""

import itertools
import random
from collections.abc import Iterator

from benchmarks.measuring import Result, absolute, console, open_loop, percentiles
from benchmarks.orders import load_of
from benchmarks.shop import Shop

BUYERS = 64
MAXIMUM_SECONDS, SECONDS = 8.0, 20.0
SHARE = 1 / 3
"""Of the rate that the same buyers reach just before."""


async def run(shop: Shop) -> list[Result]:
    with console.status("latency"):
        load = await load_of(shop, BUYERS)
        used = await load.run(MAXIMUM_SECONDS)
        per_second = SHARE * len(load.milliseconds) / used.seconds
        users = itertools.cycle([user for group in load.buyers for user in group])
        milliseconds = await open_loop(
            lambda: next(users).order(), arrivals(per_second, SECONDS, random.Random(1))
        )
    ms = percentiles(milliseconds)
    name, more = "placing at a third of the maximum rate", {"orders_per_second": per_second}
    return [
        absolute(f"{name}, p50", ms[49], " ms", more=more),
        absolute(f"{name}, p99", ms[98], " ms"),
    ]


def arrivals(per_second: float, seconds: float, chance: random.Random) -> Iterator[float]:
    """Yield the times of a Poisson process, in seconds from its beginning."""
    at = chance.expovariate(per_second)
    while at < seconds:
        yield at
        at += chance.expovariate(per_second)
