"""Effects happen once, whatever Kafka repeats, loses or rearranges, and whoever dies meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from faststream.kafka import KafkaBroker
from kernel_tests.toy import TYPES, CounterView, Start, add, counters, now, policy

from zugabe.testing import Parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.consumer.lane_state import LaneState, continue_lane
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.cursor import encode_cursor
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.event import Event
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import ReadModel
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.message import Lane, Message, incoming, outgoing, source_of
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import (
    MongoViews,
    ProjectionEffect,
    canonical_hash,
    deploy_views,
)
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.rebuild import Progress, Rebuild
from zugabe_events.reactions.policies import PolicyEffect
from zugabe_events.sequencer.publisher import Publisher
from zugabe_events.sequencer.sequence import SequencedCommit


async def unreachable(token: Token) -> LanePosition:
    raise AssertionError(token)


@dataclass(frozen=True, slots=True)
class MaybeView:
    counter: str
    added: int | None
    mirrored: int = 0


@dataclass
class Replica:
    """One process's worth of consumers."""

    broker: KafkaBroker
    consumers: list[Consumer]


@dataclass
class Toy:
    """The toy service over a log of its own."""

    db: Database
    identity: LogIdentity
    store: MongoEventStore
    parts: Parts
    serving: ReadYourWrites

    @property
    def views(self) -> MongoViews[CounterView]:
        return MongoViews(self.db, counters(self.identity.name), self.serving)

    @asynccontextmanager
    async def replica(self, name: str) -> AsyncGenerator[Replica]:
        broker = KafkaBroker(self.parts.kafka, apply_types=False, logger=None, graceful_timeout=10)
        topic = self.identity.name
        model = counters(topic)
        mirror = policy(topic)
        named = Policy(f"{mirror.name}.{topic}", mirror.topics, mirror.react)
        effects: dict[str, tuple[Any, str]] = {
            named.name: (PolicyEffect(self.store, named, TYPES, now), named.name),
            f"{model.name}.{topic}": (
                ProjectionEffect(self.db, model, 1, TYPES),
                build_of(model, 1),
            ),
        }
        consumers = [
            Consumer(self.db, group, effect, positions)
            for group, (effect, positions) in effects.items()
        ]
        source = KafkaSource()
        for one in consumers:
            one.reread = source.add(one, [topic])
        source.subscribe(broker, f"toy.{topic}", instance=name, session_ms=6_000)
        await broker.start()
        try:
            yield Replica(broker, consumers)
        finally:
            for one in consumers:
                one.stopping.set()
            await broker.stop()
            await source.stop()

    async def totals(self, names: int) -> dict[str, tuple[int, int]]:
        found = [await self.views.get(f"n{number}") for number in range(names)]
        return {view.counter: (view.added, view.mirrored) for view in found if view}

    async def until(self, expected: dict[str, tuple[int, int]]) -> None:
        """Until the read model shows the expected totals; more would never become equal."""
        async with asyncio.timeout(120):
            while await self.totals(len(expected)) != expected:
                await asyncio.sleep(0.05)


@pytest.fixture
async def toy(
    db: Database,
    log_identity: LogIdentity,
    store: MongoEventStore,
    real_parts: Parts,
    start: Start,
) -> Toy:
    await deploy_views(db, counters(log_identity.name), 1)
    start("one")
    mirror = f"toy.mirror.{log_identity.name}"
    serving = ReadYourWrites(db, log_identity, {log_identity.name: [mirror]}, unreachable)
    return Toy(db, log_identity, store, real_parts, serving)


async def additions(toy: Toy, names: int, each: int) -> dict[str, tuple[int, int]]:
    await asyncio.gather(
        *(add(toy.store, f"n{name}") for name in range(names) for _ in range(each))
    )
    return {f"n{name}": (each, each) for name in range(names)}


async def test_a_policy_reacts_once_and_a_read_model_shows_it(toy: Toy) -> None:
    async with toy.replica("a"):
        await toy.until(await additions(toy, 10, 12))


async def test_doubled_messages_have_no_second_effect(toy: Toy) -> None:
    """The same records are sent to Kafka again, all of them, between and behind the others."""
    async with toy.replica("a"):
        expected = await additions(toy, 5, 10)
        await toy.until(expected)
        await send_again(toy, lambda record: True)
        await add(toy.store, "n0")
        await toy.until({**expected, "n0": (11, 11)})


async def send_again(toy: Toy, wanted: Callable[[Any], bool]) -> None:
    records = await topic_of(toy)
    producer = AIOKafkaProducer(bootstrap_servers=toy.parts.kafka)
    await producer.start()
    for record in filter(wanted, records):
        await producer.send_and_wait(
            record.topic,
            record.value,
            key=record.key,
            partition=record.partition,
            headers=list(record.headers),
        )
    await producer.stop()


async def topic_of(toy: Toy) -> list[Any]:
    topic = toy.identity.name
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=toy.parts.kafka, auto_offset_reset="earliest"
    )
    await consumer.start()
    ends = await consumer.end_offsets(
        [TopicPartition(topic, part) for part in range(toy.identity.parts)]
    )
    records: list[Any] = []
    async with asyncio.timeout(120):
        while len(records) < sum(ends.values()):
            for some in (await consumer.getmany(timeout_ms=200)).values():
                records += some
    await consumer.stop()
    return records


async def test_rewound_positions_do_not_repeat_a_reaction(toy: Toy) -> None:
    """An operator sets a policy back: every reaction is recognised by its cause."""
    async with toy.replica("a"):
        expected = await additions(toy, 5, 10)
        await toy.until(expected)
    await toy.db.positions.delete_many({"consumer": {"$regex": "toy.mirror"}})
    async with toy.replica("a"):
        expected = {**expected, "n0": (11, 11)}
        await add(toy.store, "n0")
        await toy.until(expected)
    assert await toy.db.commits.count_documents({"stream": {"$regex": "^mirror"}}) == 51


async def test_two_replicas_share_the_work_while_a_third_comes_and_one_goes(toy: Toy) -> None:
    until = asyncio.Event()
    async with toy.replica("a"):
        writing = asyncio.create_task(slowly(toy, until))
        try:
            async with toy.replica("b") as second:
                await until_it_works(toy, second)
                async with toy.replica("c") as third:
                    await until_it_works(toy, third)
        finally:
            until.set()
        times = await writing
        await toy.until({f"n{name}": (times, times) for name in range(12)})


async def slowly(toy: Toy, until: asyncio.Event) -> int:
    """Add to twelve counters until told to stop; return the additions to each."""
    times = 0
    while not until.is_set():
        await asyncio.gather(*(add(toy.store, f"n{name}") for name in range(12)))
        times += 1
        await asyncio.sleep(0.05)
    return times


async def until_it_works(toy: Toy, replica: Replica) -> None:
    """Until each of its consumers has handled messages of partitions that were others' before."""
    lanes = [Lane(toy.identity.name, str(toy.identity.id), part) for part in range(4)]
    async with asyncio.timeout(120):
        while not all(any(map(one.position, lanes)) for one in replica.consumers):
            await asyncio.sleep(0.05)


async def test_a_zombie_owner_changes_nothing(toy: Toy) -> None:
    """Two consumers own the same partitions at once: the position lets only one of them write."""
    async with toy.replica("a"):
        await toy.until(await additions(toy, 5, 4))
    topic = toy.identity.name
    by_lane: dict[Lane, list[Message]] = {}
    await additions(toy, 5, 6)
    async with asyncio.timeout(120):
        while len(records := await topic_of(toy)) < 5 * 4 * 2 + 30:
            await asyncio.sleep(0.1)
    for record in records:
        message = incoming(record)
        by_lane.setdefault(message.lane, []).append(message)
    mirror = Policy(f"toy.mirror.{topic}", (topic,), policy(topic).react)
    owners = [
        Consumer(toy.db, mirror.name, PolicyEffect(toy.store, mirror, TYPES, now)) for _ in range(3)
    ]
    await asyncio.gather(*(owner.take(dict(by_lane)) for owner in owners))
    assert await toy.db.commits.count_documents({"stream": {"$regex": "^mirror"}}) == 50


def a_message(pos: int, offset: int) -> Message:
    return Message(Lane("toy", "id", 0), pos, offset, "added", b"{}", (), 1)


def test_nothing_behind_a_hole_is_applied_until_it_is_filled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    state = LaneState(2)
    found = continue_lane(state, [a_message(3, 10), a_message(5, 11), a_message(6, 12)], "toy")
    assert [message.pos for message in found.messages] == [3]
    assert found.seek is None
    assert "position 4 is missing before 5" in caplog.text
    state.pos = 3
    assert continue_lane(state, [a_message(7, 13)], "toy").messages == []
    closed = continue_lane(state, [a_message(4, 14), a_message(8, 15)], "toy")
    assert [message.pos for message in closed.messages] == [4]
    assert closed.seek == 11


async def test_a_consumer_in_a_hole_waits_for_the_missing_event_and_goes_on(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record never reached Kafka, although the log holds its event; later it is sent again."""
    lost: list[SequencedCommit] = []
    send = Publisher.send

    async def send_but_lose_the_third(relay: Publisher, sequenced: SequencedCommit) -> None:
        if sequenced.pos == 3 and not lost:
            lost.append(sequenced)
        else:
            await send(relay, sequenced)

    take = Consumer.take
    taken: list[int] = []

    async def take_and_tell(
        consumer: Consumer, by_lane: dict[Lane, list[Message]], joint: Any
    ) -> Any:
        seeks = await take(consumer, by_lane, joint)
        if consumer.name.startswith("toy.counters"):
            taken.extend(message.pos for messages in by_lane.values() for message in messages)
        return seeks

    monkeypatch.setattr(Publisher, "send", send_but_lose_the_third)
    monkeypatch.setattr(Consumer, "take", take_and_tell)
    async with toy.replica("a") as replica:
        for _ in range(6):
            await add(toy.store, "n0")
        async with asyncio.timeout(120):
            while not (replica.consumers[1].gaps and lost and max(taken, default=0) > 6):
                await asyncio.sleep(0.05)
        view = await toy.views.get("n0")
        assert view is not None
        assert view.added + view.mirrored == 2
        await republish(toy, lost[0])
        await toy.until({"n0": (6, 6)})
        assert not replica.consumers[1].gaps


async def republish(toy: Toy, sequenced: SequencedCommit) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=toy.parts.kafka)
    await producer.start()
    source = source_of(toy.identity).encode()
    for sent in outgoing(sequenced.commit, sequenced.pos, source):
        await producer.send_and_wait(
            toy.identity.name,
            sent.value,
            key=sent.key,
            partition=sent.part,
            headers=sent.headers,
        )
    await producer.stop()


async def test_a_batch_that_fails_unexpectedly_is_read_again(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FastStream continues after a batch whose handler raised, which would then be lost."""
    monkeypatch.setattr("zugabe_events.consumer.feed.RETRY_INTERVAL_SECONDS", 0.1)
    take = Consumer.take
    failing = ["toy.mirror", "toy.counters"]

    async def fail_once(consumer: Consumer, by_lane: Any, joint: Any) -> Any:
        for name in failing:
            if by_lane and consumer.name.startswith(name):
                failing.remove(name)
                raise RuntimeError("a defect")
        return await take(consumer, by_lane, joint)

    monkeypatch.setattr(Consumer, "take", fail_once)
    async with toy.replica("a"):
        await toy.until(await additions(toy, 5, 4))
    assert failing == []


async def test_a_rebuild_ends_although_events_keep_coming(toy: Toy) -> None:
    """Events that arrive meanwhile are left to the live projection."""
    model = counters(toy.identity.name)
    async with toy.replica("a"):
        writing = asyncio.create_task(slowly(toy, asyncio.Event()))
        async with asyncio.timeout(120):
            while await toy.db.commits.count_documents({}) < 24:
                await asyncio.sleep(0.02)
            rebuild = Rebuild(toy.db, toy.identity, toy.parts.kafka, model, TYPES)
            assert await rebuild.run() == 2
        assert not writing.done()
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    builds = await toy.db.readmodels.find_one({"_id": f"{model.name}.v{model.version}"})
    assert builds == {"_id": "toy.counters.v1", "serving": 2, "highest": 2}


async def test_a_rebuilt_read_model_equals_the_live_one(db: Database, toy: Toy) -> None:
    """N-7, N-9: built beside the live one, switched to, and kept up to date from then on."""
    model = counters(toy.identity.name)
    async with toy.replica("a"):
        expected = await additions(toy, 20, 10)
        await toy.until(expected)
        told: list[Progress] = []
        rebuild = Rebuild(db, toy.identity, toy.parts.kafka, model, TYPES, told.append)
        generation = await rebuild.run()
    assert generation == 2
    live = await canonical_hash(db, build_of(model, 1))
    assert await canonical_hash(db, build_of(model, 2)) == live
    assert live[1] == 20
    assert told[-1].done == told[-1].total == 400
    async with asyncio.timeout(60):
        while await toy.serving.registry.queried(model) != 2:
            await asyncio.sleep(0.05)
    assert await toy.totals(20) == expected


async def test_a_rebuild_that_was_interrupted_goes_on(db: Database, toy: Toy) -> None:
    model = counters(toy.identity.name)
    async with toy.replica("a"):
        await toy.until(await additions(toy, 20, 10))

    class InterruptedHereError(Exception):
        pass

    def interrupt(progress: Progress) -> None:
        if progress.done:
            raise InterruptedHereError

    with pytest.raises(InterruptedHereError):
        await Rebuild(db, toy.identity, toy.parts.kafka, model, TYPES, interrupt).run()
    assert await Rebuild(db, toy.identity, toy.parts.kafka, model, TYPES).run() == 2
    live = await canonical_hash(db, build_of(model, 1))
    assert await canonical_hash(db, build_of(model, 2)) == live


async def test_a_query_with_a_token_sees_what_the_command_did(toy: Toy) -> None:
    """Read your writes, the reactions of policies included."""
    async with toy.replica("a"):
        for expected in range(1, 20):
            handled = await add(toy.store, "n0")
            assert handled.token is not None
            await toy.views.caught_up([handled.token])
            view = await toy.views.get("n0")
            assert view is not None
            assert view.added == expected


async def test_a_query_that_cannot_be_answered_in_time_says_so(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zugabe_events.projections.read_your_writes.WAIT_TIMEOUT_SECONDS", 0.3)
    handled = await add(toy.store, "n0")
    assert handled.token is not None
    with pytest.raises(UnavailableError) as refused:
        await toy.views.caught_up([handled.token])
    assert refused.value.code == "not-caught-up"


async def test_pages_follow_each_other_without_gaps(toy: Toy) -> None:
    """X-18"""
    async with toy.replica("a"):
        await toy.until(await additions(toy, 25, 2))
    for sort in (None, "added", "-added"):
        seen: list[str] = []
        after = None
        while True:
            page = await toy.views.page({}, sort=sort, after=after, limit=7)
            seen += [view.counter for view in page.items]
            if page.next is None:
                break
            after = page.next
        assert sorted(seen) == sorted(f"n{number}" for number in range(25))
    assert (await toy.views.page({"counter": "n3"})).items == [CounterView("n3", 2, 2)]


@pytest.mark.parametrize("sort", ["added", "-added"])
async def test_pages_by_a_field_that_may_be_null_leave_nothing_out(toy: Toy, sort: str) -> None:
    """X-18"""
    collection = toy.db[build_of(counters(toy.identity.name), 1)]
    values = [None, None, None, 1, 2, 2, 3]
    for number, value in enumerate(values):
        document: dict[str, Any] = {
            "counter": f"n{number}",
            "added": value,
            "mirrored": 0,
            "seen": {},
        }
        await collection.insert_one({"_id": f"n{number}", **document})
    seen: list[Any] = []
    after = None
    while True:
        page = await maybe_null(toy).page({}, sort=sort, after=after, limit=2)
        seen += [view.added for view in page.items]
        if page.next is None:
            break
        after = page.next
    assert seen == (values if sort == "added" else values[::-1])


def maybe_null(toy: Toy) -> MongoViews[MaybeView]:
    def ignore(view: MaybeView | None, event: Event) -> MaybeView | None:
        return view

    model = ReadModel("toy.counters", 1, (), MaybeView, lambda event: [], ignore)
    return MongoViews(toy.db, model, toy.serving)


async def test_a_cursor_of_another_kind_breaks_nothing(toy: Toy) -> None:
    """A day, for instance, is stored as text."""
    for value in (date(2026, 5, 4), datetime(2026, 5, 4, tzinfo=UTC), "x", 1, True, None):
        await toy.views.page({}, sort="added", after=encode_cursor(value, "n1", "added"))
