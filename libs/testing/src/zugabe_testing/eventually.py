"""Wait for a condition instead of for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable

TIMEOUT_SECONDS = 120.0
"""Long enough for a machine that is busy with something else."""

INTERVAL_SECONDS = 0.05


async def eventually[Result](
    check: Callable[[], Awaitable[Result]], timeout_seconds: float = TIMEOUT_SECONDS
) -> Result:
    """Repeat a check until its assertions hold; raise the last failure after the timeout."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            return await check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(INTERVAL_SECONDS)
