"""Import of past orders in batches: those of a user in order, many users concurrently."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from zugabe.demo.client import Client
from zugabe.demo.rows import BadRow, Row
from zugabe.demo.shopper import Shopper
from zugabe.errors import StackError
from zugabe_events.domain.backoff import Backoff

MAX_ORDERS = 250
MAX_LINES = 5_000
"""Orders and lines of one batch; checkout takes no more than 500 and 5,000."""

LANES = 8
"""Batches in flight; a user's orders are all in the same lane."""

MAX_SHOPPERS = 20_000
"""The ones who bought longest ago are forgotten; when they return, it is as a first purchase."""

BACKOFF = Backoff(0.2, 5.0)
MAX_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class PastOrder:
    row: Row
    body: dict[str, Any]


@dataclass(slots=True)
class Imported:
    """Result of an import; `tokens` has the latest consistency token of each part of the log."""

    placed: int = 0
    there_already: int = 0
    bad_rows: int = 0
    tokens: dict[str, str] = field(default_factory=dict)


class Import:
    """`on_row` is called for every finished row, `on_bad_row` before that for a bad one."""

    def __init__(
        self, staff: Client, on_row: Callable[[int], None], on_bad_row: Callable[[BadRow], None]
    ) -> None:
        self._staff = staff
        self._on_row = on_row
        self._on_bad_row = on_bad_row
        self._shoppers: OrderedDict[str, Shopper] = OrderedDict()
        self.result = Imported()

    async def run(self, rows: Iterable[Row | BadRow]) -> Imported:
        """Import all rows, some batches at a time; rows of a user must come in order."""
        lanes = [Lane(self._send) for _ in range(LANES)]
        tasks = [asyncio.create_task(lane.run()) for lane in lanes]
        tasks.append(asyncio.create_task(self._read(rows, lanes)))
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
        return self.result

    async def _read(self, rows: Iterable[Row | BadRow], lanes: Sequence["Lane"]) -> None:
        for row in rows:
            if isinstance(row, BadRow):
                self._bad(row)
            else:
                lane = lanes[crc32(row.customer.encode()) % LANES]
                await lane.waiting.put(PastOrder(row, self._order_of(row)))
        for lane in lanes:
            await lane.waiting.put(None)

    def _bad(self, row: BadRow) -> None:
        self.result.bad_rows += 1
        self._on_bad_row(row)
        self._on_row(row.end)

    def _order_of(self, row: Row) -> dict[str, Any]:
        shopper = self._shoppers.setdefault(row.customer, Shopper())
        self._shoppers.move_to_end(row.customer)
        if len(self._shoppers) > MAX_SHOPPERS:
            self._shoppers.popitem(last=False)
        return shopper.buy(row)

    async def _send(self, batch: Sequence[PastOrder], tokens: dict[str, str]) -> None:
        """Send a batch until none of its orders is postponed; its tokens are put into `tokens`."""
        for attempt in range(MAX_ATTEMPTS):
            if attempt:
                await asyncio.sleep(BACKOFF.wait(attempt))
            body = {"orders": [order.body for order in batch]}
            answer = await self._staff.ask(
                "POST", "checkout", "/order-imports", body, tokens=tokens.values()
            )
            for newest in (tokens, self.result.tokens):
                put_newest(newest, answer.token)
            results = answer.body["results"]
            batch = [
                order
                for order, result in zip(batch, results, strict=True)
                if self._is_postponed(order.row, result)
            ]
            if not batch:
                return
        raise StackError(f"checkout does not take the order in line {batch[0].row.line}.")

    def _is_postponed(self, row: Row, result: dict[str, Any]) -> bool:
        """Count a final result."""
        match result["status"]:
            case "postponed":
                return True
            case "refused":
                self._bad(BadRow(row.line, row.end, f"{result['code']}: {result['detail']}"))
                return False
            case "placed":
                self.result.placed += 1
            case _:
                self.result.there_already += 1
        self._on_row(row.end)
        return False


type Send = Callable[[Sequence[PastOrder], dict[str, str]], Awaitable[None]]


class Lane:
    """Sends the orders of its users in batches, one after the other, until it gets None.

    A batch has what has come meanwhile.
    """

    def __init__(self, send: Send) -> None:
        self.waiting: asyncio.Queue[PastOrder | None] = asyncio.Queue(MAX_ORDERS)
        self._send = send
        self._orders: deque[PastOrder] = deque()
        self._tokens: dict[str, str] = {}
        self._ended = False

    async def run(self) -> None:
        while not self._ended or self._orders:
            if not self._orders:
                self._add(await self.waiting.get())
            while len(self._orders) < MAX_ORDERS and not self.waiting.empty():
                self._add(self.waiting.get_nowait())
            if self._orders:
                await self._send(self._batch(), self._tokens)

    def _add(self, order: PastOrder | None) -> None:
        if order is None:
            self._ended = True
        else:
            self._orders.append(order)

    def _batch(self) -> Sequence[PastOrder]:
        batch: list[PastOrder] = []
        lines = 0
        while self._orders and len(batch) < MAX_ORDERS:
            lines += len(self._orders[0].body["lines"])
            if lines > MAX_LINES:
                break
            batch.append(self._orders.popleft())
        return batch


def put_newest(tokens: dict[str, str], header: str | None) -> None:
    """Keep the latest token of each part of the log."""
    for token in header.split(",") if header else ():
        part = token.rsplit(".", 2)[0]
        tokens[part] = max(tokens.get(part, ""), token, key=moment)


def moment(token: str) -> tuple[int, int]:
    """Return the cluster time of a token, which orders the tokens of one part."""
    if not token:
        return (0, 0)
    _, seconds, increment = token.rsplit(".", 2)
    return (int(seconds), int(increment))
