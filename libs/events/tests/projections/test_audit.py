"""Comparison of builds document by document (N-7)."""

from typing import Any

from zugabe_events.mongo.client import Database
from zugabe_events.projections.audit import Comparison, compare

SIZE = 2_000
LANE = {"consumer": "toy.v1.1", "log": "toy", "log_id": "1" * 36, "part": 0}
SEEN = "toy:11111111:0"


def document(number: int, **changed: Any) -> dict[str, Any]:
    return {"_id": f"k{number:05}", "added": number, "seen": {SEEN: number}, **changed}


async def fill(db: Database, build: str, pos: int, documents: list[dict[str, Any]]) -> None:
    await db[build].insert_many(documents)
    await db.positions.insert_one({**LANE, "_id": build, "consumer": build, "pos": pos})


async def nothing_new() -> None:
    pass


async def test_documents_are_compared_wherever_one_side_lacks_some(db: Database) -> None:
    """At both ends, between, and in more documents than fit into one batch of a cursor."""
    first = [document(number) for number in range(SIZE)]
    second = [document(number) for number in (*range(3, SIZE), SIZE + 1)]
    second[900] = document(903, added=0)
    del second[500]
    await fill(db, "toy.v1.1", SIZE + 1, first)
    await fill(db, "toy.v1.2", SIZE + 1, second[::-1])
    keys = [document(number)["_id"] for number in (0, 1, 2, 503, 903, SIZE + 1)]
    assert await compare(db, "toy.v1.1", "toy.v1.2", nothing_new) == Comparison(keys, 0)


async def test_documents_that_one_build_is_ahead_of_are_compared_once_both_have_caught_up(
    db: Database,
) -> None:
    await fill(db, "toy.v1.1", 4, [document(number) for number in range(5)])
    await fill(db, "toy.v1.2", 2, [document(0, added=7), document(1), document(2)])

    async def catch_up() -> None:
        await db["toy.v1.2"].insert_many([document(3), document(4, added=9)])
        await db.positions.update_one({"_id": "toy.v1.2"}, {"$set": {"pos": 4}})

    found = await compare(db, "toy.v1.1", "toy.v1.2", catch_up)
    assert found == Comparison(["k00000", "k00004"], 0)
