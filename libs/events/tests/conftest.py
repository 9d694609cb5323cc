"""Real Kafka and MongoDB for the tests that need them, started once."""

from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime
from typing import ClassVar
from uuid import uuid4

import pytest
from zugabe.testing import Parts, parts
from zugabe_events.decider import Decider
from zugabe_events.envelope import Context, Event, EventTypes, Stream
from zugabe_events.mongo import Database, LogIdentity, connect, database, deploy_log


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
