"""How many requests to MongoDB a hold takes: they are most of what it costs."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from vouchers.main import SERVICE
from zugabe_testing.counted_store import Requests, counted_store


@pytest.fixture
async def requests(mongo_url: str, shop: Any) -> AsyncGenerator[Requests]:
    async with counted_store(mongo_url, SERVICE.own) as (shop.store, requests):
        yield requests


async def test_a_hold_reads_the_wallet_and_writes(requests: Requests, shop: Any) -> None:
    """X-29: a campaign is read each time, since a pause counts at once; its code never changes."""
    await shop.run()
    assert (await shop.hold("o0", user="bert")).status_code == 200
    requests.taken()

    assert (await shop.hold("o1")).status_code == 200
    assert requests.taken() == ["find", "find", "insert"]
    assert (await shop.hold("o2")).status_code == 200
    assert requests.taken() == ["find", "insert"], "the wallet is known"


async def test_a_hold_within_shared_limits_is_one_transaction(
    requests: Requests, shop: Any
) -> None:
    await shop.run(max_uses=9, max_per_customer=9)
    assert (await shop.hold("o0")).status_code == 200
    requests.taken()
    assert (await shop.hold("o1")).status_code == 200
    assert requests.taken() == ["find", "insert", "commitTransaction"]
