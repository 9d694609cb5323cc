"""Estimates in memory, with the turns and conditions of those in MongoDB."""

from datetime import datetime

from msgspec.structs import replace

from vouchers.estimate.jobs import CLAIM_TTL, EstimateJob


class InMemoryEstimateJobs:
    def __init__(self) -> None:
        self.jobs: dict[tuple[str, str], EstimateJob] = {}

    async def get(self, dealer: str, campaign_id: str) -> EstimateJob | None:
        return self.jobs.get((dealer, campaign_id))

    async def open_of(self, dealer: str) -> int:
        return sum(job.is_open and job.dealer == dealer for job in self.jobs.values())

    async def put(self, job: EstimateJob) -> None:
        self.jobs[job.dealer, job.campaign_id] = job

    async def claim(self, now: datetime) -> EstimateJob | None:
        due = [job for job in self.jobs.values() if job.is_open and job.due <= now]
        if not due:
            return None
        first = min(due, key=lambda job: job.due)
        claimed = replace(first, claim=first.claim + 1, due=now + CLAIM_TTL)
        await self.put(claimed)
        return claimed

    async def save(self, job: EstimateJob) -> bool:
        stored = await self.get(job.dealer, job.campaign_id)
        if stored is None or (stored.run, stored.claim) != (job.run, job.claim):
            return False
        await self.put(job)
        return True
