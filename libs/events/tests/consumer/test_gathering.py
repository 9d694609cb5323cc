"""Messages that wait for more: none is lost, none is applied twice, nobody waits in vain."""

import asyncio
from functools import partial

import pytest
from kernel_tests import waiting
from kernel_tests.fed import LANE, Process
from kernel_tests.noting import Noting
from kernel_tests.records import Records

from zugabe_events.mongo.client import Database
from zugabe_events.projections.read_your_writes import lacking
from zugabe_testing.counted_store import Requests

LONG = 600.0
"""Longer than any test."""

until = partial(waiting.until, seconds=60)


async def noted(effect: Noting, last: int) -> None:
    async with asyncio.timeout(60):
        while await effect.noted() != [*range(1, last + 1)]:
            await asyncio.sleep(0.005)


def end_hurry(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zugabe_events.consumer.gathering.HURRY_SECONDS", 0.0)
    process.gathering.hurry()
    for consumer in process.consumers:
        consumer.hurry()


async def test_many_batches_cost_one_transaction_of_those_that_gather(
    observed: Database, requests: Requests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is nearly due shares the transaction of another."""
    prompt, one, two = (Noting(observed, name) for name in ("prompt", "one", "two"))
    process = Process(prompt, one, two, gathering={"one": 5.0, "two": 5.5})
    await process.read(1, 1)
    for consumer in process.consumers[1:]:
        consumer.hurry()
    await noted(one, 1)
    await noted(two, 1)
    await until(lambda: not process.is_taking)
    end_hurry(process, monkeypatch)
    with requests.counted() as counted:
        for pos in range(2, 7):
            await process.read(pos, pos)
    assert counted == {"update": 5, "insert": 5, "commitTransaction": 5}
    assert await prompt.noted() == [*range(1, 7)]
    assert await one.noted() == [1]
    with requests.counted() as counted:
        await until(lambda: process.consumers[1].position(LANE) == 6)
        await until(lambda: not process.is_taking)
    assert counted == {"update": 1, "insert": 2, "commitTransaction": 1}
    assert await process.positions() == [6, 6, 6]
    assert await one.noted() == await two.noted() == [*range(1, 7)]


async def test_messages_come_after_a_while_though_nothing_follows(
    observed: Database,
) -> None:
    effect = Noting(observed, "one")
    process = Process(effect, gathering={"one": 0.05})
    await process.read(1, 3)
    await noted(effect, 3)
    await process.read(4, 4)
    await noted(effect, 4)


async def test_many_messages_do_not_wait(observed: Database) -> None:
    effect = Noting(observed, "one")
    process = Process(effect, gathering={"one": LONG})
    await process.read(1, 400)
    assert await effect.noted() == []
    await process.read(401, 500)
    assert await effect.noted() == [*range(1, 501)]


async def test_a_query_that_waits_has_its_read_model_hurry(observed: Database) -> None:
    """The one that it waits for, now and with what comes next; the other goes on gathering."""
    one, two = Noting(observed, "one"), Noting(observed, "two")
    process = Process(one, two, gathering={"one": LONG, "two": LONG})
    await process.read(1, 3)
    assert lacking(process.consumers[0], {LANE: 4}) == {LANE: 4}
    await noted(one, 3)
    await process.read(4, 4)
    assert lacking(process.consumers[0], {LANE: 4}) == {}
    assert await two.noted() == []


async def test_what_waits_is_read_again_after_a_rebalance(
    observed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `on_partitions_assigned` does it: all is dropped, and read from the checkpoints."""
    effect = Noting(observed, "one")
    process = Process(effect, gathering={"one": LONG})
    await process.read(1, 3)
    process.gathering.hurry()
    await noted(effect, 3)
    end_hurry(process, monkeypatch)
    await process.read(4, 6)
    process.gathering.clear()
    process.consumers[0].forget()
    monkeypatch.undo()
    process.gathering.hurry()
    await process.read(7, 8)  # before reading goes back
    await process.read_through(8)
    assert await effect.noted() == [*range(1, 9)]
    assert await process.positions() == [8]


async def test_messages_that_were_read_twice_while_they_waited_are_applied_once(
    observed: Database,
) -> None:
    """Another consumer of the process had to read them again."""
    effect = Noting(observed, "one")
    process = Process(effect, gathering={"one": LONG})
    await process.read(1, 5)
    await process.read(3, 7)
    process.gathering.hurry()
    await noted(effect, 7)
    assert await process.positions() == [7]


async def test_at_the_end_nothing_is_given_any_more(observed: Database) -> None:
    """It is read again after the start: see the last test."""
    effect = Noting(observed, "one")
    process = Process(effect, gathering={"one": LONG})
    await process.read(1, 3)
    await process.gathering.close()
    process.gathering.hurry()
    await process.take(())
    assert effect.prepared == 0
    assert await process.positions() == [0]


async def test_one_that_cannot_be_handled_is_read_again(observed: Database) -> None:
    effect = Noting(observed, "one", failing=[ValueError("once")])
    process = Process(effect, gathering={"one": LONG})
    await process.read(1, 4)
    process.gathering.hurry()
    await process.read_through(4)
    await noted(effect, 4)


async def test_replicas_come_and_go_while_messages_wait(records: Records, db: Database) -> None:
    effect = Noting(db, "figures")
    async with records.process(effect, gathers=0.3):
        await records.send(3)
        async with records.process(effect, name="b", gathers=0.3):
            await records.send(3)
            await records.noted_by(effect)
            await records.send(3)
        await records.send(3)
        await records.noted_by(effect)
    await records.send(2)
    async with records.process(effect, gathers=0.3):
        await records.noted_by(effect)
