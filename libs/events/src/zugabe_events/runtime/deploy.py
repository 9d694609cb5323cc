"""The deploy step in Kafka: a service's topic, and where its policies and read models begin."""

from collections.abc import Sequence
from typing import Literal

from aiokafka import TopicPartition
from aiokafka.admin import NewTopic

from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.messaging.kafka_client import kafka_admin, kafka_consumer
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.projections.builds import builds, family_of, has_served
from zugabe_events.projections.mongo_views import deploy_views
from zugabe_events.sequencer.publisher import last_message

SAFE_REPLICATION = 3


async def deploy_topic(bootstrap: str, identity: LogIdentity, replication: int) -> None:
    """The log's topic: one partition per part, and nothing is ever deleted from it."""
    async with kafka_admin(bootstrap) as admin:
        if identity.name in await admin.list_topics():
            return
        in_sync = 2 if replication >= SAFE_REPLICATION else 1
        await admin.create_topics(
            [
                NewTopic(
                    identity.name,
                    num_partitions=identity.parts,
                    replication_factor=replication,
                    topic_configs={
                        "retention.ms": "-1",
                        "retention.bytes": "-1",
                        "cleanup.policy": "delete",
                        "min.insync.replicas": str(in_sync),
                        "unclean.leader.election.enable": "false",
                    },
                )
            ]
        )


async def record_starts(
    db: Database,
    bootstrap: str,
    consumer: str,
    topics: Sequence[str],
    start: Literal["beginning", "now"],
) -> None:
    """Note once, for ever, where a policy begins: at its first deploy, not at its first message."""
    positions = Checkpoints(db, consumer)
    for topic in topics:
        name = f"{consumer}/{topic}"
        if await db.starts.find_one({"_id": name}):
            continue
        if start == "now":
            await _put_at_end(positions, bootstrap, topic)
        await db.starts.update_one({"_id": name}, {"$set": {"start": start}}, upsert=True)


async def begin_read_model(
    db: Database, bootstrap: str, identity: LogIdentity, model: AnyReadModel
) -> None:
    """The collection of what serves. Where there is something to fold already, a version that was
    never there is built before it answers queries."""
    found = await db.readmodels.find_one({"_id": family_of(model)})
    if found is None:
        document: Document = {"serving": 1, "highest": 1}
        if not await _is_nothing_new(db, bootstrap, identity, model):
            document["filling"] = True
        await db.readmodels.update_one(
            {"_id": family_of(model)}, {"$setOnInsert": document}, upsert=True
        )
    known = await builds(db, model)
    await deploy_views(db, model, known["serving"])


async def _is_nothing_new(
    db: Database, bootstrap: str, identity: LogIdentity, model: AnyReadModel
) -> bool:
    """It served before anybody noted that, or nothing has happened yet."""
    if await has_served(db, family_of(model)):
        return True
    for topic in model.hears:
        if topic == identity.name:
            happened = await db.commits.find_one({}) is not None
        else:
            happened = await _has_records(bootstrap, topic)
        if happened:
            return False
    return True


async def _has_records(bootstrap: str, topic: str) -> bool:
    parts = await _parts_of(bootstrap, topic)
    if not parts:
        return False
    async with kafka_consumer(bootstrap) as consumer:
        return any((await consumer.end_offsets(parts)).values())


async def _put_at_end(positions: Checkpoints, bootstrap: str, topic: str) -> None:
    """A topic that is not there yet begins later than now."""
    parts = await _parts_of(bootstrap, topic)
    if not parts:
        return
    async with kafka_consumer(bootstrap) as consumer:
        ends = await consumer.end_offsets(parts)
        consumer.assign(parts)
        for part in parts:
            message = await last_message(consumer, part, ends[part])
            if message is not None:
                await positions.put(message.lane, message)


async def _parts_of(bootstrap: str, topic: str) -> list[TopicPartition]:
    """None for a topic that is not there."""
    async with kafka_admin(bootstrap) as admin:
        if topic not in await admin.list_topics():
            return []
        [described] = await admin.describe_topics([topic])
        return [TopicPartition(topic, one["partition"]) for one in described["partitions"]]
