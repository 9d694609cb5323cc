"""Graphics over a real log and GridFS."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import httpx
import pytest
from catalog_shops_tests.service import EDITOR, app_over

from catalog_shops.graphic.storage import BUCKET, is_graphic, name_of
from zugabe_events.contracts.catalog_shops import CatalogShopsEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.files.store import MongoFiles, deploy_files
from zugabe_events.files.sweeper import sweep
from zugabe_events.mongo.client import Database, connect, database, deploy_log
from zugabe_testing.examples import bearer
from zugabe_testing.pictures import jpeg

BANNER = jpeg(690, 5_000)
FILE = sha256(BANNER).hexdigest()
SHOWN = f"/graphics/acme/{FILE}"


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
async def store(db: Database) -> MongoEventStore:
    await deploy_files(BUCKET)(db)
    types = EventTypes.of(CatalogShopsEvent)
    return MongoEventStore(db, await deploy_log(db, uuid4(), 4), types)


@pytest.fixture
async def http(db: Database, store: MongoEventStore) -> AsyncGenerator[httpx.AsyncClient]:
    app = app_over(store, MongoFiles(db, BUCKET))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
        yield client


async def upload(http: httpx.AsyncClient) -> httpx.Response:
    headers = {**bearer(EDITOR), b"Content-Type": b"image/jpeg"}
    path = "/dealers/acme/graphics?purpose=banner"
    return await http.post(path, content=BANNER, headers=headers)


async def test_uploads_at_the_same_time_are_one_graphic(
    http: httpx.AsyncClient, db: Database, store: MongoEventStore
) -> None:
    """X-12"""
    answers = await asyncio.gather(*(upload(http) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["file"] for answer in answers} == {FILE}
    assert await db.commits.count_documents({}) == 1
    assert (await http.get(SHOWN)).content == BANNER
    assert await db["graphics.files"].count_documents({"metadata.kept": False}) == 0
    not_modified = await http.get(SHOWN, headers={"If-None-Match": f'"{FILE}"'})
    assert (not_modified.status_code, not_modified.content) == (304, b"")


async def test_what_was_interrupted_before_its_event_is_swept(
    http: httpx.AsyncClient, db: Database, store: MongoEventStore
) -> None:
    files = MongoFiles(db, BUCKET)
    await upload(http)
    await files.loosen(name_of("acme", FILE))
    await files.put(name_of("acme", "e" * 64), b"never announced")
    [uploaded] = [file["uploadDate"] async for file in db["graphics.files"].find().limit(1)]
    later = uploaded + timedelta(hours=2)
    assert await sweep(files, is_graphic(store), later) == 2
    assert await sweep(files, is_graphic(store), later) == 0
    assert (await http.get(SHOWN)).content == BANNER
    assert await files.read(name_of("acme", "e" * 64)) is None


async def test_a_graphic_whose_bytes_were_lost_is_not_found(
    http: httpx.AsyncClient, db: Database
) -> None:
    await upload(http)
    await MongoFiles(db, BUCKET).delete(name_of("acme", FILE))
    answer = await http.get(SHOWN)
    assert (answer.status_code, answer.json()["code"]) == (404, "graphic-not-found")
    assert answer.headers["cache-control"] == "no-store"
