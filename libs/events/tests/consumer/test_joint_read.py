"""Documents of several collections by one request, within the transaction that writes them."""

from collections.abc import AsyncGenerator
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from zugabe_events.consumer import joint_read
from zugabe_events.consumer.joint_read import Wanted, read_together
from zugabe_events.mongo.client import OPTIONS, Database, Document
from zugabe_events.mongo.transaction import transaction
from zugabe_testing.counted_store import Requests


@pytest.fixture
def requests() -> Requests:
    return Requests()


@pytest.fixture
async def db(mongo_url: str, requests: Requests) -> AsyncGenerator[Database]:
    async with AsyncMongoClient[Document](mongo_url, event_listeners=[requests]) as client:
        db = client.get_database(f"t{uuid4().hex}", OPTIONS)
        await db.log.insert_one({"_id": "log"})
        for name in ("a", "b", "c"):
            await db[name].insert_many([{"_id": f"{name}{n}", "n": n} for n in range(9)])
        yield db
        await client.drop_database(db.name)


def ids(wanted: Wanted) -> list[str] | None:
    return None if wanted.found is None else sorted(one["_id"] for one in wanted.found)


async def test_one_request_reads_what_all_want(db: Database, requests: Requests) -> None:
    wanted = [Wanted("a", ["a1", "a3"]), Wanted("b", ["b0", "nobody"]), Wanted("c", ["new"])]
    async with transaction(db) as session:
        requests.taken()
        await read_together(db, wanted, session)
        assert requests.taken() == ["aggregate"]
    assert [ids(each) for each in wanted] == [["a1", "a3"], ["b0"], []]


async def test_it_reads_what_its_transaction_has_written(db: Database) -> None:
    wanted = [Wanted("a", ["a1"]), Wanted("b", ["b1"])]
    async with transaction(db) as session:
        await db.a.update_one({"_id": "a1"}, {"$set": {"n": 70}}, session=session)
        await read_together(db, wanted, session)
    assert wanted[0].found == [{"_id": "a1", "n": 70}]


async def test_one_alone_is_left_to_its_effect(db: Database) -> None:
    wanted = [Wanted("a", ["a1"])]
    async with transaction(db) as session:
        await read_together(db, wanted, session)
    assert ids(wanted[0]) is None


async def test_what_is_too_much_for_one_answer_is_left_out(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The largest first: it gains least."""
    monkeypatch.setattr(joint_read, "MAX_IDS", 4)
    wanted = [Wanted("a", ["a1", "a2", "a3"]), Wanted("b", ["b1", "b2"]), Wanted("c", ["c1"])]
    async with transaction(db) as session:
        await read_together(db, wanted, session)
    assert [ids(each) for each in wanted] == [None, ["b1", "b2"], ["c1"]]


async def test_what_an_earlier_transaction_found_is_forgotten(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one was ended before it wrote; the second reads less."""
    wanted = [Wanted("a", ["a1"]), Wanted("b", ["b1"])]
    async with transaction(db) as session:
        await read_together(db, wanted, session)
    await db.a.update_one({"_id": "a1"}, {"$set": {"n": 70}})
    monkeypatch.setattr(joint_read, "MAX_IDS", 1)
    async with transaction(db) as session:
        await read_together(db, wanted, session)
    assert [ids(each) for each in wanted] == [None, None]
