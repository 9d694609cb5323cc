"""Estimates that are asked for, under way or done: one of each campaign, by any process.

They are no history: each can be worked out again from the orders.
"""

from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec
from pymongo import ASCENDING

from vouchers.estimate.estimation import Estimate
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.event import Fact
from zugabe_events.mongo.client import Database, create_missing
from zugabe_events.mongo.work_queue import WorkQueue

COLLECTION = "campaign_estimates"
CLAIM_TTL = timedelta(seconds=30)
"""Time after which another process goes on with an estimate whose process died."""

OPEN = ("waiting", "running")

type EstimateStatus = Literal["waiting", "running", "done", "failed"]


class EstimateJob(Fact, frozen=True):
    """`run` tells it from earlier estimates of the campaign, `claim` counts the turns at it.

    Orders from `placed_from` on and before `placed_before` are tried. `after` is the position
    behind the `done` orders that were read, of `total`, which is None if they are too many to
    count; `tally` is what they came to, and nothing when it is over.
    """

    run: str
    dealer: str
    campaign_id: str
    version: int
    terms: CampaignTerms
    requested_at: datetime
    placed_from: datetime
    placed_before: datetime
    due: datetime
    status: EstimateStatus = "waiting"
    claim: int = 0
    failures: int = 0
    after: str | None = None
    done: int = 0
    total: int | None = None
    tally: bytes = b""
    estimate: Estimate = Estimate()
    finished_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class EstimateJobs(Protocol):
    async def get(self, dealer: str, campaign_id: str) -> EstimateJob | None: ...

    async def open_of(self, dealer: str) -> int:
        """The number of a dealer's estimates that are not over."""
        ...

    async def put(self, job: EstimateJob) -> None:
        """In place of the one before of its campaign."""
        ...

    async def claim(self, now: datetime) -> EstimateJob | None:
        """The estimate that has been due longest; it is due again after a while."""
        ...

    async def save(self, job: EstimateJob) -> bool:
        """False if it was asked for again, or another process has it."""
        ...


class MongoEstimateJobs:
    def __init__(self, db: Database) -> None:
        self._jobs = db[COLLECTION]
        self._queue = WorkQueue(self._jobs, "due", CLAIM_TTL)

    async def get(self, dealer: str, campaign_id: str) -> EstimateJob | None:
        found = await self._jobs.find_one({"_id": key_of(dealer, campaign_id)})
        return job_of(found) if found else None

    async def open_of(self, dealer: str) -> int:
        return await self._jobs.count_documents({"dealer": dealer, "status": {"$in": OPEN}})

    async def put(self, job: EstimateJob) -> None:
        key = key_of(job.dealer, job.campaign_id)
        await self._jobs.replace_one({"_id": key}, document_of(job), upsert=True)

    async def claim(self, now: datetime) -> EstimateJob | None:
        where = {"status": {"$in": OPEN}}
        found = await self._queue.claim(now, where, {"$inc": {"claim": 1}})
        return job_of(found) if found else None

    async def save(self, job: EstimateJob) -> bool:
        mine = {"_id": key_of(job.dealer, job.campaign_id), "run": job.run, "claim": job.claim}
        return (await self._jobs.replace_one(mine, document_of(job))).matched_count == 1


def key_of(dealer: str, campaign_id: str) -> str:
    return f"{dealer}/{campaign_id}"


def document_of(job: EstimateJob) -> dict[str, object]:
    fields: dict[str, object] = msgspec.to_builtins(job, builtin_types=(datetime, bytes))
    return fields


def job_of(document: dict[str, object]) -> EstimateJob:
    return msgspec.convert(document, EstimateJob)


async def deploy_estimates(db: Database) -> None:
    """A deploy step."""
    await create_missing(db, COLLECTION)
    await db[COLLECTION].create_index([("status", ASCENDING), ("due", ASCENDING)])
    await db[COLLECTION].create_index([("dealer", ASCENDING), ("status", ASCENDING)])
