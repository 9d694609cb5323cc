"""Order numbers: gaps are fine, duplicates never (lesson 6)."""

import asyncio

from checkout_tests.fakes import NOON, context, random_id

from checkout.numbers.allocator import OrderNumbers
from checkout.numbers.decider import BLOCK_SIZE, NUMBERS_DECIDER, ReserveNumbers
from zugabe_events.contracts.checkout import OrderNumbersReserved
from zugabe_testing.deciders import given
from zugabe_testing.event_store import InMemoryEventStore

first = OrderNumbersReserved(dealer="d1", first=1_000_001, count=1_000)
second = OrderNumbersReserved(dealer="d1", first=1_001_001, count=1_000)


def test_each_block_begins_where_the_last_one_ends() -> None:
    given(NUMBERS_DECIDER).when(ReserveNumbers("d1")).then(first)
    given(NUMBERS_DECIDER, first).when(ReserveNumbers("d1")).then(second)


async def test_two_processes_never_give_out_the_same_number() -> None:
    store = InMemoryEventStore("checkout", lambda: NOON)
    processes = [OrderNumbers(store, random_id) for _ in range(2)]
    wanted = BLOCK_SIZE + 10

    async def some(process: OrderNumbers) -> list[str]:
        return await asyncio.gather(*(process.next("d1", context()) for _ in range(wanted)))

    given_out = [number for part in await asyncio.gather(*map(some, processes)) for number in part]

    assert len(set(given_out)) == 2 * wanted
    assert len(store.commits) == 4
    assert min(given_out) == "1000001"


async def test_dealers_count_for_themselves() -> None:
    allocator = OrderNumbers(InMemoryEventStore("checkout", lambda: NOON), random_id)
    assert [await allocator.next(dealer, context()) for dealer in ("d1", "d2", "d1")] == [
        "1000001",
        "1000001",
        "1000002",
    ]
