"""Pages of a front against a bare route that reads one document and answers the same bytes."""

import asyncio
import itertools
import random
import socket
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from benchmarks.catalogue import articles, fold, groups, shops
from benchmarks.front_server import BARE
from benchmarks.measuring import Result, absolute, console, in_turns, open_loop, percentiles
from benchmarks.raw_http import RawClient, raw_clients
from benchmarks.samples import fresh_log
from zugabe.ports import HOST
from zugabe.testing import Parts

PAGES = ("header", "shops/brand-0")
BRANDS, THEMES, EACH = 40, 10, 1_000
CONNECTIONS = 16
SECONDS, ROUNDS = 2.0, 5
OPEN_SECONDS = 3.0


async def run(parts: Parts) -> list[Result]:
    async with AsyncExitStack() as stack:
        db, _ = await stack.enter_async_context(fresh_log(parts.mongo))
        catalogue = articles(0, 2 * EACH, BRANDS)
        await fold(db, itertools.chain(groups(), shops(BRANDS, THEMES), catalogue))
        ports = [
            await stack.enter_async_context(serving(kind, parts.mongo, db.name))
            for kind in ("fronts", "bare")
        ]
        ours, raw = [
            await stack.enter_async_context(raw_clients(port, CONNECTIONS)) for port in ports
        ]
        results: list[Result] = []
        for page in PAGES:
            body = await ours[0].get(path_of(page))
            await db[BARE].insert_one({"_id": page, "body": body})
            assert await raw[0].get(path_of(page)) == body
            result = await in_turns(
                f"{page} of {len(body):,} bytes",
                partial(rate, ours, page),
                partial(rate, raw, page),
                bar=0.6,
                rounds=ROUNDS,
            )
            results += [result, await latency(ours, page)]
        return results


def path_of(page: str) -> str:
    return f"/dealers/acme/front/{page}"


async def rate(clients: list[RawClient], page: str) -> float:
    """Answers a second while every connection asks again at once."""
    counts, path = itertools.count(), path_of(page)
    began = time.perf_counter()

    async def ask(client: RawClient) -> None:
        while time.perf_counter() - began < SECONDS:
            await client.get(path)
            next(counts)

    await asyncio.gather(*map(ask, clients))
    return next(counts) / (time.perf_counter() - began)


async def latency(clients: list[RawClient], page: str) -> Result:
    """p99 by p50 at half of the rate of a moment before, in an open loop; the median of rounds."""
    rounds: list[tuple[float, float, float]] = []
    for number in range(ROUNDS):
        with console.status(f"{page}: latency, round {number} of {ROUNDS}"):
            rounds.append(await percentiles_at_half(clients, page))
    ratio, p50, p99 = sorted(rounds)[ROUNDS // 2]
    more = {"p50_ms": p50, "p99_ms": p99}
    return absolute(f"{page}: p99 by p50", ratio, "", at_most=5, more=more)


async def percentiles_at_half(clients: list[RawClient], page: str) -> tuple[float, float, float]:
    """p99 by p50, and both of them in milliseconds."""
    per_second = await rate(clients, page) / 2
    free: asyncio.Queue[RawClient] = asyncio.Queue()
    for client in clients:
        free.put_nowait(client)

    async def ask() -> None:
        client = await free.get()
        await client.get(path_of(page))
        free.put_nowait(client)

    took = percentiles(await open_loop(ask, poisson(per_second)))
    return took[98] / took[49], took[49], took[98]


def poisson(per_second: float) -> Iterator[float]:
    seconds, chance = 0.0, random.Random(7)
    while seconds < OPEN_SECONDS:
        seconds += chance.expovariate(per_second)
        yield seconds


@asynccontextmanager
async def serving(kind: str, url: str, name: str) -> AsyncGenerator[int]:
    """The port of a process that serves."""
    listening = socket.create_server((HOST, 0), backlog=256)
    listening.set_inheritable(True)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.front_server", kind, url, name),
        str(listening.fileno()),
        pass_fds=[listening.fileno()],
    )
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        process.terminate()
        await process.wait()
