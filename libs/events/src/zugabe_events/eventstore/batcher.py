"""Combine requests that arrive while others are in flight into larger ones."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass

MIN_BATCH = 8
"""Items of a batch before another one of the free batches is used."""


@dataclass(slots=True)
class PendingItem[Item, Result]:
    item: Item
    answer: asyncio.Future[Result]


class Batcher[Item, Result]:
    """Calls `send` with batches of up to `max_size` items, at most `max_in_flight` at a time.

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
        self._running: set[asyncio.Task[None]] = set()
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
        while self._pending and len(self._running) < self._max_in_flight:
            free = self._max_in_flight - len(self._running)
            share = max(MIN_BATCH, -(-len(self._pending) // free))
            task = asyncio.create_task(self._run(self._take(min(share, self._max_size))))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
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
