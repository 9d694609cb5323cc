"""Time to start the whole system, and its memory and CPU while idle."""

import asyncio

from benchmarks.measuring import Result, absolute, console, split
from benchmarks.shop import OWN_PROCESSES, Shop

SETTLE_SECONDS, WATCH_SECONDS = 20, 30


async def run(shop: Shop) -> list[Result]:
    with console.status("idle: settling"):
        await asyncio.sleep(SETTLE_SECONDS)
    with console.status("idle: watching"):
        async with shop.used() as used:
            await asyncio.sleep(WATCH_SECONDS)
    memory = shop.memory_mib()
    busy = {name: 100 * seconds / used.seconds for name, seconds in used.cpu.items()}
    ours = sum(busy[name] for name in OWN_PROCESSES)
    console.print(split(memory, "MiB"))
    console.print(split(busy, "%"))
    return [
        absolute("start of the whole system", shop.started_in, " s", at_most=60),
        absolute("idle memory, ours", sum(memory.values()), " MiB", at_most=400, more=memory),
        absolute("idle CPU, ours, of a core", ours, " %", at_most=3, more=busy),
        absolute("idle CPU with MongoDB and Kafka", sum(busy.values()), " %"),
    ]
