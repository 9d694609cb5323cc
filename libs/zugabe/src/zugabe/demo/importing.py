"""Import of past orders: those of a user one after the other, many users concurrently."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from zugabe.demo.client import Client, RefusedError
from zugabe.demo.rows import BadRow, Row
from zugabe.demo.world import CUSTOMER, REWARD, REWARD_CENTS, REWARD_POINTS, VALID_FROM
from zugabe_events.domain.calendar import noon_of
from zugabe_events.domain.money import split_evenly

MAX_PENDING_ROWS = 600
MAX_IN_FLIGHT = 100
MAX_USERS = 20_000


@dataclass(slots=True)
class UserProgress:
    """Progress of a user: the day of the last order, its number that day, and tokens to see it."""

    day: date
    of_day: int
    tokens: tuple[str, ...] = ()
    turn: asyncio.Task[None] | None = None


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
        self._users: OrderedDict[str, UserProgress] = OrderedDict()
        self._at_once = asyncio.Semaphore(MAX_IN_FLIGHT)
        self._all_users_new = False
        self.result = Imported()

    async def run(self, rows: Iterable[Row | BadRow]) -> Imported:
        """Import all rows, a window of them at a time; rows of a user must come in order."""
        buyers = await self._staff.ask("GET", "checkout", "/buyers", query={"limit": "1"})
        self._all_users_new = not buyers.body["items"]
        running: set[asyncio.Task[None]] = set()
        try:
            for row in rows:
                if isinstance(row, BadRow):
                    self._bad(row)
                    continue
                running.add(self._start(row))
                if len(running) >= MAX_PENDING_ROWS:
                    done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        task.result()
            for finished in asyncio.as_completed(running):
                await finished
        finally:
            for task in running:
                task.cancel()
        return self.result

    def _bad(self, row: BadRow) -> None:
        self.result.bad_rows += 1
        self._on_bad_row(row)
        self._on_row(row.end)

    def _start(self, row: Row) -> asyncio.Task[None]:
        user = self._users.get(row.customer)
        if user is None:
            user = self._users[row.customer] = UserProgress(row.day, 0)
        elif user.day == row.day:
            user.of_day += 1
        else:
            user.day, user.of_day = row.day, 0
        self._users.move_to_end(row.customer)
        task = asyncio.create_task(self._place(row, user, user.of_day, user.turn))
        user.turn = task
        self._evict_oldest_users()
        return task

    def _evict_oldest_users(self) -> None:
        """Forget the oldest users; when they return, they count as users with earlier orders."""
        while len(self._users) > MAX_USERS:
            _, oldest = next(iter(self._users.items()))
            if oldest.turn is not None and not oldest.turn.done():
                return
            self._users.popitem(last=False)
            self._all_users_new = False

    async def _place(
        self, row: Row, user: UserProgress, of_day: int, before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._at_once:
            first = self._all_users_new and not user.tokens
            placed_at = noon_of(row.day) + timedelta(seconds=of_day)
            order = order_of(row, placed_at)
            try:
                if not first:
                    await self._add_discounts(order, row, placed_at, user.tokens)
                await self._order(row, of_day, order, user)
            except RefusedError as error:
                self._bad(BadRow(row.line, row.end, str(error)))
        if user.turn is asyncio.current_task():
            user.turn = None
        self._on_row(row.end)

    async def _order(
        self, row: Row, of_day: int, order: dict[str, Any], user: UserProgress
    ) -> None:
        path = f"/orders/{row.customer}-{row.day}-{of_day + 1}"
        try:
            answer = await self._staff.ask("PUT", "checkout", path, order)
        except RefusedError as error:
            if error.code != "already-ordered":
                raise
            self.result.there_already += 1
            return
        self.result.placed += 1
        if answer.token is not None:
            user.tokens = (answer.token,)
            part = answer.token.rsplit(".", 2)[0]
            self.result.tokens[part] = max(
                self.result.tokens.get(part, ""), answer.token, key=moment
            )

    async def _add_discounts(
        self, order: dict[str, Any], row: Row, placed_at: datetime, tokens: Iterable[str]
    ) -> None:
        """Add the user's voucher, and the reward if they have enough points."""
        code, points = await asyncio.gather(
            self._unused_code(row, tokens), self._active_points(row.customer, placed_at, tokens)
        )
        if code is not None:
            order["voucher_code"] = code
        if points >= REWARD_POINTS and await self._left_to_pay(order) >= REWARD_CENTS:
            order["reward_id"] = REWARD

    async def _unused_code(self, row: Row, tokens: Iterable[str]) -> str | None:
        path = f"/users/{row.customer}/vouchers"
        vouchers = (await self._staff.ask("GET", "vouchers", path, tokens=tokens)).body["items"]
        for voucher in vouchers:
            if (
                voucher["status"] == "unused"
                and VALID_FROM <= f"{row.day}" <= voucher["valid_until"]
            ):
                code: str = voucher["code"]
                return code
        return None

    async def _active_points(
        self, customer: str, placed_at: datetime, tokens: Iterable[str]
    ) -> int:
        try:
            account = await self._staff.ask(
                "GET",
                "bonus",
                f"/accounts/{customer}",
                tokens=tokens,
                query={"at": placed_at.isoformat()},
            )
        except RefusedError:
            return 0
        points: int = account.body["active_points"]
        return points

    async def _left_to_pay(self, order: dict[str, Any]) -> int:
        """Return the cents left after the voucher, or without it if it would be refused."""
        cart = {name: value for name, value in order.items() if name != "if_refused"}
        quote = (await self._staff.ask("POST", "checkout", "/quotes", cart)).body
        left: int = quote["net_cents"]
        return left


def order_of(row: Row, placed_at: datetime) -> dict[str, Any]:
    """Build an order with one line per unit; the first lines take the odd cents."""
    return {
        "user": row.customer,
        "customer": CUSTOMER,
        "placed_at": placed_at.isoformat(),
        "if_refused": "order-without",
        "lines": [
            {
                "article": "CD",
                "product_group": "Musik",
                "brand": "CDNOW",
                "quantity": 1,
                "unit_cents": cents,
            }
            for cents in split_evenly(row.cents, row.units)
        ],
    }


def moment(token: str) -> tuple[int, int]:
    """Return the cluster time of a token, which orders the tokens of one part."""
    if not token:
        return (0, 0)
    _, seconds, increment = token.rsplit(".", 2)
    return (int(seconds), int(increment))
