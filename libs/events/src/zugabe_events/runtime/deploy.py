"""The deploy step in Kafka: a service's topic, and where its policies and read models begin."""

from collections.abc import Sequence
from typing import Literal

from aiokafka import TopicPartition
from aiokafka.admin import NewTopic

from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.messaging.authentication import authentication_of
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
    """Fix where a policy begins at its first deploy, not at its first message."""
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
    """Create the serving collection. If there are events to fold already, a new read model is
    marked as filling and answers no queries before it is built."""
    found = await db.readmodels.find_one({"_id": family_of(model)})
    if found is None:
        document: Document = {"serving": 1, "highest": 1}
        if not await _has_served_or_is_empty(db, bootstrap, identity, model):
            document["filling"] = True
        await db.readmodels.update_one(
            {"_id": family_of(model)}, {"$setOnInsert": document}, upsert=True
        )
    await deploy_views(db, model, (await builds(db, model))["serving"])


async def _has_served_or_is_empty(
    db: Database, bootstrap: str, identity: LogIdentity, model: AnyReadModel
) -> bool:
    """True if the model served before registers existed, or there is no event to fold."""
    if await has_served(db, family_of(model)):
        return True
    for topic in model.topics:
        if topic == identity.name:
            has_events = await db.commits.find_one({}) is not None
        else:
            has_events = await _has_records(bootstrap, topic)
        if has_events:
            return False
    return True


async def _has_records(bootstrap: str, topic: str) -> bool:
    parts = await _parts_of(bootstrap, topic)
    if not parts:
        return False
    async with kafka_consumer(bootstrap) as consumer:
        return any((await consumer.end_offsets(parts)).values())


async def _put_at_end(positions: Checkpoints, bootstrap: str, topic: str) -> None:
    """Put checkpoints at the end of a topic; a missing topic needs none."""
    parts = await _parts_of(bootstrap, topic)
    if not parts:
        return
    authentication = authentication_of(bootstrap)
    async with kafka_consumer(bootstrap) as consumer:
        ends = await consumer.end_offsets(parts)
        consumer.assign(parts)
        for part in parts:
            message = await last_message(consumer, part, ends[part], authentication)
            if message is not None:
                await positions.put(message.lane, message)


async def _parts_of(bootstrap: str, topic: str) -> list[TopicPartition]:
    """Empty for a missing topic."""
    async with kafka_admin(bootstrap) as admin:
        if topic not in await admin.list_topics():
            return []
        [described] = await admin.describe_topics([topic])
        return [
            TopicPartition(topic, partition["partition"]) for partition in described["partitions"]
        ]
