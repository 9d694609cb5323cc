"""The lease of a log's sequencer, in one document with the checkpoint of its holder.

The lease saves work; it is not what keeps positions right. That is the `_id` of the sequence
documents.
"""

from dataclasses import dataclass, field

from bson.timestamp import Timestamp

from zugabe_events.mongo.client import Database, Document
from zugabe_events.mongo.lease import EXPIRED, Lease

LEASE_ID = "lease"
LEASE_TTL_MS = 8_000


class TermEndedError(Exception):
    """Another sequencer took over, or only a fresh start makes up for what happened."""


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


class SequencerLease:
    def __init__(self, db: Database, owner: str) -> None:
        self._sequencers = db.sequencers
        self._lease = Lease(db.sequencers, LEASE_ID, owner, LEASE_TTL_MS)
        self.keep_renewing = self._lease.keep_renewing
        self.release = self._lease.release

    @property
    def epoch(self) -> int:
        return self._lease.epoch

    async def acquire(self) -> Progress | None:
        """Begin a term, with the progress so far; None while another owner holds the lease."""
        await self._sequencers.update_one(
            {"_id": LEASE_ID},
            {"$setOnInsert": {"epoch": 0, "owner": None, "until": EXPIRED}},
            upsert=True,
        )
        document = await self._lease.acquire()
        return None if document is None else Progress.read(document)

    async def report(self, progress: Progress) -> None:
        """Store the checkpoint and renew the lease. Raises TermEndedError."""
        if not await self._lease.renew(progress.write()):
            raise TermEndedError("another sequencer took over")
