"""Short-lived Kafka clients, stopped in any case, even if they failed to start."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient

from zugabe_events.messaging.kafka_security import client_options


@asynccontextmanager
async def kafka_consumer(bootstrap: str, *topics: str) -> AsyncGenerator[AIOKafkaConsumer]:
    """A consumer without a group, of all partitions of `topics`, or those it is assigned later."""
    consumer = AIOKafkaConsumer(
        *topics,
        **client_options(bootstrap),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


@asynccontextmanager
async def kafka_admin(bootstrap: str) -> AsyncGenerator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(**client_options(bootstrap))
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()
