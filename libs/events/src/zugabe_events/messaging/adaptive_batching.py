"""Short delays between batches: few large batches cost less than many small ones."""

import asyncio

OVERLOAD_MIN_LATENESS_SECONDS = 0.002
OVERLOAD_FACTOR = 10.0
OVERLOAD_MAX_DELAY_SECONDS = 0.06


class AdaptiveBatching:
    """Delays the next batch by `seconds` for each item of the last one, up to `maximum`.

    On an overloaded machine, which shows in waking up late, the delay is much longer.
    """

    def __init__(self, seconds: float, maximum: float) -> None:
        self._seconds = seconds
        self._maximum = maximum
        self._lateness = 0.0

    async def wait(self, items: int, times: float = 1.0) -> None:
        """`times` as long, where others take their share of the items."""
        pause = times * min(items * self._seconds, self._maximum)
        if pause <= 0:
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(pause)
        late = loop.time() - began - pause
        self._lateness = 0.8 * self._lateness + 0.2 * late
        if self._lateness > OVERLOAD_MIN_LATENESS_SECONDS:
            delay = min(OVERLOAD_FACTOR * self._lateness, OVERLOAD_MAX_DELAY_SECONDS)
            await asyncio.sleep(times * delay)
