"""Positions are contiguous and Kafka tells the whole log, whatever happens to a sequencer."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from bson.timestamp import Timestamp
from kernel_tests.toy import Start, add, counter_history, now

from zugabe.testing import Parts
from zugabe_events.domain.consistency_token import Token
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.message import Message, incoming
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.runtime.deploy import deploy_topic
from zugabe_events.sequencer import sequencer
from zugabe_events.sequencer.change_stream import Batch, ChangeStream
from zugabe_events.sequencer.lease import Progress, SequencerLease
from zugabe_events.sequencer.publisher import ContradictionError, Publisher, ends_of
from zugabe_events.sequencer.recovery import recover
from zugabe_events.sequencer.sequencer import Sequencer


@asynccontextmanager
async def reading(bootstrap: str, topic: str) -> AsyncGenerator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def until_in_kafka(bootstrap: str, topic: str, events: int) -> list[Message]:
    """All messages, once as many different positions are there as the log has events."""
    messages: list[Message] = []
    async with reading(bootstrap, topic) as consumer, asyncio.timeout(120):
        while len({(one.lane, one.pos) for one in messages}) < events:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                messages += [incoming(record) for record in records]
    return messages


def first_occurrences(messages: list[Message]) -> dict[int, list[Message]]:
    """By part, in the order of arrival."""
    seen: set[tuple[int, int]] = set()
    by_part: dict[int, list[Message]] = {}
    for message in messages:
        place = (message.lane.part, message.pos)
        if place not in seen:
            seen.add(place)
            by_part.setdefault(message.lane.part, []).append(message)
    return by_part


def assert_complete(messages: list[Message], events: int) -> None:
    """Every event once per position, positions contiguous, repeats aside, streams in order."""
    assert len({message.id for message in messages}) == events
    by_part = first_occurrences(messages)
    for some in by_part.values():
        assert [message.pos for message in some] == list(range(1, len(some) + 1))
        versions: dict[bytes, int] = {}
        for message in some:
            stream = message.headers["ce_subject"]
            version = int(message.headers["ce_streamversion"])
            assert version == versions.get(stream, 0) + 1
            versions[stream] = version
    assert sum(map(len, by_part.values())) == events


async def test_every_event_gets_a_contiguous_position_and_reaches_kafka_in_order(
    store: MongoEventStore, start: Start, topic: str, real_parts: Parts
) -> None:
    start("one")
    await asyncio.gather(*(add(store, f"n{number % 30}") for number in range(300)))
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 300), 300)


async def test_commits_made_before_the_first_sequencer_are_recovered(
    store: MongoEventStore, start: Start, topic: str, real_parts: Parts
) -> None:
    await asyncio.gather(*(add(store, f"n{number % 7}") for number in range(100)))
    start("one")
    await asyncio.gather(*(add(store, f"n{number % 7}") for number in range(100)))
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 200), 200)


@pytest.mark.parametrize("token", [None, {"_data": "nonsense"}, {"_data": "82"}, "nonsense"])
async def test_a_lost_resume_token_loses_nothing(
    db: Database, store: MongoEventStore, start: Start, topic: str, real_parts: Parts, token: object
) -> None:
    """Nor does one that the server cannot read."""
    first = start("one")
    await asyncio.gather(*(add(store, f"n{number % 7}") for number in range(100)))
    await until_in_kafka(real_parts.kafka, topic, 100)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await asyncio.gather(*(add(store, f"n{number % 7}") for number in range(50)))
    await db.sequencers.update_one({}, {"$set": {"token": token, "start_at": None}})
    start("one")
    await asyncio.gather(*(add(store, f"n{number % 7}") for number in range(50)))
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 200), 200)


async def test_a_token_that_the_server_does_not_know_is_recovered_from(
    db: Database, store: MongoEventStore, start: Start, topic: str, real_parts: Parts
) -> None:
    await add(store, "n1")
    await db.sequencers.update_one(
        {"_id": "lease"},
        {"$set": {"start_at": Timestamp(1, 1), "token": None, "epoch": 0, "owner": None}},
        upsert=True,
    )
    start("one")
    await add(store, "n2")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 2), 2)


async def test_sequencers_that_die_anywhere_and_zombies_beside_them_break_nothing(
    store: MongoEventStore, start: Start, topic: str, real_parts: Parts
) -> None:
    """The lease is bypassed on purpose: both use one owner's name, so both are in charge."""

    async def writers() -> None:
        for round_ in range(12):
            await asyncio.gather(*(add(store, f"n{number}") for number in range(20)))
            await asyncio.sleep(0.01 * (round_ % 3))

    async def nemesis() -> None:
        zombie = start("same")
        for pause in (0.15, 0.4, 0.05, 0.3, 0.2):
            victim = start("same")
            await asyncio.sleep(pause)
            victim.cancel()
            await asyncio.gather(victim, return_exceptions=True)
        zombie.cancel()
        await asyncio.gather(zombie, return_exceptions=True)

    await asyncio.gather(writers(), nemesis())
    start("last")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 240), 240)


async def swallow_a_cancellation(reached: asyncio.Event) -> None:
    """As aiokafka does when it comes while a client stops."""
    reached.set()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


@pytest.mark.parametrize("where", ["ends_of", "ends_of, which fails", "stop", "stop, which fails"])
async def test_a_cancellation_that_a_library_swallowed_ends_the_sequencer(
    start: Start, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Else it would begin another term, and never learn that it was to stop."""
    reached = asyncio.Event()
    failing = [RuntimeError("a defect")] if "fails" in where else []
    stop, ends = Publisher.stop, ends_of

    async def swallowing(*args: Any) -> Any:
        if not reached.is_set():
            await swallow_a_cancellation(reached)
            for error in failing:
                raise error
        return await (stop if "stop" in where else ends)(*args)

    async def fail(*_: object) -> None:
        raise RuntimeError("a term fails, so that it stops its publisher")

    if "stop" in where:
        monkeypatch.setattr(Publisher, "stop", swallowing)
        monkeypatch.setattr(Sequencer, "_sequence", fail)
    else:
        monkeypatch.setattr(sequencer, "ends_of", swallowing)
    running = start("one")
    async with asyncio.timeout(60):
        await reached.wait()
        running.cancel()
        await asyncio.wait([running])
    assert running.cancelled()


async def test_a_term_that_fails_while_it_works_is_followed_by_another(
    store: MongoEventStore,
    start: Start,
    topic: str,
    real_parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its task group cancels the task that waits for it: that is no reason to stop."""
    take = Sequencer._take
    failing = [RuntimeError("a defect"), RuntimeError("another")]

    async def fail_at_first(*args: Any) -> None:
        if failing:
            raise failing.pop()
        await take(*args)

    monkeypatch.setattr(Sequencer, "_take", fail_at_first)
    running = start("one")
    async with asyncio.timeout(120):
        while failing:
            await asyncio.sleep(0.02)
    await add(store, "n1")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 1), 1)
    assert not running.done()


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until_reported(db: Database, acknowledged: int) -> None:
    """Until the lease document tells that Kafka has acknowledged that many events."""
    async with asyncio.timeout(120):
        while True:
            lease = await db.sequencers.find_one({"_id": "lease"}) or {}
            if sum(lease.get("acked", {}).values()) == acknowledged:
                return
            await asyncio.sleep(0.02)


async def test_a_term_that_reports_before_its_stream_shows_anything_gives_no_second_position(
    db: Database,
    store: MongoEventStore,
    start: Start,
    topic: str,
    real_parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Documents behind the checkpoint, then two terms: the first one dies before any batch."""
    first = start("one")
    await asyncio.gather(*(add(store, f"n{number}") for number in range(5)))
    await until_in_kafka(real_parts.kafka, topic, 5)
    await stopped(first)
    checkpoint = await db.sequencers.find_one({"_id": "lease"})
    assert checkpoint is not None
    second = start("one")
    await asyncio.gather(*(add(store, f"n{number}") for number in range(5)))
    await until_in_kafka(real_parts.kafka, topic, 10)
    await stopped(second)
    names = ("token", "start_at", "last", "through", "acked")
    await db.sequencers.update_one({}, {"$set": {name: checkpoint[name] for name in names}})

    opened = asyncio.Event()

    async def silent(changes: ChangeStream) -> Batch:
        opened.set()
        await asyncio.Event().wait()
        raise AssertionError

    with monkeypatch.context() as quiet:
        quiet.setattr(ChangeStream, "next", silent)
        third = start("one")
        async with asyncio.timeout(120):
            await opened.wait()
        await until_reported(db, 10)
        await stopped(third)
    start("one")
    await add(store, "n0")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 11), 11)
    places = [place["id"] async for one in db.sequence.find({}) for place in one["commits"]]
    assert len(places) == len(set(places)) == 11


@pytest.fixture
def reports_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for those that are asked for; the first one of a term comes at once."""
    for name in ("REPORT_INTERVAL_SECONDS", "QUIET_REPORT_INTERVAL_SECONDS"):
        monkeypatch.setattr(f"zugabe_events.sequencer.sequencer.{name}", 300.0)


async def nobody(token: Token) -> LanePosition:
    raise AssertionError(token)


@pytest.mark.usefixtures("reports_late")
async def test_a_sequencer_that_is_stopped_leaves_nothing_to_repeat(
    db: Database, store: MongoEventStore, start: Start, topic: str, real_parts: Parts
) -> None:
    first = start("one")
    for number in range(5):
        await add(store, f"n{number}")
    await until_in_kafka(real_parts.kafka, topic, 5)
    await stopped(first)
    await until_reported(db, 5)
    start("two")
    await add(store, "n1")
    assert len(await until_in_kafka(real_parts.kafka, topic, 6)) == 6


@pytest.mark.usefixtures("reports_late")
async def test_a_query_that_waits_for_a_commit_has_it_reported_at_once(
    db: Database, store: MongoEventStore, log_identity: LogIdentity, start: Start, topic: str
) -> None:
    serving = ReadYourWrites(db, log_identity, {}, nobody)
    start("one")
    async with asyncio.timeout(60):
        for number in range(1, 6):
            handled = await add(store, "n1")
            assert handled.token is not None
            at = await serving.position(handled.token)
            assert (at.lane.part, at.pos) == (handled.token.part, number)


@pytest.mark.usefixtures("reports_late")
async def test_a_query_that_waits_for_a_time_in_a_quiet_log_has_it_reported_at_once(
    db: Database, store: MongoEventStore, log_identity: LogIdentity, start: Start, topic: str
) -> None:
    """Nothing is appended any more, so that only the wait itself can move it."""
    serving = ReadYourWrites(db, log_identity, {}, nobody)
    start("one")
    handled = await add(store, "n1")
    assert handled.token is not None
    async with asyncio.timeout(60):
        await serving.position(handled.token)
        async with db.client.start_session() as session:
            await db.counted.insert_one({}, session=session)
            later = session.operation_time
        assert later is not None
        at = await serving.position(Token(topic, handled.token.part, later.time, later.inc))
    assert at.pos == 1


async def test_a_query_waits_for_the_sequencer_that_takes_over(
    db: Database, store: MongoEventStore, log_identity: LogIdentity, start: Start, topic: str
) -> None:
    """It asked while none was there."""
    serving = ReadYourWrites(db, log_identity, {}, nobody)
    handled = await add(store, "n1")
    assert handled.token is not None
    waiting = asyncio.create_task(serving.position(handled.token))
    async with asyncio.timeout(120):
        while not await db.progress_requests.find_one({}):
            await asyncio.sleep(0.02)
        assert not waiting.done()
        start("one")
        assert (await waiting).pos == 1


async def test_the_token_of_a_stream_over_commits_alone_is_gone_on_from(
    db: Database, store: MongoEventStore, start: Start, topic: str, real_parts: Parts
) -> None:
    """As an earlier release has stored it: nothing is lost, and nothing gets two positions."""
    first = start("one")
    await asyncio.gather(*(add(store, f"n{number}") for number in range(5)))
    await until_in_kafka(real_parts.kafka, topic, 5)
    await until_reported(db, 5)
    await stopped(first)
    checkpoint = await db.sequencers.find_one({"_id": "lease"})
    assert checkpoint is not None
    through = checkpoint["through"]
    behind = Timestamp(through.time, through.inc + 1)  # it may be the time of the last commit
    async with await db.commits.watch(start_at_operation_time=behind) as changes:
        await add(store, "n1")
        change = await changes.next()
    second = start("one")
    await until_in_kafka(real_parts.kafka, topic, 6)
    await until_reported(db, 6)
    await stopped(second)
    await db.sequencers.update_one({}, {"$set": {"token": change["_id"]}})
    await asyncio.gather(*(add(store, f"n{number}") for number in range(5)))
    start("one")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 11), 11)
    places = [place["id"] async for one in db.sequence.find({}) for place in one["commits"]]
    assert len(places) == len(set(places)) == 11


async def test_a_standby_waits_for_the_lease_and_takes_over(
    db: Database,
    store: MongoEventStore,
    start: Start,
    topic: str,
    real_parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acquire = SequencerLease.acquire
    refused = asyncio.Event()

    async def acquire_and_tell(lease: SequencerLease) -> Progress | None:
        progress = await acquire(lease)
        if progress is None:
            refused.set()
        return progress

    monkeypatch.setattr(SequencerLease, "acquire", acquire_and_tell)
    first = start("one")
    await add(store, "n1")
    await until_in_kafka(real_parts.kafka, topic, 1)
    start("two")
    async with asyncio.timeout(120):
        await refused.wait()
    lease = await db.sequencers.find_one({"_id": "lease"})
    assert lease is not None
    assert lease["owner"] == "one"
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await add(store, "n2")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 2), 2)


async def test_a_topic_that_contradicts_the_log_is_not_written_to(
    db: Database, log_identity: LogIdentity, topic: str, real_parts: Parts
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=real_parts.kafka)
    await producer.start()
    source = f"/zugabe/{topic}/{log_identity.id}".encode()
    needed = ("ce_id", "ce_subject", "ce_time", "ce_correlationid", "ce_dealer")
    headers = [("ce_sequence", b"0.7"), ("ce_source", source), ("ce_type", b"added")]
    headers += [("ce_dataschema", b"urn:zugabe:added:1"), *((name, b"") for name in needed)]
    await producer.send_and_wait(topic, b"{}", partition=0, headers=headers)
    await producer.stop()
    with pytest.raises(ContradictionError, match="ends at position 7"):
        await asyncio.wait_for(Sequencer(db, log_identity, real_parts.kafka, "one", now).run(), 120)


async def test_what_kafka_lost_is_sent_again(
    db: Database, store: MongoEventStore, start: Start, topic: str, real_parts: Parts,
    log_identity: LogIdentity,
) -> None:  # fmt: skip
    """The topic is deleted and recreated: the whole log is sent again."""
    first = start("one")
    await asyncio.gather(*(add(store, f"n{number % 7}") for number in range(50)))
    await until_in_kafka(real_parts.kafka, topic, 50)
    await until_reported(db, 50)
    await stopped(first)
    admin = AIOKafkaAdminClient(bootstrap_servers=real_parts.kafka)
    await admin.start()
    await admin.delete_topics([topic])
    async with asyncio.timeout(120):
        while topic in await admin.list_topics():
            await asyncio.sleep(0.1)
    await admin.close()
    await deploy_topic(real_parts.kafka, log_identity, 1)
    start("one")
    await add(store, "n1")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 51), 51)


async def test_another_sequencer_that_writes_and_sends_meanwhile_is_no_contradiction(
    store: MongoEventStore,
    start: Start,
    topic: str,
    real_parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A zombie goes on between the reading of the log and the look at Kafka."""
    tail = Sequencer._tail
    done: list[bool] = []

    async def tail_and_be_overtaken(one: Sequencer, progress: Progress) -> Any:
        found = await tail(one, progress)
        if not done:
            done.append(True)
            await add(store, "n1")
            zombie = start("one")
            await until_in_kafka(real_parts.kafka, topic, 1)
            await stopped(zombie)
        return found

    monkeypatch.setattr(Sequencer, "_tail", tail_and_be_overtaken)
    first = start("one")
    await add(store, "n1")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 2), 2)
    assert not first.done()


async def test_what_a_stranger_put_into_the_topic_is_passed_over(
    store: MongoEventStore, start: Start, topic: str, real_parts: Parts
) -> None:
    first = start("one")
    await add(store, "n1")
    [message] = await until_in_kafka(real_parts.kafka, topic, 1)
    await stopped(first)
    producer = AIOKafkaProducer(bootstrap_servers=real_parts.kafka)
    await producer.start()
    strange: list[Any] = [[], [("ce_sequence", None)], [("ce_sequence", b"0.9")]]
    for headers in strange:
        await producer.send_and_wait(topic, b"?", partition=message.lane.part, headers=headers)
    await producer.stop()
    start("one")
    await add(store, "n1")
    async with reading(real_parts.kafka, topic) as consumer, asyncio.timeout(120):
        offsets: list[int] = []
        while len(offsets) < 5:
            for records in (await consumer.getmany(timeout_ms=200)).values():
                offsets += [record.offset for record in records]
    assert offsets == [0, 1, 2, 3, 4]


async def test_log_time_never_goes_back_although_clocks_differ(
    db: Database, store: MongoEventStore, log_identity: LogIdentity, start: Start, topic: str,
    real_parts: Parts,
) -> None:  # fmt: skip
    first = start("one")
    await add(store, "n1")
    await until_in_kafka(real_parts.kafka, topic, 1)
    await stopped(first)
    late = Sequencer(db, log_identity, real_parts.kafka, "late", lambda: now() - timedelta(hours=1))
    running = asyncio.create_task(late.run())
    await add(store, "n1")
    await until_in_kafka(real_parts.kafka, topic, 2)
    await stopped(running)
    one, two = await db.sequence.find({}).sort("_id").to_list()
    assert one["time"] <= two["time"]


async def test_a_long_recovery_does_not_lose_the_lease(
    db: Database, store: MongoEventStore, start: Start, topic: str, real_parts: Parts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Otherwise two sequencers would take it from each other endlessly."""
    monkeypatch.setattr("zugabe_events.sequencer.lease.LEASE_TTL_MS", 2_000)
    monkeypatch.setattr("zugabe_events.mongo.lease.RENEW_INTERVAL_SECONDS", 0.1)
    monkeypatch.setattr("zugabe_events.sequencer.sequencer.QUIET_REPORT_INTERVAL_SECONDS", 0.1)
    monkeypatch.setattr("zugabe_events.sequencer.sequencer.REPORT_INTERVAL_SECONDS", 0.02)

    async def recover_slowly(*args: Any) -> Progress:
        await asyncio.sleep(5)
        return await recover(*args)

    monkeypatch.setattr("zugabe_events.sequencer.sequencer.recover", recover_slowly)
    await add(store, "n1")
    start("one")
    async with asyncio.timeout(120):
        while not await db.sequencers.find_one({"_id": "lease", "owner": "one"}):
            await asyncio.sleep(0.01)
    start("two")
    assert_complete(await until_in_kafka(real_parts.kafka, topic, 1), 1)
    lease = await db.sequencers.find_one({"_id": "lease"})
    assert lease is not None
    assert (lease["owner"], lease["epoch"]) == ("one", 1)


async def test_messages_are_cloudevents_in_binary_mode(
    store: MongoEventStore, start: Start, topic: str, real_parts: Parts, log_identity: LogIdentity
) -> None:
    """X-13, X-14"""
    start("one")
    await add(store, "n1", 5)
    [message] = await until_in_kafka(real_parts.kafka, topic, 1)
    assert message.body == b'{"counter":"n1","amount":5}'
    headers = {name: value.decode() for name, value in message.headers.items()}
    assert headers["content-type"] == "application/json"
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_type"] == "added"
    assert headers["ce_source"] == f"/zugabe/{topic}/{log_identity.id}"
    assert headers["ce_subject"] == counter_history("n1").stream.id
    assert headers["ce_partitionkey"] == "n1"
    assert headers["ce_sequence"] == f"{message.lane.part}.{1:016}"
    assert headers["ce_dataschema"] == "urn:zugabe:added:1"
    assert headers["ce_correlationid"] == "c1"
    assert (headers["ce_actor"], headers["ce_role"], headers["ce_dealer"]) == (
        "tester", "service", "acme",
    )  # fmt: skip
    assert datetime.fromisoformat(headers["ce_time"]).tzinfo is not None
