"""One story on real services, told once; every test corrupts a copy of what it left behind."""

import asyncio
from collections.abc import Generator, Iterator
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from verify_tests.audited import PREFIX, Audited, consumers_at_rest
from verify_tests.story import Day
from verify_tests.world import World

from zugabe.supervisor import Stack

OWN_PARTS = {"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Generator[Audited]:
    with Stack(tmp_path_factory.mktemp("audited"), env=OWN_PARTS) as stack:
        mongo, kafka = stack.addresses["mongod"], stack.addresses["kafka"]
        history = tmp_path_factory.mktemp("history") / "told.jsonl"
        history.write_text(asyncio.run(live(stack)))
        asyncio.run(consumers_at_rest(mongo))
        client: MongoClient[dict[str, Any]] = MongoClient(
            mongo, uuidRepresentation="standard", tz_aware=True
        )
        world = World.of(client)
        world.write(client, PREFIX, None)
        yield Audited(stack, mongo, kafka, client, world, history)
        client.close()


async def live(stack: Stack) -> str:
    async with httpx.AsyncClient(timeout=60) as http:
        day = Day(stack, http)
        await day.tell()
        return day.lines()


@pytest.fixture
def world(audited: Audited) -> Iterator[World]:
    """To be corrupted and written; afterwards the copy is again what it was."""
    mine = audited.world.copy()
    yield mine
    audited.world.write(audited.client, PREFIX, mine)
