"""A little patience between batches: few large ones cost less than many small ones."""

import asyncio

LATE_ENOUGH = 0.002
LATE_FACTOR = 10.0
LATE_AT_MOST = 0.06


class AdaptiveBatching:
    """For each item of the last batch `seconds` are waited for the next one, up to `at_most`.

    Where the machine has more to do than it can, which shows in waking up late, much longer: what
    piles up then is cheaper together.
    """

    def __init__(self, seconds: float, at_most: float) -> None:
        self._seconds = seconds
        self._at_most = at_most
        self._late = 0.0

    async def wait(self, items: int) -> None:
        pause = min(items * self._seconds, self._at_most)
        if pause <= 0:
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(pause)
        late = loop.time() - began - pause
        self._late = 0.8 * self._late + 0.2 * late
        if self._late > LATE_ENOUGH:
            await asyncio.sleep(min(LATE_FACTOR * self._late, LATE_AT_MOST))
