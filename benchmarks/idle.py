"""Time to start the whole system, and its memory and CPU while idle."""

import asyncio
import time

from benchmarks.measuring import Result, absolute, console, split
from benchmarks.shop import OWN_PROCESSES, a_shop

SETTLE_SECONDS, WATCH_SECONDS = 20, 40


async def run() -> list[Result]:
    began = time.perf_counter()
    async with a_shop() as shop:
        started = time.perf_counter() - began
        with console.status("idle: settling"):
            await asyncio.sleep(SETTLE_SECONDS)
        with console.status("idle: watching"), shop.used() as used:
            await asyncio.sleep(WATCH_SECONDS)
        memory = shop.memory_mib()
    busy = {name: 100 * used.cpu[name] / used.seconds for name in OWN_PROCESSES}
    console.print(split(memory, "MiB"))
    console.print(split(busy, "%"))
    return [
        absolute("start of the whole system", started, " s", at_most=60),
        absolute("idle memory, ours", sum(memory.values()), " MiB", at_most=400, more=memory),
        absolute("idle CPU, ours, of a core", sum(busy.values()), " %", at_most=3, more=busy),
    ]
