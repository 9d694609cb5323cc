"""Imports over a real log, GridFS and queue, by processes that are killed."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from catalog_shops_tests.bmecat import Dialect, bmecat_file
from catalog_shops_tests.import_process import now, parts_over
from catalog_shops_tests.service import app_over

from catalog_shops.catalogue_import.decider import Ended, import_history
from catalog_shops.catalogue_import.import_errors import MAX_ERRORS, MongoImportErrors, RowMistake
from catalog_shops.catalogue_import.import_queue import ImportTask, MongoImportQueue
from catalog_shops.catalogue_import.mongo_storage import BUCKET, DEPLOY_STEPS
from catalog_shops.catalogue_import.records import CatalogueArticle
from zugabe_events.contracts.catalog_shops import ImportCounts
from zugabe_events.domain.event_store import state_of
from zugabe_events.files.store import MongoFiles
from zugabe_events.mongo.client import Database, connect, database, deploy_log
from zugabe_testing.examples import bearer

DEADLINE_SECONDS = 90


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    db = database(client, name)
    await deploy_log(db, uuid4(), 4)
    for step in DEPLOY_STEPS:
        await step(db)
    yield db
    await client.drop_database(name)
    await client.close()


def catalogue(count: int, name: str = "Heft") -> bytes:
    articles = [
        CatalogueArticle(
            0,
            f"{number:06d}",
            name=f"{name} {number}",
            manufacturer=f"Marke {number % 7}",
        )
        for number in range(count)
    ]
    return bmecat_file(articles, Dialect(), "T_UPDATE_PRODUCTS")


async def upload(db: Database, content: bytes, dealer: str = "central") -> str:
    parts = await parts_over(db, "uploader")
    app = app_over(parts.store, MongoFiles(db, "graphics"), parts.storage, now)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as http:
        answer = await http.post(
            f"/dealers/{dealer}/catalogue-imports",
            params={"file_name": "katalog.xml"},
            content=content,
            headers={**bearer("central"), b"Content-Type": b"application/octet-stream"},
        )
    assert answer.status_code == 202, answer.text
    import_id = answer.json()["import_id"]
    assert isinstance(import_id, str)
    return import_id


@asynccontextmanager
async def process(url: str, db: Database, owner: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "catalog_shops_tests.import_process", url, db.name, owner,
        cwd=TESTS,
    )  # fmt: skip
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


TESTS = __file__.rpartition("/catalogue_import/")[0]


async def eventually(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not await is_so():
            await asyncio.sleep(0.05)


async def ended(db: Database, import_id: str, dealer: str = "central") -> Ended | None:
    parts = await parts_over(db, "reader")
    state = await state_of(parts.store, import_history(dealer, import_id))
    return state if isinstance(state, Ended) else None


async def articles_in(db: Database) -> int:
    return await db.commits.count_documents({"stream": {"$regex": "^article/"}})


async def owner_of(db: Database) -> str:
    found = await db.catalogue_import_queue.find_one({"_id": "central"})
    assert found is not None
    return str(found["owner"])


async def test_an_import_whose_process_is_killed_goes_on_in_another(
    mongo_url: str, db: Database
) -> None:
    """X-39: killed twice in the middle, and every article is there once."""
    count = 6_000
    import_id = await upload(db, catalogue(count))
    for bound in (500, 2_500):

        async def has_some(bound: int = bound) -> bool:
            return await articles_in(db) > bound

        async with process(mongo_url, db, f"killed at {bound}") as victim:
            await eventually(has_some)
            victim.kill()
        assert await articles_in(db) < count
    async with process(mongo_url, db, "last"):

        async def is_over() -> bool:
            return await ended(db, import_id) is not None

        async def is_tidy() -> bool:
            return not await db[f"{BUCKET}.chunks"].count_documents({})

        await eventually(is_over)
        await eventually(is_tidy)
    state = await ended(db, import_id)
    assert state is not None
    assert state.ended.counts == ImportCounts(new=count)
    assert await articles_in(db) == count
    brands = await db.commits.count_documents({"stream": {"$regex": "^brand/"}})
    assert brands == 7


async def test_imports_of_a_tenant_never_run_at_the_same_time(mongo_url: str, db: Database) -> None:
    """X-39: two processes, three imports, two tenants."""
    first = await upload(db, catalogue(1_500))
    second = await upload(db, catalogue(1_500, "Block"))
    third = await upload(db, catalogue(300), dealer="group.nord")
    async with process(mongo_url, db, "a"), process(mongo_url, db, "b"):

        async def all_over() -> bool:
            return all(
                [
                    await ended(db, first),
                    await ended(db, second),
                    await ended(db, third, "group.nord"),
                ]
            )

        await eventually(all_over)
    assert (await over(db, first)).ended.counts == ImportCounts(new=1_500)
    assert (await over(db, second)).ended.counts == ImportCounts(changed=1_500)
    spans = [await span_of(db, import_id) for import_id in (first, second)]
    assert spans[0][1] <= spans[1][0]


async def over(db: Database, import_id: str) -> Ended:
    state = await ended(db, import_id)
    assert state is not None
    return state


async def span_of(db: Database, import_id: str) -> tuple[datetime, datetime]:
    """When an import began to be read, and when it ended."""
    stream = import_history("central", import_id).stream.id
    times = [
        commit["recorded"] async for commit in db.commits.find({"stream": stream}).sort("version")
    ]
    return times[1], times[-1]


async def test_the_queue_keeps_the_order_and_lets_one_process_at_a_tenant(db: Database) -> None:
    one, other = MongoImportQueue(db, "one"), MongoImportQueue(db, "other")
    tasks = [
        ImportTask(name, "0" * 64, "anna", "central", "c", "e.0", now()) for name in ("i1", "i2")
    ]
    for task in (tasks[0], tasks[1], tasks[0]):
        await asyncio.gather(one.add("acme", task), other.add("acme", task))
    assert await one.tenants(now()) == ["acme"]
    assert [await one.waiting(tenant) for tenant in ("acme", "other")] == [2, 0]
    turn = await one.hold("acme")
    assert turn is not None
    assert turn.is_valid
    assert await other.hold("acme") is None
    assert await one.first("acme") == tasks[0]
    await one.postpone("acme", "i1", now().replace(year=2200), failed=True)
    assert await one.tenants(now()) == []
    again = await one.first("acme")
    assert again is not None
    assert (again.tries, again.failures) == (1, 1)
    await one.remove("acme", "i1")
    assert await other.tenants(now()) == ["acme"]
    assert await other.first("acme") == tasks[1]
    await turn.release()
    assert await other.hold("acme") is not None
    await other.remove("acme", "i2")
    assert await other.first("acme") is None
    assert await other.tenants(now()) == []


async def test_mistakes_are_kept_once_and_bounded(db: Database) -> None:
    errors = MongoImportErrors(db)
    some: Any = [
        RowMistake(f"{number:09d}.00", number, "1", "left-out", "Grund.")
        for number in range(1, MAX_ERRORS + 501)
    ]
    await errors.add("acme", "i1", some[:300], now())
    await errors.add("acme", "i1", some[:600], now())
    await errors.add("acme", "i2", some[:1], now())
    first = await errors.page("acme", "i1", "", 2)
    assert [mistake.line for mistake in first] == [1, 2]
    rest = await errors.page("acme", "i1", first[-1].position, 1_000)
    assert len(rest) == 598
    await errors.add("acme", "i1", some[600:], now())
    assert await db.catalogue_import_errors.count_documents({"import": "acme/i1"}) == MAX_ERRORS
    await errors.add("acme", "i1", some, now())
    assert await db.catalogue_import_errors.count_documents({"import": "acme/i1"}) == MAX_ERRORS
