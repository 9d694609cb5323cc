"""Messages that wait for more, for consumers whose effects nobody needs at once.

A batch costs requests to MongoDB for each consumer with an effect, however small it is. Messages
wait in memory only. Whoever drops them must have the consumer read on from its checkpoints.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from zugabe_events.consumer.registration import ByLane, Registration

MAX_GATHERED = 500
"""Messages for which nothing waits any longer."""
JOINING = 0.2
"""The part of its time by which a consumer may be early, to share a transaction with others."""
HURRY_SECONDS = 1.0
"""The time for which a consumer gets messages at once after a query waited for it."""


class Gathering:
    """Decides what consumers that gather are given with each batch of a feed."""

    def __init__(self, give: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """`give` takes a batch without messages, with which comes what has been gathered."""
        self._give = give
        self._giving: set[asyncio.Task[None]] = set()
        self._held: dict[Registration, ByLane] = {}
        self._since: dict[Registration, float] = {}
        self._hurried_until: dict[Registration, float] = {}
        self._everyone_until = 0.0
        self._size = 0
        self._is_full = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, messages: int) -> None:
        """A batch begins, with so many messages."""
        self._size += messages
        self._is_full = self._size >= MAX_GATHERED
        if self._is_full:
            self._size = 0

    def next(self, registration: Registration, own: ByLane) -> ByLane:
        """The messages a consumer is given with this batch: with those that waited, or none."""
        if not registration.gathers:
            return own
        now = time.monotonic()
        held = self._held.pop(registration, {})
        since = self._since.pop(registration, now)
        for lane, messages in own.items():
            held.setdefault(lane, []).extend(messages)
        is_ripe = now >= since + (1 - JOINING) * registration.gathers
        if not held or is_ripe or self._is_full or self._is_hurried(registration):
            return held
        self._held[registration], self._since[registration] = held, since
        self._wake_at(since + registration.gathers)
        return {}

    def hurry(self, registration: Registration | None = None) -> None:
        """Give one consumer, or all, what waits for it, and for a while what comes."""
        until = time.monotonic() + HURRY_SECONDS
        if registration is None:
            self._everyone_until = until
        elif registration.gathers:
            self._hurried_until[registration] = until
        if any(map(self._is_hurried, self._held)):
            self._start_giving()

    def drop(self, registration: Registration) -> None:
        self._held.pop(registration, None)
        self._since.pop(registration, None)

    def clear(self) -> None:
        self._held.clear()
        self._since.clear()

    async def close(self) -> None:
        """Drop everything, after what is being given now."""
        await asyncio.gather(*self._giving, return_exceptions=True)
        self.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _is_hurried(self, registration: Registration) -> bool:
        until = max(self._everyone_until, self._hurried_until.get(registration, 0.0))
        return time.monotonic() < until

    def _wake_at(self, when: float) -> None:
        """`when` is monotonic, as the loop's clock is."""
        if self._timer is None or when < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_at(when, self._wake)

    def _wake(self) -> None:
        self._timer = None
        if self._held:
            self._start_giving()

    def _start_giving(self) -> None:
        task = asyncio.create_task(self._give())
        self._giving.add(task)
        task.add_done_callback(self._giving.discard)
