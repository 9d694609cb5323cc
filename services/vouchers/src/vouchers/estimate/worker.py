"""Carries out estimates in the background, one at a time in each process."""

import asyncio
import contextlib
import logging
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from vouchers.assortment.restrictions import Restrictions
from vouchers.estimate.estimation import Tally, Trial, count
from vouchers.estimate.jobs import CLAIM_TTL, EstimateJob, EstimateJobs
from vouchers.estimate.past_orders import PastOrder
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.rounds import Rounds
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Between, FilterValue, ListTooLongError, Views

log = logging.getLogger(__name__)

BATCH_SIZE = 500
SAVE_INTERVAL = timedelta(seconds=2)
MAX_FAILURES = 5
"""Errors after which an estimate is given up."""
BACKOFF = Backoff(1.0, 60.0)
MAX_TALLY_BYTES = 12_000_000
"""Compressed; a larger tally is not stored, and an interruption goes back to where it was less."""


class LostError(Exception):
    """The estimate was asked for again, or another process goes on with it."""


class EstimateWorker:
    def __init__(
        self,
        jobs: EstimateJobs,
        orders: Views[PastOrder],
        restrictions: Restrictions,
        now: Callable[[], datetime],
    ) -> None:
        self._jobs = jobs
        self._orders = orders
        self._restrictions = restrictions
        self._now = now
        self.rounds = Rounds("estimates", self.run_due)

    async def run_due(self) -> None:
        """Carry out all estimates that are due and not in the hands of another process."""
        while job := await self._jobs.claim(self._now()):
            try:
                await self._carry_out(job)
            except LostError:
                log.info("estimate of campaign %s goes on elsewhere", job.campaign_id)
            except Exception as error:
                log.warning("estimate of %s: %s: %s", job.campaign_id, type(error).__name__, error)
                await self._postpone(job)

    async def _carry_out(self, job: EstimateJob) -> None:
        trial = Trial(
            job.terms,
            job.placed_from,
            await self._restrictions.of(job.dealer, job.terms),
        )
        where = condition(job)
        if job.total is None:
            with contextlib.suppress(ListTooLongError):
                total, _ = await self._orders.sums(where, ())
                job = replace(job, total=total)
        job = replace(job, status="running")
        tally, stored = decoded(job.tally), job
        saved_at: datetime | None = None
        while True:
            page = await self._orders.page(
                where, sort="placed_at", after=job.after, limit=BATCH_SIZE
            )
            for order in page.items:
                count(tally, order, trial)
            job = replace(job, after=page.next, done=job.done + len(page.items))
            if page.next is None:
                break
            now = self._now()
            if saved_at is None or now - saved_at >= SAVE_INTERVAL:
                encoded = await asyncio.to_thread(encode, tally)
                if len(encoded) <= MAX_TALLY_BYTES:
                    stored = replace(job, tally=encoded, estimate=tally.estimate)
                await self._save(replace(stored, due=now + CLAIM_TTL))
                saved_at = now
        await self._save(
            replace(
                job,
                status="done",
                tally=b"",
                estimate=tally.estimate,
                finished_at=self._now(),
                total=job.done,
            )
        )

    async def _save(self, job: EstimateJob) -> None:
        if not await self._jobs.save(job):
            raise LostError

    async def _postpone(self, job: EstimateJob) -> None:
        """Go on later from the position that was stored last, or give up."""
        stored = await self._jobs.get(job.dealer, job.campaign_id)
        if stored is None or (stored.run, stored.claim) != (job.run, job.claim):
            return
        failures = stored.failures + 1
        if failures >= MAX_FAILURES:
            ended = replace(stored, status="failed", tally=b"", finished_at=self._now())
            await self._jobs.save(replace(ended, failures=failures))
        else:
            due = self._now() + timedelta(seconds=BACKOFF.wait(failures))
            await self._jobs.save(replace(stored, failures=failures, due=due))


def condition(job: EstimateJob) -> dict[str, FilterValue]:
    """First orders are known only from all orders before them."""
    first = None if job.terms.kind == "second-purchase" else job.placed_from
    where: dict[str, FilterValue] = {"placed_at": Between(first, job.placed_before)}
    return where if job.dealer == CENTRAL else {**where, "dealer": job.dealer}


def encode(tally: Tally) -> bytes:
    return zlib.compress(msgspec.json.encode(tally), level=1)


def decoded(tally: bytes) -> Tally:
    return msgspec.json.decode(zlib.decompress(tally), type=Tally) if tally else Tally()
