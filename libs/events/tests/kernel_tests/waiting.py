"""Waiting for what a process knows in memory."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
