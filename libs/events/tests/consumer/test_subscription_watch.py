"""A subscription that is stuck is noticed and started again; one to which nothing comes is not."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from kernel_tests.noting import Noting
from kernel_tests.records import Records

from zugabe_events.consumer import subscription_watch
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.consumer.subscription_watch import STUCK_SECONDS, SubscriptionWatch
from zugabe_events.mongo.client import Database
from zugabe_testing.eventually import eventually


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscription_watch, "SILENCE_SECONDS", 0.2)


@dataclass
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Watched:
    """A process, and who watches it while only `clock` goes on."""

    source: KafkaSource
    watch: SubscriptionWatch
    clock: Clock

    async def look_until(self, condition: Callable[[], bool]) -> None:
        async def looked() -> None:
            await self.watch.look()
            self.clock.seconds += STUCK_SECONDS / 3
            assert condition()

        await eventually(looked)


@asynccontextmanager
async def watched(records: Records, effect: Noting) -> AsyncGenerator[Watched]:
    async with records.process(effect) as source:
        await records.send(3)
        await records.noted_by(effect)
        clock = Clock()
        group = f"{records.name}.old"
        watch = SubscriptionWatch(source, records.kafka, group, "a", clock)
        yield Watched(source, watch, clock)


async def test_one_to_which_nothing_comes_is_left_alone(records: Records, db: Database) -> None:
    """X-36"""
    async with watched(records, Noting(db, "policy")) as process:
        subscribed = process.source.kafka
        for _ in range(10):
            await process.watch.look()
            process.clock.seconds += STUCK_SECONDS
            assert not process.watch.is_stuck
        assert process.source.kafka is subscribed


async def test_one_that_does_not_fetch_is_started_again(records: Records, db: Database) -> None:
    """X-36"""
    policy = Noting(db, "policy")
    async with watched(records, policy) as process:
        stop_fetching(process.source)
        await records.send(2)
        await process.look_until(lambda: process.watch.is_stuck)
        await records.noted_by(policy)
        await process.look_until(lambda: not process.watch.is_stuck)


async def test_one_that_its_group_has_lost_is_started_again(records: Records, db: Database) -> None:
    """X-36: it would never be given a partition again."""
    policy = Noting(db, "policy")
    async with watched(records, policy) as process:
        await lose_coordinator(process.source)
        await process.look_until(lambda: process.watch.is_stuck)
        await records.send(2)
        await records.noted_by(policy)
        await process.look_until(lambda: not process.watch.is_stuck)


async def test_kafka_that_does_not_answer_is_nobodys_fault(records: Records, db: Database) -> None:
    """X-36"""
    async with watched(records, Noting(db, "policy")) as process:
        await lose_coordinator(process.source)
        away = SubscriptionWatch(process.source, "127.0.0.1:1", "old", "a", process.clock)
        for _ in range(5):
            await away.look()
            process.clock.seconds += STUCK_SECONDS
            assert not away.is_stuck


def stop_fetching(source: KafkaSource) -> None:
    fetcher = source.kafka._fetcher
    for task in (fetcher._fetch_task, *fetcher._pending_tasks):
        task.cancel()


async def lose_coordinator(source: KafkaSource) -> None:
    """As if its session had ended and nobody had told it: no heartbeat, and no member."""
    coordinator = source.kafka._coordinator
    coordinator._coordination_task.cancel()
    await coordinator._stop_heartbeat_task()
    # A static member does not leave by itself; its session ends.
