"""How many requests to MongoDB an order takes: they are most of what it costs."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import uuid4

import pytest
from checkout_tests.fakes import LINES, NOON, Shop

from checkout.main import SERVICE
from checkout.numbers.allocator import OrderNumbers
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
