"""Requests of queries for checkpoints that another process has in memory only.

MongoDB's clock decides what is recent.
"""

import time

from zugabe_events.mongo.client import Database

INTERVAL_SECONDS = 0.5
RECENT_MS = 2_000


class Demand:
    """One document per service: many waiting queries cost one update now and then."""

    def __init__(self, db: Database) -> None:
        self._demands = db.demands
        self._noted = -INTERVAL_SECONDS

    async def note(self) -> None:
        """Ask all processes to flush checkpoints soon."""
        now = time.monotonic()
        if now - self._noted >= INTERVAL_SECONDS:
            self._noted = now
            await self._demands.update_one(
                {"_id": "positions"}, {"$currentDate": {"at": True}}, upsert=True
            )

    async def is_recent(self) -> bool:
        since = {"$subtract": ["$$NOW", RECENT_MS]}
        found = await self._demands.find_one(
            {"_id": "positions", "$expr": {"$gt": ["$at", since]}}, {"_id": 1}
        )
        return found is not None
