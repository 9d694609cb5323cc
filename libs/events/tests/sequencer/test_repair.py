"""Log and topic disagree, or one of them is gone: each has a way back, without an effect twice."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from kernel_tests.toy import TYPES, Added, CounterView, Start, counters, now, project
from kernel_tests.toy_service import ToyService

from zugabe.testing import Parts
from zugabe_events.cli import sequencer
from zugabe_events.cli.rebuild import rebuild
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.event import Event
from zugabe_events.mongo.client import Database, LogIdentity, database, deploy_log, identity
from zugabe_events.mongo.lease import EXPIRED
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import canonical_hash
from zugabe_events.projections.rebuild import Rebuild
from zugabe_events.runtime.deploy import deploy_topic
from zugabe_events.sequencer.publisher import ContradictionError, Publisher
from zugabe_events.sequencer.republish import republish
from zugabe_events.sequencer.restored_log import NotOlderError, SequencerRunsError, new_log
from zugabe_events.sequencer.sequence import SequencedCommit
from zugabe_events.sequencer.sequencer import Sequencer

SOURCES = ("log", "commits", "sequence", "sequencers")
HEARD = ("positions", "noted", "parked_keys", "dead_letters", "readmodels")


@pytest.fixture
async def service(
    db: Database, log_identity: LogIdentity, topic: str, real_parts: Parts
) -> ToyService:
    toy = ToyService(db, log_identity, real_parts, topic)
    await toy.deploy()
    return toy


@pytest.fixture
async def listener(service: ToyService) -> AsyncGenerator[ToyService]:
    """Another service, with a log of its own, that consumes the first one."""
    db = database(service.db.client, f"{service.db.name}-other")
    other = ToyService(db, await deploy_log(db, uuid4(), 4), service.parts, service.topic)
    await other.deploy()
    yield other
    await db.client.drop_database(db.name)


@asynccontextmanager
async def sequencing(service: ToyService) -> AsyncGenerator[None]:
    log = await identity(service.db)
    one = Sequencer(service.db, log, service.parts.kafka, "one", now)
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def wipe(service: ToyService) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=service.parts.kafka)
    await admin.start()
    await admin.delete_topics([service.topic])
    async with asyncio.timeout(120):
        while service.topic in await admin.list_topics():
            await asyncio.sleep(0.1)
    await admin.close()
    await deploy_topic(service.parts.kafka, service.identity, 1)


async def test_a_hole_is_shown_by_who_waits_for_it_and_filled_by_republishing(
    service: ToyService, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zugabe_events.consumer.gap_monitor.GAP_ALARM_INTERVAL_SECONDS", 0.2)
    monkeypatch.setattr("zugabe_events.consumer.gap_monitor.GAP_CHECK_INTERVAL_SECONDS", 0.1)
    lost: list[int] = []
    send = Publisher.send

    async def send_but_lose_the_third(relay: Publisher, sequenced: SequencedCommit) -> None:
        if sequenced.pos == 3 and not lost:
            lost.append(sequenced.commit["part"])
        else:
            await send(relay, sequenced)

    monkeypatch.setattr(Publisher, "send", send_but_lose_the_third)
    start("one")
    async with service.running():
        for _ in range(6):
            await service.add("n0")
        query = {"consumer": service.build, "hole.missing": 3}
        async with asyncio.timeout(120):
            while (waiting := await service.db.positions.find_one(query)) is None:
                await asyncio.sleep(0.1)
        assert (waiting["pos"], waiting["part"]) == (2, lost[0])
        kafka = service.parts.kafka
        first, last = await republish(service.db, service.identity, kafka, lost[0], 3)
        assert first == 3
        assert last >= 6
        await service.until_added({"n0": 6})
        async with asyncio.timeout(120):
            while len(await service.mirrored("n0")) < 6:
                await asyncio.sleep(0.05)
    found = await service.db.positions.find_one(query)
    assert found is None or found["pos"] >= found["hole"]["missing"]


async def test_what_is_not_in_the_log_cannot_be_republished(service: ToyService) -> None:
    for part, first in ((0, 1), (99, 1), (-1, 1), (0, 0)):
        with pytest.raises(LookupError, match="holds positions 1 to 0"):
            await republish(service.db, service.identity, service.parts.kafka, part, first)


async def test_a_topic_wiped_under_load_is_refilled(service: ToyService, start: Start) -> None:
    """The new topic gets the whole log; its consumers go on behind what they have handled."""
    start("one")
    async with service.running():
        writing = asyncio.create_task(write(service, 40))
        async with asyncio.timeout(120):
            while len(await service.added()) < 6:
                await asyncio.sleep(0.05)
        assert not writing.done()
        await wipe(service)
        await writing
        await until_sequenced(service)
        for part in range(service.identity.parts):
            await republish_all(service, part)
        await service.until_added({f"n{number}": 40 for number in range(6)})
        async with asyncio.timeout(120):
            while [len(await service.mirrored(f"n{number}")) for number in range(6)] != [40] * 6:
                await asyncio.sleep(0.1)


async def until_sequenced(service: ToyService) -> None:
    """Every commit has its position, and its consumers have stopped at the gap or at the end."""
    async with asyncio.timeout(120):
        while await service.db.commits.count_documents({}) != sum(
            [len(one["commits"]) async for one in service.db.sequence.find({})]
        ):
            await asyncio.sleep(0.05)


async def republish_all(service: ToyService, part: int) -> None:
    last = await service.db.sequence.find_one({"_id.part": part})
    if last is not None:
        await republish(service.db, service.identity, service.parts.kafka, part, 1)


async def write(service: ToyService, rounds: int) -> None:
    for _ in range(rounds):
        await asyncio.gather(*(service.add(f"n{number}") for number in range(6)))
        await asyncio.sleep(0.05)


async def test_a_consumer_group_holds_nothing_that_could_be_lost(
    service: ToyService, start: Start
) -> None:
    """Kafka knows no offsets of ours, so a group that is gone changes nothing."""
    start("one")
    async with service.running():
        await write(service, 3)
        await service.until_added({f"n{number}": 3 for number in range(6)})
    admin = AIOKafkaAdminClient(bootstrap_servers=service.parts.kafka)
    await admin.start()
    offsets = await admin.list_consumer_group_offsets(service.mirrors)
    await admin.close()
    assert all(one.offset < 0 for one in offsets.values())


async def test_a_read_model_whose_documents_are_gone_is_rebuilt(
    service: ToyService, start: Start
) -> None:
    """Its positions say that it has seen everything; the new build serves all the same."""
    start("one")
    async with service.running():
        await write(service, 3)
        await service.until_added({f"n{number}": 3 for number in range(6)})
    model = counters(service.topic)
    await service.db[service.build].delete_many({})
    kafka = service.parts.kafka
    assert await rebuild(service.db, service.identity, kafka, [model], TYPES)
    assert (await service.db.readmodels.find_one({}) or {})["serving"] == 2
    assert await service.db[build_of(model, 2)].count_documents({"added": 3}) == 6


async def test_a_rebuild_stops_at_poison_and_leaves_out_what_was_skipped(
    service: ToyService, start: Start
) -> None:
    start("one")
    async with service.running():
        await write(service, 1)
        await service.until_added({f"n{number}": 1 for number in range(6)})
    model = replace(counters(service.topic), project=refusing)
    one = Rebuild(service.db, service.identity, service.parts.kafka, model, TYPES)
    with pytest.raises(ValueError, match="a defect"):
        await one.run()
    commit = await service.db.commits.find_one({"stream": "counter/n3"})
    assert commit is not None
    skipped = {"what": "skipped", "consumer": service.build, "event": f"{commit['_id']}.0"}
    await service.db.letter_steps.insert_one(skipped)
    generation = await one.run()
    built = service.db[build_of(model, generation)]
    assert await built.count_documents({"added": 1}) == 5


def refusing(view: CounterView | None, event: Event) -> CounterView | None:
    if isinstance(event, Added) and event.counter == "n3":
        raise ValueError("a defect")
    return project(view, event)


async def copied(db: Database, *names: str) -> dict[str, list[Any]]:
    return {name: await db[name].find({}).to_list() for name in names}


async def restored(db: Database, backup: Mapping[str, list[Any]]) -> None:
    for name, documents in backup.items():
        await db[name].delete_many({})
        if documents:
            await db[name].insert_many(documents)


async def test_a_restored_log_goes_on_under_a_new_id(
    service: ToyService, listener: ToyService
) -> None:
    """The backup is older than the topic. Nothing that both know is consumed twice, what comes new
    once, and what is lost is told."""
    numbers = range(6)
    async with service.running(), listener.running(), sequencing(service):
        await write(service, 5)
        await service.until_added({f"n{number}": 5 for number in numbers})
    backup = await copied(service.db, *SOURCES, *HEARD, service.build)
    async with service.running(), listener.running(), sequencing(service):
        await write(service, 2)
        await listener.until_added({f"n{number}": 7 for number in numbers})
    await restored(service.db, backup)

    with pytest.raises(ContradictionError):
        await asyncio.wait_for(
            Sequencer(service.db, service.identity, service.parts.kafka, "one", now).run(), 30
        )
    begun = await new_log(service.db, service.identity, service.parts.kafka, uuid4(), now())
    assert sum(one.name == "added" for one in begun.lost) == 2 * 6
    service.identity = await identity(service.db)
    assert service.identity.id == begun.id

    async with service.running(), listener.running(), sequencing(service):
        await write(service, 3)
        await service.until_added({f"n{number}": 8 for number in numbers})
        await listener.until_added({f"n{number}": 10 for number in numbers})
        async with asyncio.timeout(120):
            while [len(await service.mirrored(f"n{number}")) for number in numbers] != [8] * 6:
                await asyncio.sleep(0.1)
            while [len(await listener.mirrored(f"n{number}")) for number in numbers] != [10] * 6:
                await asyncio.sleep(0.1)
    await rebuilt_equals_live(service)
    await rebuilt_equals_live(listener)


async def rebuilt_equals_live(service: ToyService) -> None:
    model = counters(service.topic)
    one = Rebuild(service.db, service.identity, service.parts.kafka, model, TYPES)
    again = await canonical_hash(service.db, build_of(model, await one.build()))
    assert again == await canonical_hash(service.db, service.build)


async def test_commits_without_a_position_get_the_one_that_the_topic_has(
    service: ToyService, listener: ToyService
) -> None:
    """The backup holds commits that were sequenced and sent only after it was made."""
    async with listener.running(), sequencing(service):
        await write(service, 2)
        await listener.until_added({f"n{number}": 2 for number in range(6)})
        sequences = await copied(service.db, "sequence", "sequencers")
        await write(service, 2)
        await listener.until_added({f"n{number}": 4 for number in range(6)})
    await restored(service.db, sequences)
    await service.db.sequencers.update_one({}, {"$set": {"until": EXPIRED}})
    begun = await new_log(service.db, service.identity, service.parts.kafka, uuid4(), now())
    assert begun.lost == []
    async with listener.running(), sequencing(service):
        await write(service, 1)
        await listener.until_added({f"n{number}": 5 for number in range(6)})


async def test_a_log_that_lacks_nothing_keeps_its_id_unless_that_is_forced(
    service: ToyService,
) -> None:
    async with sequencing(service), service.running():
        await write(service, 1)
        await service.until_added({f"n{number}": 1 for number in range(6)})
    await service.db.sequencers.update_one({}, {"$set": {"until": EXPIRED}})
    with pytest.raises(NotOlderError):
        await new_log(service.db, service.identity, service.parts.kafka, uuid4(), now())
    assert await identity(service.db) == service.identity
    new_id = uuid4()
    begun = await new_log(
        service.db, service.identity, service.parts.kafka, new_id, now(), force=True
    )
    assert begun.lost == []
    assert (await identity(service.db)).id == new_id


async def test_a_log_gets_no_new_id_while_it_is_sequenced(
    service: ToyService, start: Start
) -> None:
    start("one")
    async with asyncio.timeout(120):
        while not await service.db.sequencers.find_one({"epoch": 1}):
            await asyncio.sleep(0.05)
    with pytest.raises(SequencerRunsError):
        await new_log(service.db, service.identity, service.parts.kafka, uuid4(), now())


async def test_one_contradicted_log_does_not_stop_the_others(
    service: ToyService, listener: ToyService, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """It is tried again, and goes on once it has a new id."""
    monkeypatch.setattr(sequencer, "BACKOFF", Backoff(0.2, 300.0))
    await deploy_topic(service.parts.kafka, listener.identity, 1)
    async with sequencing(service):
        await write(service, 1)
        async with service.running():
            await service.until_added({f"n{number}": 1 for number in range(6)})
    for name in ("sequence", "commits", "sequencers"):
        await service.db[name].delete_many({})
    settings = sequencer.Settings(
        mongo_url=service.parts.mongo,
        kafka=service.parts.kafka,
        unsigned_messages=True,
        logs=f"{service.db.name},{listener.db.name}",
        instance="s",
    )
    task = asyncio.create_task(sequencer.sequence(settings))
    try:
        async with asyncio.timeout(120):
            while "stands still" not in caplog.text:
                await asyncio.sleep(0.1)
        await listener.add("n0")
        async with asyncio.timeout(120):
            while not await listener.db.sequence.count_documents({}):
                await asyncio.sleep(0.1)
        assert not task.done()
        async with asyncio.timeout(120):
            while True:
                try:
                    log = await identity(service.db)
                    await new_log(service.db, log, service.parts.kafka, uuid4(), now())
                except SequencerRunsError:
                    await asyncio.sleep(0.05)
                else:
                    break
        await service.add("n0")
        async with asyncio.timeout(120):
            while not await service.db.sequence.count_documents({}):
                await asyncio.sleep(0.1)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_sequencer_ends_when_all_its_logs_are_contradicted(service: ToyService) -> None:
    async with sequencing(service):
        await write(service, 1)
        async with service.running():
            await service.until_added({f"n{number}": 1 for number in range(6)})
    for name in ("sequence", "commits", "sequencers"):
        await service.db[name].delete_many({})
    settings = sequencer.Settings(
        mongo_url=service.parts.mongo,
        kafka=service.parts.kafka,
        unsigned_messages=True,
        logs=service.db.name,
        instance="s",
    )
    with pytest.raises(ExceptionGroup) as ended:
        await asyncio.wait_for(sequencer.sequence(settings), 120)
    assert ended.group_contains(ContradictionError)
    nothing = settings.model_copy(update={"logs": " , "})
    with pytest.raises(LookupError):
        await sequencer.sequence(nothing)
