"""Real Kafka and MongoDB for the tests that need them, started once; a log of its own per test."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from uuid import uuid4

import pytest
from kernel_tests.records import Records
from kernel_tests.toy import TYPES, Start, now

from zugabe.testing import Parts, parts
from zugabe_events.consumer.dead_letters import deploy_dead_letters
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import (
    Database,
    LogIdentity,
    connect,
    create_missing,
    database,
    deploy_log,
)
from zugabe_events.runtime.deploy import deploy_topic
from zugabe_events.sequencer.sequencer import Sequencer


@pytest.fixture(scope="session")
def real_parts() -> Generator[Parts]:
    with parts() as started:
        yield started


@pytest.fixture
async def db(real_parts: Parts) -> AsyncGenerator[Database]:
    client = connect(real_parts.mongo)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
async def log_identity(db: Database) -> LogIdentity:
    return await deploy_log(db, uuid4(), 4)


@pytest.fixture
async def topic(real_parts: Parts, log_identity: LogIdentity) -> str:
    await deploy_topic(real_parts.kafka, log_identity, 1)
    return log_identity.name


@pytest.fixture
def store(db: Database, log_identity: LogIdentity) -> MongoEventStore:
    return MongoEventStore(db, log_identity, TYPES)


@pytest.fixture
async def start(
    db: Database, log_identity: LogIdentity, topic: str, real_parts: Parts
) -> AsyncGenerator[Start]:
    """Starts a sequencer for the log, under an owner's name."""
    tasks: list[asyncio.Task[None]] = []

    def begin(owner: str) -> asyncio.Task[None]:
        sequencer = Sequencer(db, log_identity, real_parts.kafka, owner, now)
        tasks.append(asyncio.create_task(sequencer.run()))
        return tasks[-1]

    yield begin
    for task in tasks:
        task.cancel()
    async with asyncio.timeout(60):
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def records(
    db: Database, log_identity: LogIdentity, topic: str, real_parts: Parts
) -> Records:
    await deploy_dead_letters(db)
    await create_missing(db, "positions", "noted")
    return Records(db, log_identity, real_parts.kafka)
