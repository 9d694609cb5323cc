"""A normal user beside 500 hostile connections and 20 greedy users of one service (S3, S5, S12)."""

import asyncio
import itertools
import json
import random
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks.latency import arrivals
from benchmarks.measuring import Result, absolute, console, open_loop, percentiles
from benchmarks.orders import PRICES
from benchmarks.shop import DEALER, Shop, cart

SERVICE = "checkout"
NORMAL, HOSTILE, GREEDY = 20, 500, 20
PER_SECOND, SECONDS, ROUNDS = 10.0, 12.0, 3
GREEDY_LINES = 200
LIMIT_MIB = 512
"""Of the container (docker-compose.yml)."""

ATTACK = Path(__file__).with_name("overload_attack.py")


async def run(shop: Shop) -> list[Result]:
    await shop.open()
    users = itertools.cycle([shop.buyer(f"normal-{number}") for number in range(NORMAL)])
    numbers = itertools.count()

    async def order() -> None:
        user, path = next(users), f"/orders/n-{next(numbers)}"
        await user.must("PUT", SERVICE, path, cart(*PRICES))
        await user.must("GET", SERVICE, "/orders?limit=10")

    async def measured(seed: int) -> list[float]:
        chance = random.Random(seed)
        return await open_loop(order, arrivals(PER_SECOND, SECONDS, chance))

    await measured(0)
    quiet, beside = list[float](), list[float]()
    most = 0.0
    for seed in range(1, ROUNDS + 1):  # in turns, since the machine changes
        with console.status(f"overload: round {seed} of {ROUNDS}"):
            quiet += await measured(seed)
            async with attack(shop):
                watching = asyncio.create_task(memory_of(shop.stack.pids()[SERVICE]))
                beside += await measured(seed)
                watching.cancel()
                most = max(most, await watching)
    before, after = percentiles(quiet)[98], percentiles(beside)[98]
    name = f"order and list beside {HOSTILE} hostile connections and {GREEDY} greedy users"
    return [
        absolute("order and list alone, p99", before, " ms"),
        absolute(f"{name}, p99", after, " ms"),
        absolute(f"{name}, p99 by that alone", after / before, "", at_most=2),
        absolute(f"memory of {SERVICE} meanwhile", most, " MiB", at_most=LIMIT_MIB),
    ]


async def memory_of(pid: int) -> float:
    """The most that a process uses until this is cancelled, in MiB."""
    most, process = 0.0, psutil.Process(pid)
    try:
        while True:
            most = max(most, process.memory_full_info().uss / 2**20)
            await asyncio.sleep(0.25)
    except asyncio.CancelledError:
        return most


@asynccontextmanager
async def attack(shop: Shop) -> AsyncGenerator[None]:
    """In a process of its own, whose work is not in the way of the measurement."""
    tokens = [
        shop.stack.token(
            "user", user=f"greedy-{number}", dealer=DEALER, customer="k1", rights=["set-prices"]
        )
        for number in range(GREEDY)
    ]
    place = urlsplit(shop.stack.addresses[SERVICE])
    orders = json.dumps(cart(*[1_000] * GREEDY_LINES))
    given = {"host": place.hostname, "port": place.port, "dealer": DEALER, "hostile": HOSTILE}
    process = await asyncio.create_subprocess_exec(
        sys.executable, ATTACK, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write((json.dumps(given | {"tokens": tokens, "cart": orders}) + "\n").encode())
    try:
        await process.stdout.readline()  # all of them have begun
        yield
    finally:
        process.stdin.close()
        told = (await process.stdout.read()).decode().strip()
        await process.wait()
        console.print(f"the attack was answered {told}")
