"""How many requests to MongoDB a hold takes: they are most of what it costs."""

from collections.abc import AsyncGenerator

import pytest
from bonus_tests.samples import MARCH_1, line, placed
from bonus_tests.shop import Bonus

from bonus.main import SERVICE
from zugabe_testing.counted_store import Requests, counted_store


@pytest.fixture
async def bonus(mongo_url: str) -> AsyncGenerator[tuple[Bonus, Requests]]:
    service = Bonus()
    async with counted_store(mongo_url, SERVICE.own) as (store, requests):
        service.store = store  # type: ignore[assignment]  # instead of the one in memory
        yield service, requests
    await service.http.aclose()


async def test_a_hold_reads_account_and_programme_together_and_writes(
    bonus: tuple[Bonus, Requests],
) -> None:
    service, requests = bonus
    await service.set_up()
    await service.deliver(placed("o1", line(20_000), at=MARCH_1), "e1")
    await service.hold("o2")  # finds once which streams have snapshots
    requests.taken()
    for order_id in ("o3", "o4"):
        assert (await service.hold(order_id)).status_code == 200
        assert requests.taken() == ["find", "insert"]
