"""Whether a process of this name ended without a good-bye the last time."""

import contextlib
from datetime import datetime

from pymongo.errors import PyMongoError

from zugabe_events.mongo.client import Database


async def began(db: Database, instance: str, now: datetime) -> bool:
    """Note that it runs. True: so it did before, and nobody noted its end."""
    before = await db.processes.find_one_and_update(
        {"_id": instance}, {"$set": {"running": True, "since": now}}, upsert=True
    )
    return before is not None and bool(before["running"])


async def ended(db: Database, instance: str) -> None:
    """What cannot be noted looks like a crash: the next process is careful for nothing."""
    with contextlib.suppress(PyMongoError):
        await db.processes.update_one({"_id": instance}, {"$set": {"running": False}})
