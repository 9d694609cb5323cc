"""Faults of what is stored: a token that is gone, records that come twice, offsets that lie."""

import asyncio
import random
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from pymongo import AsyncMongoClient

PARTITIONS_DOUBLED = 4
RECORDS_DOUBLED = 200
READING_MS = 2_000
PATIENCE_SECONDS = 120

NO_TOKEN: dict[str, dict[str, Any]] = {
    "unset": {"$unset": {"token": 1, "start_at": 1}},
    "unreadable": {"$set": {"token": {"_data": "nonsense"}, "start_at": None}},
}


async def lose_token(mongo_url: str, log: str, doubt: str) -> None:
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as mongo:
        await mongo[log].sequencers.update_one({"_id": "lease"}, NO_TOKEN[doubt])


async def rewind(mongo_url: str, service: str) -> None:
    """Positions stay what they are; where to read on is a hint, and says zero now."""
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as mongo:
        await mongo[service].positions.update_many({}, {"$set": {"offset": -1}})


async def double(kafka: str, topic: str, salt: int) -> None:
    """Some partitions get their latest records again, with the same bytes and headers."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await _double(kafka, topic, salt)
            except KafkaError:  # it has just been started
                await asyncio.sleep(1)


async def _double(kafka: str, topic: str, salt: int) -> None:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    try:
        await consumer.start()
        await producer.start()
        parts = sorted(await producer.partitions_for(topic))
        chosen = random.Random(salt).sample(parts, min(PARTITIONS_DOUBLED, len(parts)))
        for number in chosen:
            for record in await _latest(consumer, TopicPartition(topic, number)):
                await producer.send(
                    topic,
                    record.value,
                    key=record.key,
                    partition=number,
                    headers=list(record.headers),
                )
        await producer.flush()
    finally:
        await producer.stop()
        await consumer.stop()


async def _latest(consumer: AIOKafkaConsumer, part: TopicPartition) -> list[Any]:
    end = (await consumer.end_offsets([part]))[part]
    consumer.assign([part])
    consumer.seek(part, max(end - RECORDS_DOUBLED, 0))
    found: list[Any] = []
    while end and (not found or found[-1].offset + 1 < end):
        some = await consumer.getmany(part, timeout_ms=READING_MS)
        found += some.get(part, [])
    return [record for record in found if record.offset < end]
