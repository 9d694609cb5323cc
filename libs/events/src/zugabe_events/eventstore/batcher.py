"""Many small requests, few large ones: what waits while others are on their way goes together."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass

WORTH_A_GROUP = 8
"""So many items go together although a group of their own would be free."""


@dataclass(slots=True)
class Waiting[Item, Result]:
    item: Item
    answer: asyncio.Future[Result]


class Batcher[Item, Result]:
    """Calls `send` with groups of items, at most `in_flight` groups at a time.

    `send` answers one result or exception per item, in order. Two items of one `lane` never travel
    in the same group. Every item gets an answer, also when `send` itself fails.
    """

    def __init__(
        self,
        send: Callable[[Sequence[Item]], Awaitable[Sequence[Result | Exception]]],
        *,
        lane: Callable[[Item], Hashable] | None = None,
        in_flight: int = 3,
        size: int = 200,
    ) -> None:
        self._send = send
        self._lane = lane
        self._in_flight = in_flight
        self._size = size
        self._waiting: list[Waiting[Item, Result]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._woken = False

    async def do(self, item: Item) -> Result:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        waiting = Waiting(item, answer)
        self._waiting.append(waiting)
        if not self._woken:
            self._woken = True
            loop.call_soon(self._start_groups)
        return await answer

    def _start_groups(self) -> None:
        self._woken = False
        while self._waiting and len(self._running) < self._in_flight:
            free = self._in_flight - len(self._running)
            share = max(WORTH_A_GROUP, -(-len(self._waiting) // free))
            task = asyncio.create_task(self._run(self._take(min(share, self._size))))
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._start_groups()

    def _take(self, size: int) -> list[Waiting[Item, Result]]:
        if self._lane is None:
            group, self._waiting = self._waiting[:size], self._waiting[size:]
            return group
        group, left, lanes = [], [], set()
        for waiting in self._waiting:
            lane = self._lane(waiting.item)
            if len(group) < size and lane not in lanes:
                lanes.add(lane)
                group.append(waiting)
            else:
                left.append(waiting)
        self._waiting = left
        return group

    async def _run(self, group: list[Waiting[Item, Result]]) -> None:
        try:
            results = await self._send([waiting.item for waiting in group])
            for waiting, result in zip(group, results, strict=True):
                if waiting.answer.done():
                    continue
                if isinstance(result, Exception):
                    waiting.answer.set_exception(result)
                else:
                    waiting.answer.set_result(result)
        except BaseException as error:
            for waiting in group:
                if not waiting.answer.done():
                    failure = error if isinstance(error, Exception) else ConnectionError("stopped")
                    waiting.answer.set_exception(failure)
            if not isinstance(error, Exception):
                raise
