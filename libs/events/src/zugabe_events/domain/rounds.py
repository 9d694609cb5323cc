"""Work in the background that is looked for again and again, and at once when somebody asks."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

INTERVAL_SECONDS = 2.0


class Rounds:
    """`run_due` does all that is due and not in the hands of another process.

    What is interrupted goes on in whichever process looks next. `what` names it in logs.
    """

    def __init__(self, what: str, run_due: Callable[[], Awaitable[None]]) -> None:
        self._what = what
        self._run_due = run_due
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There is something new to do."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self._run_due()
            except Exception as error:
                log.warning("looking for %s: %s: %s", self._what, type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(INTERVAL_SECONDS):
                    await self._wake.wait()
