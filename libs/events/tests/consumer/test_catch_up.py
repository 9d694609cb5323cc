"""A consumer that is far behind, or slow, holds up no other: it reads alone until it catches up."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest
from aiokafka import TopicPartition
from kernel_tests.noting import Noting
from kernel_tests.records import Records
from kernel_tests.waiting import until
from pymongo.errors import AutoReconnect

from zugabe_events.consumer import catch_up, joint_commit, kafka_source
from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.flush_requests import FlushRequests
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.consumer.registration import Offsets, Registration
from zugabe_events.domain.backoff import Backoff
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import Database


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_source, "MAX_LAG", 50)
    monkeypatch.setattr(catch_up, "NEAR", 5)
    monkeypatch.setattr(catch_up, "BATCH_SIZE", 20)
    monkeypatch.setattr(catch_up, "APART", Backoff(0.01, 0.01))
    monkeypatch.setattr(kafka_source, "SLOW_SECONDS", 0.1)
    monkeypatch.setattr(joint_commit, "PREPARE_TIMEOUT_SECONDS", 0.05)


def all_at(consumers: Sequence[Consumer], lanes: Sequence[Lane], pos: int) -> bool:
    """True when each lane is at a position at one of the consumers."""
    return all(any(consumer.position(lane) == pos for consumer in consumers) for lane in lanes)


def alone(source: KafkaSource) -> list[str]:
    return [registration.consumer.name for registration in source.readers]


def together(source: KafkaSource) -> set[str]:
    return {registration.consumer.name for registration in source.registrations}


async def test_one_that_starts_from_the_beginning_fills_while_others_go_on(
    records: Records, db: Database
) -> None:
    """A new version of a read model, beside policies that are up to date."""
    policy, model = Noting(db, "policy"), Noting(db, "model")
    await records.send(60)
    async with records.process(policy):
        await records.noted_by(policy)
    model.ready.clear()
    async with records.process(policy, model) as source:
        await until(lambda: alone(source) == ["model"])
        await records.send(5)
        await records.noted_by(policy)
        assert await db.noted.count_documents({"by": "model"}) == 0
        model.ready.set()
        await until(lambda: together(source) == {"policy", "model"})
        await records.send(5)
        await records.noted_by(policy)
        await records.noted_by(model)
        assert alone(source) == []
    assert policy.prepared < model.prepared


async def test_those_that_are_equally_far_behind_read_together(
    records: Records, db: Database
) -> None:
    """After a long outage, nobody has to wait for anybody."""
    effects = [Noting(db, "one"), Noting(db, "two")]
    await records.send(60)
    async with records.process(*effects) as source:
        for effect in effects:
            await records.noted_by(effect)
        assert together(source) == {"one", "two"}
        assert source._ended == set()


async def test_who_is_slow_is_left_behind_and_comes_back(records: Records, db: Database) -> None:
    quick, slow = Noting(db, "quick"), Noting(db, "slow")
    async with records.process(quick, slow) as source:
        await records.send(1)
        await records.noted_by(slow)
        slow.ready.clear()
        await records.send(1)
        await until(lambda: alone(source) == ["slow"])
        await records.send(10)
        await records.noted_by(quick)
        slow.ready.set()
        await records.noted_by(slow)
        await until(lambda: together(source) == {"quick", "slow"})
        await records.send(3)
        await records.noted_by(quick)
        await records.noted_by(slow)


async def test_nobody_is_left_behind_while_mongodb_does_not_answer(
    records: Records, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering, asked = asyncio.Event(), asyncio.Event()

    async def until_it_answers(source: KafkaSource) -> float:
        asked.set()
        await answering.wait()
        return 0.0

    monkeypatch.setattr(KafkaSource, "_until_mongodb_answers", until_it_answers)
    quick, slow = Noting(db, "quick"), Noting(db, "slow")
    async with records.process(quick, slow) as source:
        slow.ready.clear()
        await records.send(1)
        async with asyncio.timeout(120):
            await asked.wait()
        await records.noted_by(quick)
        slow.ready.set()
        await records.noted_by(slow)
        assert together(source) == {"quick", "slow"}
        answering.set()
        await records.send(1)
        await records.noted_by(quick)
        await records.noted_by(slow)
        assert together(source) == {"quick", "slow"}


async def test_one_that_goes_on_with_an_effect_far_behind_reads_alone(
    records: Records, db: Database
) -> None:
    """A read model is switched to another build."""
    policy, first, second = Noting(db, "policy"), Noting(db, "first"), Noting(db, "second")
    async with records.process(policy, first) as source:
        await records.send(60)
        await records.noted_by(policy)
        await records.noted_by(first)
        second.ready.clear()
        [consumer] = [one.consumer for one in source.registrations if one.consumer.name == "first"]
        await consumer.retarget("second", second)
        assert alone(source) == ["first"]
        await records.send(1)
        await records.noted_by(policy)
        second.ready.set()
        await records.noted_by(second)
        await until(lambda: together(source) == {"policy", "first"})


@dataclass
class HeldUp:
    """Answers about offsets, which come once `go` is set."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def installed(cls, monkeypatch: pytest.MonkeyPatch) -> "HeldUp":
        held, offsets = cls(), Registration.offsets

        async def late(registration: Registration, at: Iterable[TopicPartition]) -> Offsets:
            held.asked.set()
            await held.go.wait()
            return await offsets(registration, at)

        monkeypatch.setattr(Registration, "offsets", late)
        return held


async def test_a_batch_during_a_switch_to_an_effect_far_behind_sets_nobody_back(
    records: Records, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy, first, second = Noting(db, "policy"), Noting(db, "first"), Noting(db, "second")
    async with records.process(policy, first) as source:
        await records.send(60)
        await records.noted_by(policy)
        await records.noted_by(first)
        sought: list[int] = []
        seek = source.kafka.seek

        def noted_seek(partition: TopicPartition, offset: int) -> None:
            sought.append(offset)
            seek(partition, offset)

        monkeypatch.setattr(source.kafka, "seek", noted_seek)
        held = HeldUp.installed(monkeypatch)
        [consumer] = [one.consumer for one in source.registrations if one.consumer.name == "first"]
        switching = asyncio.create_task(consumer.retarget("second", second))
        async with asyncio.timeout(120):
            await held.asked.wait()
        await records.send(1)
        await records.noted_by(policy)
        await until(lambda: not source.lazy_flush.between_batches.locked())
        held.go.set()
        await switching
        await records.noted_by(second)
        assert min(sought, default=60) > 50


async def test_one_that_is_left_behind_during_a_rebalance_is_fed_once(
    records: Records, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is slow with a batch from before, and done before all checkpoints are read."""
    quick, slow = Noting(db, "quick"), Noting(db, "slow")
    async with records.process(quick, slow) as source:
        await records.send(1)
        await records.noted_by(slow)
        [registration] = [one for one in source.registrations if one.consumer.name == "slow"]
        slow.ready.clear()
        held = HeldUp.installed(monkeypatch)
        assigning = asyncio.create_task(source.on_partitions_assigned(source.kafka.assignment()))
        async with asyncio.timeout(120):
            await held.asked.wait()
        await records.send(1)
        await until(lambda: alone(source) == ["slow"])
        slow.ready.set()
        await until(lambda: not registration.is_busy)
        held.go.set()
        await assigning
        await until(lambda: alone(source) == [])
        assert len(source.registrations) == 2
        await records.send(1)
        await records.noted_by(slow)
        async with asyncio.timeout(120):
            await source.lazy_flush.flush()


async def test_stopping_does_not_wait_for_mongodb(
    records: Records, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = Noting(db, "one"), Noting(db, "two")
    asked = asyncio.Event()

    async def unanswered(*args: object) -> None:
        asked.set()
        raise AutoReconnect

    async with asyncio.timeout(120):
        with monkeypatch.context() as patch:
            async with records.process(one, two) as source:
                await records.send(1)
                await records.noted_by(one)
                await records.noted_by(two)
                patch.setattr(Checkpoints, "offsets", unanswered)
                source._read_apart(source.registrations[0])
                await asked.wait()
                asked.clear()
                patch.setattr(type(db), "command", unanswered)
                pinging = asyncio.create_task(source._until_mongodb_answers())
                await asked.wait()
                assert not pinging.done()
            await pinging


async def test_a_rebalance_while_one_catches_up_loses_and_doubles_nothing(
    records: Records, db: Database
) -> None:
    policy, model = Noting(db, "policy"), Noting(db, "model")
    await records.send(100)
    async with records.process(policy):
        await records.noted_by(policy)
    async with records.process(policy, model) as source:
        await until(lambda: alone(source) == ["model"])
        others = Noting(db, "policy"), Noting(db, "model")
        async with records.process(*others, name="b"):
            await records.send(10)
            await records.noted_by(policy)
            await records.noted_by(model)
        await records.send(10)
        await records.noted_by(policy)
        await records.noted_by(model)
        await until(lambda: together(source) == {"policy", "model"})


async def test_two_groups_that_feed_the_same_consumers_do_its_work_once_and_come_to_rest(
    records: Records, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As during a deployment, when processes of old and new code both feed the policies: each is
    fenced by the other, reads on behind it, and has nothing to read again in the end."""
    monkeypatch.setattr("zugabe_events.consumer.lazy_flush.FLUSH_DELAY_SECONDS", 0.05)
    again: list[str] = []

    def count_rereads(source: KafkaSource, group: str) -> None:
        for registration in source.registrations:
            reread = registration.consumer.reread

            async def counted(reread: Callable[[], Awaitable[None]] = reread) -> None:
                again.append(group)
                await reread()

            registration.consumer.reread = counted

    old = [Noting(db, "policy"), Noting(db, "silent", silent=True)]
    new = [Noting(db, "policy"), Noting(db, "silent", silent=True)]
    async with (
        records.process(*old) as one,
        records.process(*new, name="b", group="new") as two,
    ):
        count_rereads(one, "old")
        count_rereads(two, "new")
        for _ in range(10):
            await records.send(5)
            await records.noted_by(old[0])
        consumers = [each.consumer for source in (one, two) for each in source.registrations]
        lanes = [
            Lane(records.name, str(records.identity.id), part)
            for part in range(records.identity.parts)
        ]

        def at_rest() -> bool:
            """Lanes that the other one has finished are not loaded again."""
            return all(
                consumer.position(lane) in (None, 50) for consumer in consumers for lane in lanes
            ) and not any(consumer.flushed.lanes.has_unflushed for consumer in consumers)

        async with asyncio.timeout(120):
            while await db.positions.count_documents({"pos": 50}) < 2 * len(lanes):
                await asyncio.sleep(0.02)
        await until(at_rest)
        rereads = len(again)
        for source in (one, two, one, two):
            await source.lazy_flush.flush()
        assert at_rest()
        assert len(again) == rereads


async def test_checkpoints_are_flushed_soon_when_a_query_of_another_process_waits(
    records: Records, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise messages without an effect are not worth a request."""
    monkeypatch.setattr("zugabe_events.consumer.lazy_flush.FLUSH_DELAY_SECONDS", 600.0)
    monkeypatch.setattr("zugabe_events.consumer.lazy_flush.HURRY_SECONDS", 0.0)

    async def stored() -> int:
        found = await db.positions.find({"consumer": "silent"}).to_list()
        return sum(position["pos"] for position in found)

    silent, beside = Noting(db, "silent", silent=True), Noting(db, "silent", silent=True)
    async with (
        records.process(silent) as one,
        records.process(beside, name="b") as two,
    ):
        await until(lambda: bool(one.kafka.assignment() and two.kafka.assignment()))
        await until(lambda: one.kafka.replicas == two.kafka.replicas == 2.0)
        requests = FlushRequests(db)
        consumers = [each.consumer for source in (one, two) for each in source.registrations]
        lanes = [Lane(records.name, str(records.identity.id), part) for part in range(4)]
        for number in (1, 2):
            await records.send(5)
            await until(partial(all_at, consumers, lanes, 5 * number))
            before = await stored()
            async with asyncio.timeout(120):
                while await stored() != 20 * number:
                    await requests.send()
                    await asyncio.sleep(0.02)
            assert before < 20 * number


async def test_processes_may_create_the_requests_at_the_same_time(db: Database) -> None:
    await asyncio.gather(*(FlushRequests(db).send() for _ in range(8)))
    options = await db.flush_requests.options()
    assert options["capped"]
    assert await db.flush_requests.count_documents({}) == 9
