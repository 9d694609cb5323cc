"""VO-42: statistics over a real MongoDB are those in memory: days, sums, many users."""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from vouchers.estimate.past_orders import PAST_ORDERS
from vouchers.statistics.revenue import REVENUE, revenue_of
from vouchers.statistics.view import USER_STATISTICS
from zugabe_events.contracts.checkout import OrderLine, OrderPlaced, VoucherApplied
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.views import Between
from zugabe_events.mongo.client import Database, connect, database, deploy_log
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MongoViews, deploy_views, to_document
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_testing.views import InMemoryViews

FIRST = datetime(2026, 4, 30, 22, tzinfo=UTC)
"""The first moment of May in Berlin."""


async def nowhere(token: object) -> LanePosition:
    raise AssertionError(token)


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    async with connect(mongo_url) as client:
        name = f"statistics{uuid4().hex[:12]}"
        yield database(client, name)
        await client.drop_database(name)


@pytest.fixture
def orders(placed: Callable[..., OrderPlaced]) -> list[OrderPlaced]:
    """Four users order every 40 hours, before, in and after May."""
    return [
        placed(
            f"o{number}",
            FIRST + timedelta(hours=number * 10 - 200),
            user=f"u{number % 4}",
            net_cents=1 + number,
            voucher=voucher(f"o{number}/1"),
            lines=(OrderLine(1, "a1", "g1", "b1", 1, 100, 100),),
        )
        for number in range(120)
    ]


def voucher(hold_id: str) -> VoucherApplied:
    return VoucherApplied(
        hold_id=hold_id,
        campaign_id="spring",
        campaign_version=1,
        code="A12345",
        discount_type="fixed",
        base_cents=100,
        discount_cents=10,
        shares=(10,),
        free_shipping=False,
        streams=(),
        explanation="",
    )


async def stored(db: Database, model: AnyReadModel, orders: list[OrderPlaced]) -> tuple[Any, Any]:
    """The same documents in memory and in MongoDB."""
    memory = InMemoryViews(model, [])
    for order in orders:
        memory.fold(order)
    identity = await deploy_log(db, uuid4(), 4)
    await deploy_views(db, model, 1)
    documents = [to_document(key, view, {}) for key, view in memory.documents.items()]
    await db[build_of(model, 1)].insert_many(documents)
    return memory, MongoViews(db, model, ReadYourWrites(db, identity, {}, nowhere))


async def test_the_revenue_within_days_is_added_up(db: Database, orders: list[OrderPlaced]) -> None:
    memory, mongo = await stored(db, REVENUE, orders)
    users = ["u0", "u1", "u3", "unknown"]
    for first, last in (
        (date(2026, 5, 1), date(2026, 5, 31)),
        (date(2026, 4, 30), date(2026, 5, 1)),
        (date(2026, 5, 2), date(2026, 5, 2)),
        (date(1900, 1, 1), date(2200, 12, 31)),
    ):
        found = await revenue_of(mongo, "acme", users, first, last)
        assert found == await revenue_of(memory, "acme", users, first, last)
        assert found["unknown"] == 0
    assert sum(found.values()) == sum(one.net_cents for one in orders if one.user != "u2")


async def test_users_are_listed_and_summed_up(db: Database, orders: list[OrderPlaced]) -> None:
    memory, mongo = await stored(db, USER_STATISTICS, orders)
    where = {"dealer": "acme", "campaign_id": "spring"}
    for sort in ("user", "-revenue_cents", "uses"):
        page = await mongo.page(where, sort=sort, limit=3)
        assert page.items == (await memory.page(where, sort=sort, limit=3)).items
        rest = await mongo.page(where, sort=sort, after=page.next, limit=3)
        assert len(rest.items) == 1
    count, sums = await mongo.sums(where, ("uses", "revenue_cents"))
    assert (count, sums["uses"]) == (4, 120)
    assert sums["revenue_cents"] == sum(one.net_cents for one in orders)


async def test_past_orders_come_in_the_order_of_time(
    db: Database, orders: list[OrderPlaced]
) -> None:
    """N-3: also those of all dealers."""
    memory, mongo = await stored(db, PAST_ORDERS, orders)
    where = {"placed_at": Between(FIRST, FIRST + timedelta(days=31))}
    seen, after = [], None
    while True:
        page = await mongo.page(where, sort="placed_at", after=after, limit=7)
        seen += page.items
        if page.next is None:
            break
        after = page.next
    assert seen == list((await memory.page(where, sort="placed_at", limit=1_000)).items)
    assert await mongo.sums(where, ()) == (len(seen), {})
