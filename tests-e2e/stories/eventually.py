"""What must become true, sooner or later."""

import asyncio
import time
from collections.abc import Awaitable, Callable

PATIENCE_SECONDS = 30.0


async def eventually[Found](
    look: Callable[[], Awaitable[Found]], seconds: float = PATIENCE_SECONDS
) -> Found:
    """What `look` finds once its assertions hold; the last one that did not, when time is up."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await look()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.05)
