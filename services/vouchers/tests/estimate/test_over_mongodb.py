"""Turns at estimates, over a real MongoDB."""

from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from vouchers.estimate.jobs import CLAIM_TTL, EstimateJob, MongoEstimateJobs, deploy_estimates
from zugabe_events.mongo.client import connect, database

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture
async def jobs(mongo_url: str) -> AsyncGenerator[MongoEstimateJobs]:
    async with connect(mongo_url) as client:
        db = database(client, f"estimates{uuid4().hex[:12]}")
        await deploy_estimates(db)
        yield MongoEstimateJobs(db)
        await client.drop_database(db.name)


@pytest.fixture
def job(terms: Callable[..., Any]) -> EstimateJob:
    return EstimateJob("r1", "acme", "spring", 1, terms(), NOON, NOON - YEAR, NOON, NOON)


async def test_one_process_at_a_time_has_an_estimate(
    jobs: MongoEstimateJobs, job: EstimateJob
) -> None:
    await jobs.put(job)
    assert await jobs.open_of("acme") == 1
    assert await jobs.claim(NOON - timedelta(seconds=1)) is None
    first = await jobs.claim(NOON)
    assert first == replace(job, claim=1, due=NOON + CLAIM_TTL)
    assert await jobs.claim(NOON) is None
    second = await jobs.claim(NOON + CLAIM_TTL)
    assert second is not None
    half = replace(second, after="c", done=500, tally=b"\x00\xff", due=NOON + CLAIM_TTL * 3)
    assert await jobs.save(half)
    assert not await jobs.save(replace(first, done=1)), "another process has it"
    assert await jobs.get("acme", "spring") == half


async def test_what_is_asked_for_again_replaces_what_was_under_way(
    jobs: MongoEstimateJobs, job: EstimateJob
) -> None:
    await jobs.put(job)
    claimed = await jobs.claim(NOON)
    assert claimed is not None
    again = replace(job, run="r2", version=2)
    await jobs.put(again)
    assert not await jobs.save(replace(claimed, status="done"))
    taken = await jobs.claim(NOON)
    assert taken is not None
    assert await jobs.save(replace(taken, status="done"))
    assert await jobs.claim(NOON + CLAIM_TTL * 9) is None
    assert await jobs.open_of("acme") == 0
    assert await jobs.get("acme", "other") is None
