"""The whole of Zugabe, once for all stories; a dealer of its own for each.

What the stories leave behind is audited when they are over.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
from pymongo import AsyncMongoClient
from stories.dealer import Dealer

from zugabe.supervisor import Stack
from zugabe_events.http.authorization import SERVICES
from zugabe_events.mongo.client import Document
from zugabe_testing.eventually import eventually
from zugabe_verify.verify import verify

# Kafka and MongoDB of its own, because they are killed here.
OWN_PARTS = {"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}
# A replica that is gone for good is missed after six seconds, the least that Kafka allows.
SOON_MISSED = {"ZUGABE_SESSION_MS": "6000"}
RESTS_SECONDS = 2.0


@contextmanager
def a_stack() -> Generator[Stack]:
    with (
        tempfile.TemporaryDirectory(prefix="zugabe-") as home,
        Stack(Path(home), env=OWN_PARTS | SOON_MISSED) as stack,
    ):
        yield stack


@pytest.fixture(scope="session")
def zugabe() -> Generator[Stack]:
    with a_stack() as stack:
        yield stack
        mongo, kafka = stack.addresses["mongod"], stack.addresses["kafka"]
        asyncio.run(eventually(partial(rests, mongo)))
        found = asyncio.run(verify(mongo, kafka, business=True))
        assert not found, [one.text for one in found]


async def rests(mongo: str) -> None:
    """The services have settled: no policy answers its own events endlessly."""
    async with AsyncMongoClient[Document](mongo) as client:
        before = [await client[name].commits.estimated_document_count() for name in SERVICES]
        await asyncio.sleep(RESTS_SECONDS)
        now = [await client[name].commits.estimated_document_count() for name in SERVICES]
    assert before == now


@pytest.fixture(scope="module")
def spoilt() -> Generator[Stack]:
    """For a story that leaves behind what no auditor would pass."""
    with a_stack() as stack:
        yield stack


@pytest.fixture
async def dealer(zugabe: Stack) -> AsyncGenerator[Dealer]:
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(timeout=60, limits=limits) as http:
        yield Dealer(zugabe, http)
    assert zugabe.failure is None
