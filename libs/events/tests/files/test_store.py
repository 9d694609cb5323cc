"""What `Files` promises, in memory and in GridFS."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from zugabe_events.domain.errors import UnknownEventError
from zugabe_events.files.store import Files, MongoFiles, deploy_files
from zugabe_events.files.sweeper import keep_swept, sweep
from zugabe_events.http.app import while_served
from zugabe_events.mongo.client import Database, connect, database
from zugabe_testing.eventually import eventually
from zugabe_testing.files import InMemoryFiles

LARGE = bytes(range(256)) * 4_000
"""Several chunks."""


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def empty_database(url: str) -> AsyncGenerator[Database]:
    client = connect(url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.integration)])
async def files(request: pytest.FixtureRequest) -> AsyncGenerator[Files]:
    if request.param == "memory":
        yield InMemoryFiles(now)
        return
    async with empty_database(request.getfixturevalue("mongo_url")) as db:
        for _ in range(2):
            await deploy_files("uploads")(db)
        yield MongoFiles(db, "uploads")


async def content_of(files: Files, name: str) -> bytes | None:
    chunks = await files.read(name)
    return None if chunks is None else b"".join([chunk async for chunk in chunks])


async def loose(files: Files) -> list[str]:
    return [one.name for one in await files.loose(now() + timedelta(minutes=1), 10)]


async def test_what_was_put_is_read_whole(files: Files) -> None:
    await files.put("a/1", LARGE)
    await files.put("a/2", b"x")
    assert await content_of(files, "a/1") == LARGE
    assert await content_of(files, "a/2") == b"x"
    assert await content_of(files, "a/3") is None


async def pieces(*, breaks_off: bool) -> AsyncGenerator[bytes]:
    for at in range(0, len(LARGE), 100_000):
        yield LARGE[at : at + 100_000]
    if breaks_off:
        raise ConnectionError


async def test_what_was_put_in_pieces_is_read_whole(files: Files) -> None:
    await files.put_stream("a", pieces(breaks_off=False))
    assert await content_of(files, "a") == LARGE
    assert await loose(files) == ["a"]
    await files.delete("a")
    assert await content_of(files, "a") is None


async def test_of_a_file_that_breaks_off_nothing_stays(files: Files) -> None:
    with pytest.raises(ConnectionError):
        await files.put_stream("a", pieces(breaks_off=True))
    assert await content_of(files, "a") is None
    assert await loose(files) == []
    if isinstance(files, MongoFiles):
        assert await files.chunks.count_documents({}) == 0


async def test_a_file_is_loose_until_it_is_kept(files: Files) -> None:
    await files.put("a", b"1")
    await files.put("b", b"2")
    assert await loose(files) == ["a", "b"]
    await files.keep("a")
    assert await loose(files) == ["b"]
    await files.loosen("a")
    assert await loose(files) == ["a", "b"]
    assert await files.loose(now() - timedelta(minutes=1), 10) == []
    assert [one.name for one in await files.loose(now() + timedelta(minutes=1), 1)] == ["a"]


async def test_two_uploads_of_one_name_are_kept_and_deleted_together(files: Files) -> None:
    for _ in range(2):
        await files.put("a", LARGE)
    assert await loose(files) == ["a", "a"]
    await files.keep("a")
    assert await loose(files) == []
    await files.delete("a")
    assert await content_of(files, "a") is None


async def test_one_of_two_uploads_is_swept_alone_and_only_once(files: Files) -> None:
    for _ in range(2):
        await files.put("a", LARGE)
    first, _ = await files.loose(now() + timedelta(minutes=1), 10)
    for _ in range(2):
        await files.sweep(first)
    assert await loose(files) == ["a"]
    assert await content_of(files, "a") == LARGE


async def test_sweeping_keeps_what_the_log_names(files: Files) -> None:
    for name in ("wanted", "unwanted"):
        await files.put(name, b"x")

    async def is_wanted(name: str) -> bool:
        return name == "wanted"

    later = now() + timedelta(hours=2)
    assert await sweep(files, is_wanted, now()) == 0
    assert await sweep(files, is_wanted, later) == 2
    assert await content_of(files, "wanted") == b"x"
    assert await content_of(files, "unwanted") is None
    assert await sweep(files, is_wanted, later) == 0


async def test_loose_files_are_found_by_an_index_of_their_own(mongo_url: str) -> None:
    async with empty_database(mongo_url) as db:
        await deploy_files("uploads")(db)
        await MongoFiles(db, "uploads").put("a", b"x")
        old = {"metadata.kept": False, "uploadDate": {"$lt": now()}}
        explained = await db["uploads.files"].find(old).sort("uploadDate").explain()
        plan = str(explained["queryPlanner"]["winningPlan"])
        assert "'loose'" in plan
        assert "COLLSCAN" not in plan


async def test_a_sweep_that_fails_is_repeated_later(caplog: pytest.LogCaptureFixture) -> None:
    files = InMemoryFiles(lambda: now() - timedelta(hours=2))
    await files.put("a", b"x")

    async def is_wanted(name: str) -> bool:
        raise UnknownEventError(name)

    async def failed() -> None:
        assert "loose files are swept later: UnknownEventError" in caplog.text

    async with while_served([partial(keep_swept, files, is_wanted, now)], None):
        await eventually(failed)
    assert files.names == ["a"]
