"""How many requests to MongoDB an order takes: they are most of what it costs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from checkout_tests.fakes import LINES, NOON, Shop

from checkout.catalogue.catalogue import Catalogue
from checkout.catalogue.view import CATALOGUE
from checkout.main import SERVICE
from checkout.numbers.allocator import OrderNumbers
from zugabe_events.domain.consistency_token import Token
from zugabe_events.mongo.client import connect, database, deploy_log
from zugabe_events.projections import builds
from zugabe_events.projections.mongo_views import (
    DocumentFold,
    MongoViews,
    ProjectionEffect,
    deploy_views,
)
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_testing.counted_store import Requests, counted_store


@pytest.fixture
async def requests(mongo_url: str, shop: Shop) -> AsyncGenerator[Requests]:
    async with counted_store(mongo_url, SERVICE.own) as (store, requests):
        shop.store = store  # type: ignore[assignment]  # instead of the one in memory
        shop.numbers = OrderNumbers(store, uuid4)
        assert (await shop.place("o0", caller="bert")).status_code == 201
        requests.taken()
        yield requests


async def test_an_order_is_one_write(requests: Requests, shop: Shop) -> None:
    assert (await shop.place("o1", caller="bert")).status_code == 201
    assert requests.taken() == ["insert"]


async def test_an_order_with_voucher_and_reward_is_two_writes(
    requests: Requests, shop: Shop
) -> None:
    """The attempt before the holds, the order after them; nothing has to be read."""
    answer = await shop.place("o1", caller="bert", voucher_code="TEN", reward_id="fiver")
    assert answer.status_code == 201
    assert requests.taken() == ["insert", "insert"]


async def test_a_batch_of_past_orders_shares_its_writes(requests: Requests, shop: Shop) -> None:
    """X-30: first all users' first orders, then all second ones."""
    orders = [
        {
            "order_id": f"p{number}",
            "user": f"u{number % 50}",
            "customer": "c1",
            "placed_at": (NOON - timedelta(days=200 - number)).isoformat(),
            "lines": LINES,
        }
        for number in range(100)
    ]
    answer = await shop.ask("POST", "/order-imports", {"orders": orders}, "service")
    assert {one["status"] for one in answer.json()["results"]} == {"placed"}
    names = requests.taken()
    assert set(names) == {"insert"}
    assert len(names) <= 12, "groups of at least eight"


async def test_an_order_at_the_prices_of_the_catalogue_is_one_query_and_one_write(
    requests: Requests, shop: Shop, mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Q34: whatever its number of lines; labels are remembered for a moment."""
    monkeypatch.setattr(builds, "LOOKUP_INTERVAL_SECONDS", 600.0)
    async with catalogue_in(shop, requests, mongo_url) as catalogue:
        shop.catalogue = catalogue
        lines = [{"article": f"{number}", "quantity": 3} for number in range(1, 31)]
        assert (await shop.quote("otto", lines=lines)).status_code == 200
        requests.taken()
        order = await shop.place("o1", caller="otto", lines=lines)
        assert (order.status_code, order.json()["goods_cents"]) == (201, 30 * 1_500)
        assert order.json()["lines"][0]["from_catalogue"]["groups"] == ["1.2", "1"]
        assert requests.taken() == ["find", "insert"]
        assert (await shop.quote("otto", lines=lines)).status_code == 200
        assert requests.taken() == ["find"]


@asynccontextmanager
async def catalogue_in(shop: Shop, requests: Requests, mongo_url: str) -> AsyncGenerator[Catalogue]:
    """The catalogue of the shop, stored in MongoDB."""
    shop.told.grouped("1", "Werkzeug")
    shop.told.grouped("1.2", "Schrauben", parent="1")
    for number in range(1, 31):
        shop.told.sold(f"{number}", "5.00", groups=("1.2",))
    client = connect(mongo_url, requests)
    db = database(client, f"t{uuid4().hex[:12]}")
    try:
        identity = await deploy_log(db, uuid4())
        await deploy_views(db, CATALOGUE, 1)
        told = shop.documents.documents.items()
        folds = {key: DocumentFold(view, {}, changed=True) for key, view in told}
        await ProjectionEffect(db, CATALOGUE, 1, SERVICE.event_types).save(folds)
        serving = ReadYourWrites(db, identity, {}, nobody)
        yield Catalogue(MongoViews(db, CATALOGUE, serving), lambda: False)
    finally:
        await client.drop_database(db.name)
        await client.close()


async def nobody(token: Token) -> LanePosition:
    raise AssertionError(token)
