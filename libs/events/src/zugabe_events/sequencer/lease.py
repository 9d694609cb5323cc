"""Who sequences a log, and how far it is: one document, with an epoch.

The lease saves work; it is not what keeps positions right. That is the `_id` of the sequence
documents.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bson.timestamp import Timestamp
from pymongo import ReturnDocument

from zugabe_events.mongo.client import Database, Document

LEASE_MS = 8_000
RENEW_SECONDS = 2.0
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class TermEndedError(Exception):
    """Another sequencer took over, or something happened that only a fresh start makes good."""


@dataclass(slots=True)
class Progress:
    """Sequenced through `through`; `last` and `acked` are positions by part.

    Every commit before `token` (or before `start_at`, after a recovery) stands in a sequence
    document at or below `last`; every later one stands above `last`, or in none yet. Kafka has
    acknowledged everything up to `acked`, without a gap.
    """

    token: Document | None = None
    start_at: Timestamp | None = None
    through: Timestamp = field(default_factory=lambda: Timestamp(0, 0))
    last: dict[int, int] = field(default_factory=dict)
    acked: dict[int, int] = field(default_factory=dict)

    @classmethod
    def read(cls, document: Document) -> "Progress":
        return cls(
            document.get("token"),
            document.get("start_at"),
            document.get("through") or Timestamp(0, 0),
            {int(part): pos for part, pos in document.get("last", {}).items()},
            {int(part): pos for part, pos in document.get("acked", {}).items()},
        )

    def write(self) -> Document:
        return {
            "token": self.token,
            "start_at": self.start_at,
            "through": self.through,
            "last": {str(part): pos for part, pos in self.last.items()},
            "acked": {str(part): pos for part, pos in self.acked.items()},
        }


class Lease:
    def __init__(self, db: Database, owner: str) -> None:
        self._sequencers = db.sequencers
        self._owner = owner
        self.epoch = 0

    async def acquire(self) -> Progress | None:
        """The progress so far; None while another one holds the lease. Time is the server's."""
        await self._sequencers.update_one(
            {"_id": "lease"},
            {"$setOnInsert": {"epoch": 0, "owner": None, "until": LONG_AGO}},
            upsert=True,
        )
        document = await self._sequencers.find_one_and_update(
            {
                "_id": "lease",
                "$or": [{"owner": self._owner}, {"$expr": {"$lt": ["$until", "$$NOW"]}}],
            },
            [
                {
                    "$set": {
                        "epoch": {"$add": ["$epoch", 1]},
                        "owner": {"$literal": self._owner},
                        "until": {"$add": ["$$NOW", LEASE_MS]},
                    }
                }
            ],
            return_document=ReturnDocument.AFTER,
        )
        if document is None:
            return None
        self.epoch = document["epoch"]
        return Progress.read(document)

    async def report(self, progress: Progress) -> None:
        """Tell how far it is and stay in charge. Raises TermEndedError."""
        updated = await self._sequencers.update_one(
            {"_id": "lease", "epoch": self.epoch},
            [
                {
                    "$set": {
                        "until": {"$add": ["$$NOW", LEASE_MS]},
                        **{name: {"$literal": value} for name, value in progress.write().items()},
                    }
                }
            ],
        )
        if not updated.matched_count:
            message = "another sequencer took over"
            raise TermEndedError(message)

    async def keep(self) -> None:
        """Stay in charge while there is nothing to report yet, until cancelled or replaced."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await self._sequencers.update_one(
                {"_id": "lease", "epoch": self.epoch},
                [{"$set": {"until": {"$add": ["$$NOW", LEASE_MS]}}}],
            )

    async def release(self) -> None:
        await self._sequencers.update_one(
            {"_id": "lease", "epoch": self.epoch}, {"$set": {"until": LONG_AGO}}
        )
