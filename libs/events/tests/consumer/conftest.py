"""A database that tells how often it is asked."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from zugabe.testing import Parts
from zugabe_events.consumer.dead_letters import deploy_dead_letters
from zugabe_events.mongo.client import Database, create_missing, database
from zugabe_testing.counted_store import Requests


@pytest.fixture
def requests() -> Requests:
    return Requests()


@pytest.fixture
async def observed(db: Database, real_parts: Parts, requests: Requests) -> AsyncGenerator[Database]:
    """The same database, through a client whose requests are counted."""
    await deploy_dead_letters(db)
    await create_missing(db, "positions", "noted")
    async with AsyncMongoClient[dict[str, Any]](
        real_parts.mongo, event_listeners=[requests]
    ) as client:
        yield database(client, db.name)
