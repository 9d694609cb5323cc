"""Unique codes and their batches in memory, with the conditions of those in MongoDB."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from vouchers.unique_code.batch_queue import CLAIM_TTL, QueuedBatch
from vouchers.unique_code.codes import StoredCode, id_of


class InMemoryUniqueCodes:
    def __init__(self) -> None:
        self.codes: dict[str, StoredCode] = {}

    async def find(self, owner: str, code: str) -> StoredCode | None:
        return self.codes.get(id_of(owner, code))

    async def add(self, codes: Sequence[StoredCode]) -> Sequence[StoredCode]:
        numbers = {(each.owner, each.campaign_id, each.number) for each in self.codes.values()}
        others = []
        for code in codes:
            if (code.owner, code.campaign_id, code.number) in numbers:
                continue
            if self.codes.setdefault(id_of(code.owner, code.code), code) != code:
                others.append(code)
        return others

    async def listed(
        self, owner: str, campaign_id: str, after: int, before: int, *, limit: int, descending: bool
    ) -> Sequence[StoredCode]:
        found = [
            code
            for code in self.codes.values()
            if (code.owner, code.campaign_id) == (owner, campaign_id)
            and after < code.number < before
        ]
        return sorted(found, key=lambda code: code.number, reverse=descending)[:limit]


class InMemoryBatchQueue:
    def __init__(self) -> None:
        self.batches: dict[str, QueuedBatch] = {}
        self.finished: set[str] = set()

    async def put(self, batch: QueuedBatch) -> None:
        self.batches.setdefault(batch.key, batch)

    async def done_of(self, owner: str, campaign_id: str) -> dict[str, int]:
        return {
            batch.batch_id: batch.done
            for batch in self.batches.values()
            if (batch.owner, batch.campaign_id) == (owner, campaign_id)
        }

    async def open_of(self, owner: str) -> int:
        return sum(
            batch.owner == owner and key not in self.finished for key, batch in self.batches.items()
        )

    async def claim(self, now: datetime) -> QueuedBatch | None:
        due = [
            batch
            for key, batch in self.batches.items()
            if key not in self.finished and batch.due <= now
        ]
        if not due:
            return None
        first = min(due, key=lambda batch: batch.due)
        claimed = replace(first, claim=first.claim + 1, due=now + CLAIM_TTL)
        self.batches[first.key] = claimed
        return claimed

    async def save(self, batch: QueuedBatch, *, finished: bool = False) -> bool:
        if self.batches[batch.key].claim != batch.claim:
            return False
        self.batches[batch.key] = batch
        if finished:
            self.finished.add(batch.key)
        return True
