"""Import of past orders in batches: those of a user in order, many users concurrently."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from zugabe.demo.client import Client
from zugabe.demo.rows import BadRow, Row
from zugabe.demo.shopper import Shopper
from zugabe.errors import StackError
from zugabe_events.domain.backoff import Backoff

MAX_ORDERS = 300
MAX_LINES = 5_000
"""Orders and lines of one batch; checkout takes no more than 500 and 5,000."""

LANES = 4
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
    bad: list[BadRow] = field(default_factory=list)
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
        try:
            for row in rows:
                if isinstance(row, BadRow):
                    self._bad(row)
                else:
                    order = PastOrder(row, self._order_of(row))
                    await lanes[crc32(row.customer.encode()) % LANES].add(order)
            for lane in lanes:
                await lane.finish()
        finally:
            for lane in lanes:
                lane.cancel()
        return self.result

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
    """Batches one after the other, each filled while the one before it is on its way."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._batch: list[PastOrder] = []
        self._lines = 0
        self._sending: asyncio.Task[None] | None = None
        self._tokens: dict[str, str] = {}

    async def add(self, order: PastOrder) -> None:
        lines = len(order.body["lines"])
        if len(self._batch) == MAX_ORDERS or self._lines + lines > MAX_LINES:
            await self._start()
        self._batch.append(order)
        self._lines += lines

    async def finish(self) -> None:
        await self._start()
        await self._sent()

    def cancel(self) -> None:
        if self._sending is not None:
            self._sending.cancel()

    async def _start(self) -> None:
        await self._sent()
        if self._batch:
            self._sending = asyncio.ensure_future(self._send(self._batch, self._tokens))
            self._batch, self._lines = [], 0

    async def _sent(self) -> None:
        if self._sending is not None:
            await self._sending
            self._sending = None


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
