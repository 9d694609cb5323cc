"""The demo's import: a user's orders in order, several batches at a time, postponed ones again."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from zugabe.demo import order_import
from zugabe.demo.client import Answer
from zugabe.demo.order_import import LANES, MAX_LINES, MAX_ORDERS, Import, put_newest
from zugabe.demo.rows import BadRow, Row
from zugabe.demo.shopper import Shopper
from zugabe.errors import StackError
from zugabe_events.domain.backoff import Backoff

FIRST = date(1997, 1, 1)


class Checkout:
    """Answers batches; `postponed` and `refused` are order ids, each of which it does so once."""

    def __init__(self) -> None:
        self.placed: dict[str, list[str]] = defaultdict(list)
        self.sizes: list[int] = []
        self.tokens: list[list[str]] = []
        self.postponed: set[str] = set()
        self.refused: set[str] = set()
        self.running: set[str] = set()
        self.most_running = 0

    async def ask(
        self, method: str, service: str, path: str, body: Any, *, tokens: Iterable[str]
    ) -> Answer:
        assert (method, service, path) == ("POST", "checkout", "/order-imports")
        orders = body["orders"]
        users = {order["user"] for order in orders}
        assert not users & self.running, "orders of one user are in two batches at a time"
        self.running |= users
        self.sizes.append(len(orders))
        self.tokens.append(list(tokens))
        self.most_running = max(self.most_running, len(self.running))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.running -= users
        number = len(self.sizes)
        return Answer(200, {"results": list(self._results(orders))}, f"checkout.1.{number}.0")

    def _results(self, orders: list[Any]) -> Iterator[dict[str, str]]:
        waiting: set[str] = set()
        for order in orders:
            user, order_id = order["user"], order["order_id"]
            if order_id in self.postponed or user in waiting:
                self.postponed.discard(order_id)
                waiting.add(user)
                yield {"status": "postponed"}
            elif order_id in self.refused:
                yield {"status": "refused", "code": "code-unknown", "detail": "Nein."}
            else:
                self.placed[user].append(order_id)
                yield {"status": "placed"}


def rows(users: int, each: int, units: int = 1) -> list[Row]:
    return [
        Row(line, line, f"u{line % users}", FIRST + timedelta(line // users), units, 1_000)
        for line in range(users * each)
    ]


def imports(checkout: Checkout, bad: list[BadRow], finished: list[int]) -> Import:
    return Import(checkout, finished.append, bad.append)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_import, "BACKOFF", Backoff(0.0, 0.0))


async def test_every_row_is_placed_once_and_those_of_a_user_in_order() -> None:
    checkout, bad, finished = Checkout(), list[BadRow](), list[int]()
    found = await imports(checkout, bad, finished).run(rows(200, 30))
    assert (found.placed, len(finished), bad) == (6_000, 6_000, [])
    assert len(checkout.placed) == 200
    for placed in checkout.placed.values():
        assert placed == sorted(placed)
        assert len(placed) == 30
    assert max(checkout.sizes) <= MAX_ORDERS
    assert len(checkout.sizes) <= 6_000 / MAX_ORDERS + 3 * LANES
    assert checkout.most_running > MAX_ORDERS / 30 * 2, "several batches at a time"


async def test_a_batch_has_no_more_lines_than_checkout_takes() -> None:
    checkout = Checkout()
    await imports(checkout, [], []).run(rows(10, 20, units=1_000))
    assert max(checkout.sizes) <= MAX_LINES / 1_000
    assert sum(checkout.sizes) == 200


async def test_what_is_postponed_is_sent_again_with_the_tokens_so_far() -> None:
    checkout, finished = Checkout(), list[int]()
    checkout.postponed = {"u0-1997-01-02-1", "u1-1997-01-01-1"}
    found = await imports(checkout, [], finished).run(rows(2, 3))
    assert (found.placed, len(finished)) == (6, 6)
    for user in ("u0", "u1"):
        assert checkout.placed[user] == [f"{user}-1997-01-0{day}-1" for day in (1, 2, 3)]
    assert [] in checkout.tokens
    assert found.tokens == {"checkout.1": f"checkout.1.{len(checkout.sizes)}.0"}
    assert all(token.startswith("checkout.1.") for sent in checkout.tokens for token in sent)
    assert any(checkout.tokens)


async def test_what_is_refused_is_a_bad_row() -> None:
    checkout, bad, finished = Checkout(), list[BadRow](), list[int]()
    checkout.refused = {"u0-1997-01-02-1"}
    found = await imports(checkout, bad, finished).run(rows(1, 3))
    assert (found.placed, found.bad_rows, len(finished)) == (2, 1, 3)
    assert bad == [BadRow(1, 1, "code-unknown: Nein.")]


async def test_an_import_ends_when_an_order_is_postponed_for_good() -> None:
    class Never(Checkout):
        def _results(self, orders: list[Any]) -> Iterator[dict[str, str]]:
            yield from ({"status": "postponed"} for _ in orders)

    with pytest.raises(StackError, match="line 0"):
        await imports(Never(), [], []).run(rows(1, 1))


def test_a_shopper_uses_the_voucher_of_the_first_order_with_the_next_one_that_is_large_enough() -> (
    None
):
    shopper = Shopper()
    used = [
        shopper.buy(Row(1, 1, "u1", FIRST + timedelta(day), 1, cents)).get("voucher_code")
        for day, cents in enumerate((5_000, 999, 1_000, 9_000))
    ]
    assert used == [None, "ZWEITKAUF97", "ZWEITKAUF97", None]


def test_a_shopper_uses_the_reward_as_soon_as_the_points_count() -> None:
    shopper = Shopper(has_code=False)
    days = (0, 13, 14, 15)
    used = [
        shopper.buy(Row(1, 1, "u1", date(1997, 7, 1) + timedelta(day), 1, cents)).get("reward_id")
        for day, cents in zip(days, (50_000, 5_000, 499, 500), strict=True)
    ]
    assert used == [None, None, None, "5-euro-rabatt"]


def test_two_orders_of_a_day_have_different_ids() -> None:
    shopper = Shopper()
    ids = [shopper.buy(Row(1, 1, "u1", FIRST, 1, 100))["order_id"] for _ in range(3)]
    assert ids == ["u1-1997-01-01-1", "u1-1997-01-01-2", "u1-1997-01-01-3"]


def test_the_latest_token_of_each_part_is_kept() -> None:
    tokens: dict[str, str] = {}
    put_newest(tokens, "checkout.1.9.1,checkout.2.5.1")
    put_newest(tokens, "checkout.1.10.0,checkout.2.4.7")
    put_newest(tokens, None)
    assert tokens == {"checkout.1": "checkout.1.10.0", "checkout.2": "checkout.2.5.1"}
