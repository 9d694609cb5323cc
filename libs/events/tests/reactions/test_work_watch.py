"""One request finds out what is due in all collections, and each kind of work runs by itself."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from kernel_tests.toy import now
from pymongo import AsyncMongoClient

from zugabe.testing import Parts
from zugabe_events.mongo.client import Database, Document, database
from zugabe_events.mongo.work_watch import Work, WorkWatch
from zugabe_testing.counted_store import Requests


class Worker:
    """Does what is due in a collection, each time one more document."""

    def __init__(self, db: Database, name: str) -> None:
        self.db = db
        self.name = name
        self.done = 0
        self.failing = 0
        self.go = asyncio.Event()
        self.go.set()

    @property
    def work(self) -> Work:
        return Work(self.name, self.name, self._due, self._do)

    def _due(self) -> Document:
        return {"at": {"$lte": now()}}

    async def _do(self) -> None:
        if self.failing:
            self.failing -= 1
            raise ValueError("not now")
        await self.go.wait()
        deleted = await self.db[self.name].delete_one(self._due())
        self.done += deleted.deleted_count

    async def add(self, seconds: float = 0.0) -> None:
        await self.db[self.name].insert_one({"at": now() + timedelta(seconds=seconds)})


@pytest.fixture
def workers(db: Database) -> list[Worker]:
    return [Worker(db, name) for name in ("timers", "mails", "redrives")]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zugabe_events.mongo.work_watch.INTERVAL_SECONDS", 0.02)


async def until_done(*wanted: tuple[Worker, int]) -> None:
    async with asyncio.timeout(120):
        while any(worker.done != number for worker, number in wanted):
            await asyncio.sleep(0.01)


async def test_what_is_due_is_found_in_one_request(
    db: Database, real_parts: Parts, workers: list[Worker]
) -> None:
    requests = Requests()
    one, two, three = workers
    await one.add()
    await two.add(seconds=3_600)
    await three.add()
    await three.add()
    async with AsyncMongoClient[dict[str, Any]](
        real_parts.mongo, event_listeners=[requests], tz_aware=True
    ) as client:
        watch = WorkWatch(database(client, db.name), [worker.work for worker in workers])
        with requests.counted() as counted:
            assert sorted(await watch.due()) == ["redrives", "timers"]
    assert counted["aggregate"] == 1
    assert counted["getMore"] == 0


async def test_work_is_done_when_it_is_due_and_a_slow_one_holds_up_no_other(
    db: Database, workers: list[Worker]
) -> None:
    one, two, three = workers
    two.go.clear()
    three.failing = 2
    for worker in workers:
        await worker.add()
    watching = asyncio.create_task(WorkWatch(db, [worker.work for worker in workers]).run())
    await until_done((one, 1), (three, 1))
    await one.add()
    await one.add(seconds=0.2)
    await until_done((one, 3), (two, 0))
    two.go.set()
    await until_done((two, 1))
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
