"""Unique codes and their batches, over a real MongoDB."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from msgspec.structs import replace

from vouchers.unique_code.batch_queue import (
    CLAIM_TTL,
    MongoBatchQueue,
    QueuedBatch,
    deploy_batch_queue,
)
from vouchers.unique_code.codes import MongoUniqueCodes, StoredCode, deploy_unique_codes
from vouchers.unique_code.generation import CHUNK
from vouchers.unique_code.worker import store_chunk
from zugabe_events.mongo.client import Database, connect, database

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
BATCH = QueuedBatch("acme", "spring", "b1", "FEST", 1, CHUNK + 10, 12, NOON, b"s" * 32)


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    async with connect(mongo_url) as client:
        db = database(client, f"codes{uuid4().hex[:12]}")
        await deploy_unique_codes(db)
        await deploy_batch_queue(db)
        yield db
        await client.drop_database(db.name)


@pytest.fixture
def codes(db: Database) -> MongoUniqueCodes:
    return MongoUniqueCodes(db)


async def numbers(codes: MongoUniqueCodes, **changes: int) -> list[int]:
    between = {"after": 0, "before": 10**6, "limit": 10**6, **changes}
    found = await codes.listed("acme", "spring", **between, descending=False)
    return [code.number for code in found]


async def test_a_chunk_that_is_stored_again_changes_nothing(codes: MongoUniqueCodes) -> None:
    """X-5: also one of which only a part was stored."""
    await store_chunk(codes, BATCH, 0)
    first = await codes.listed("acme", "spring", 0, 10**6, limit=10**6, descending=False)
    assert [code.number for code in first] == list(range(1, CHUNK + 1))
    await store_chunk(codes, BATCH, 0)
    await store_chunk(codes, BATCH, CHUNK)
    assert await numbers(codes) == list(range(1, CHUNK + 11))
    again = await codes.listed("acme", "spring", 0, CHUNK + 1, limit=10**6, descending=False)
    assert again == first


async def test_a_code_that_another_campaign_has_is_drawn_anew(codes: MongoUniqueCodes) -> None:
    """X-5"""
    await store_chunk(codes, replace(BATCH, count=3), 0)
    taken = await codes.listed("acme", "spring", 0, 10, limit=10, descending=False)
    await codes._codes.delete_many({})
    owned = StoredCode("acme", "summer", "FEST", 7, taken[1].code)
    assert await codes.add([owned]) == []
    await store_chunk(codes, replace(BATCH, count=3), 0)
    await store_chunk(codes, replace(BATCH, count=3), 0)
    drawn = await codes.listed("acme", "spring", 0, 10, limit=10, descending=False)
    assert [code.number for code in drawn] == [1, 2, 3]
    assert [one == other for one, other in zip(drawn, taken, strict=True)] == [True, False, True]
    assert await codes.find("acme", taken[1].code) == owned


async def test_a_code_is_found_by_one_read_of_an_index(
    db: Database, codes: MongoUniqueCodes
) -> None:
    """X-5: and only with its owner."""
    await store_chunk(codes, BATCH, 0)
    [first] = await codes.listed("acme", "spring", 0, 2, limit=1, descending=False)
    assert await codes.find("acme", first.code.lower().replace("-", "")) == first
    assert await codes.find("other", first.code) is None
    plan = await db.command(
        "explain", {"find": "unique_codes", "filter": {"_id": "acme/x"}}, verbosity="queryPlanner"
    )
    assert "IDHACK" in repr(plan["queryPlanner"]["winningPlan"])


async def test_pages_go_on_in_both_directions(codes: MongoUniqueCodes) -> None:
    """X-5"""
    await store_chunk(codes, replace(BATCH, count=5), 0)
    assert await numbers(codes, after=2, limit=2) == [3, 4]
    back = await codes.listed("acme", "spring", 0, 4, limit=2, descending=True)
    assert [code.number for code in back] == [3, 2]


async def test_one_process_at_a_time_has_a_batch(db: Database) -> None:
    """X-5"""
    queue = MongoBatchQueue(db)
    await queue.put(BATCH)
    await queue.put(replace(BATCH, secret=b"t" * 32))
    assert await queue.claim(NOON - timedelta(seconds=1)) is None
    first = await queue.claim(NOON)
    assert first == replace(BATCH, claim=1, due=NOON + CLAIM_TTL)
    assert await queue.claim(NOON) is None
    second = await queue.claim(NOON + CLAIM_TTL)
    assert second is not None
    assert not await queue.save(replace(first, done=CHUNK)), "another process has it"
    assert await queue.save(replace(second, done=CHUNK))
    assert await queue.done_of("acme", "spring") == {"b1": CHUNK}
    assert await queue.save(replace(second, done=BATCH.count, secret=b""), finished=True)
    await queue.put(BATCH)
    assert await queue.claim(NOON + timedelta(days=1)) is None
    assert await queue.done_of("acme", "spring") == {"b1": BATCH.count}
