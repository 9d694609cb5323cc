"""Combine requests that arrive while others are in flight into larger ones."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial

MIN_BATCH = 8
"""Items of a batch before another one of the free batches is used."""

CROWD = 48
"""Items waiting or in flight from which on one large batch costs less than several small ones."""

STALL_SECONDS = 0.05
"""Time after which a batch in flight no longer keeps a crowd waiting."""


@dataclass(slots=True)
class PendingItem[Item, Result]:
    item: Item
    answer: asyncio.Future[Result]


class Batcher[Item, Result]:
    """Calls `send` with batches of up to `max_size` items, at most `max_in_flight` at a time.

    While many items wait, the next batch starts when the one before it has returned or stalls.
    `send` returns one result or exception per item, in order. Two items of one `lane` are never in
    the same batch. Every item gets an answer, also if `send` itself fails.
    """

    def __init__(
        self,
        send: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
        *,
        lane: Callable[[Item], Hashable] | None = None,
        max_in_flight: int = 3,
        max_size: int = 200,
    ) -> None:
        self._send = send
        self._lane = lane
        self._max_in_flight = max_in_flight
        self._max_size = max_size
        self._pending: list[PendingItem[Item, Result]] = []
        self._running: dict[asyncio.Task[None], float] = {}
        self._in_flight = 0
        self._stall: asyncio.TimerHandle | None = None
        self._scheduled = False

    async def do(self, item: Item) -> Result:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        self._pending.append(PendingItem(item, answer))
        if not self._scheduled:
            self._scheduled = True
            loop.call_soon(self._start_batches)
        return await answer

    def _start_batches(self) -> None:
        self._scheduled = False
        while self._pending and (free := self._free()) > 0:
            share = max(MIN_BATCH, -(-len(self._pending) // free))
            batch = self._take(min(share, self._max_size))
            task = asyncio.create_task(self._run(batch))
            self._running[task] = asyncio.get_running_loop().time()
            self._in_flight += len(batch)
            task.add_done_callback(partial(self._ended, size=len(batch)))

    def _free(self) -> int:
        """The number of batches among which the waiting items are divided now."""
        free = self._max_in_flight - len(self._running)
        if len(self._pending) + self._in_flight < CROWD:
            return free
        if not self._running:
            return 1
        now = asyncio.get_running_loop().time()
        stalls = max(self._running.values()) + STALL_SECONDS
        if now >= stalls:
            return min(free, 1)
        self._look_again(stalls)
        return 0

    def _look_again(self, when: float) -> None:
        if self._stall is not None:
            self._stall.cancel()
        self._stall = asyncio.get_running_loop().call_at(when, self._start_batches)

    def _ended(self, task: asyncio.Task[None], size: int) -> None:
        del self._running[task]
        self._in_flight -= size
        self._start_batches()

    def _take(self, size: int) -> list[PendingItem[Item, Result]]:
        if self._lane is None:
            batch, self._pending = self._pending[:size], self._pending[size:]
            return batch
        batch, left, lanes = [], [], set()
        for pending in self._pending:
            lane = self._lane(pending.item)
            if len(batch) < size and lane not in lanes:
                lanes.add(lane)
                batch.append(pending)
            else:
                left.append(pending)
        self._pending = left
        return batch

    async def _run(self, batch: list[PendingItem[Item, Result]]) -> None:
        try:
            results = await self._send([pending.item for pending in batch])
            for pending, result in zip(batch, results, strict=True):
                if pending.answer.done():
                    continue
                if isinstance(result, Exception):
                    pending.answer.set_exception(result)
                else:
                    pending.answer.set_result(result)
        except BaseException as error:
            for pending in batch:
                if not pending.answer.done():
                    failure = error if isinstance(error, Exception) else ConnectionError("stopped")
                    pending.answer.set_exception(failure)
            if not isinstance(error, Exception):
                raise
