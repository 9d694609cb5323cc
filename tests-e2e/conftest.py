"""The whole of Zugabe, once for all stories; a dealer of its own for each.

What the stories leave behind is audited when they are over.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from dealer import Dealer

from zugabe.supervisor import Stack
from zugabe_verify.verify import verify

# Kafka and MongoDB of its own, because they are killed here.
OWN_PARTS = {"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}
# A replica that is gone for good is missed after six seconds, the least that Kafka allows.
SOON_MISSED = {"ZUGABE_SESSION_MS": "6000"}


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
        found = asyncio.run(verify(mongo, kafka, business=True))
        assert not found, [one.text for one in found]


@pytest.fixture(scope="module")
def spoilt() -> Generator[Stack]:
    """For a story that leaves behind what no auditor would pass."""
    with a_stack() as stack:
        yield stack


@pytest.fixture
async def dealer(zugabe: Stack) -> AsyncGenerator[Dealer]:
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(timeout=20, limits=limits) as http:
        yield Dealer(zugabe, http)
    assert zugabe.failure is None
