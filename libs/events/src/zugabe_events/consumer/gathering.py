"""Messages that wait for more, for consumers whose effects nobody needs at once.

A batch costs requests to MongoDB for each consumer with an effect, however small it is. Messages
wait in memory only. Whoever drops them must have the consumer read on from its checkpoints.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from zugabe_events.consumer.registration import ByLane, Registration

GATHER_SECONDS = 1.0
MAX_GATHERED = 500
"""Messages for which nothing waits any longer."""
HURRY_SECONDS = 1.0
"""The time for which a consumer gets messages at once after a query waited for it."""


class Gathering:
    """Decides what consumers that gather are given with each batch of a feed."""

    def __init__(self, give: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """`give` takes a batch without messages, with which comes what has been gathered."""
        self._give = give
        self._giving: set[asyncio.Task[None]] = set()
        self._held: dict[Registration, ByLane] = {}
        self._hurried_until: dict[Registration, float] = {}
        self._everyone_until = 0.0
        self._size = 0
        self._timer: asyncio.TimerHandle | None = None
        self._is_due = False
        self._is_ripe = False

    def begin(self, messages: int) -> None:
        """A batch begins, with so many messages."""
        self._size += messages
        self._is_ripe = self._is_due or self._size >= MAX_GATHERED
        if self._is_ripe:
            self._size, self._is_due = 0, False
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def next(self, registration: Registration, own: ByLane) -> ByLane:
        """The messages a consumer is given with this batch: with those that waited, or none."""
        if not registration.gathers:
            return own
        held = self._held.pop(registration, {})
        for lane, messages in own.items():
            held.setdefault(lane, []).extend(messages)
        if self._is_ripe or self._is_hurried(registration) or not held:
            return held
        self._held[registration] = held
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._ripen)
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

    def clear(self) -> None:
        self._held.clear()

    def _is_hurried(self, registration: Registration) -> bool:
        until = max(self._everyone_until, self._hurried_until.get(registration, 0.0))
        return time.monotonic() < until

    def _ripen(self) -> None:
        self._timer, self._is_due = None, True
        if self._held:
            self._start_giving()

    def _start_giving(self) -> None:
        task = asyncio.create_task(self._give())
        self._giving.add(task)
        task.add_done_callback(self._giving.discard)
