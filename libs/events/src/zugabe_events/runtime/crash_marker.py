"""Detection of an unclean shutdown of this replica's previous process."""

import contextlib
from datetime import datetime

from pymongo.errors import PyMongoError

from zugabe_events.mongo.client import Database


async def began(db: Database, instance: str, now: datetime) -> bool:
    """Record the start. True if the previous process recorded no end."""
    before = await db.processes.find_one_and_update(
        {"_id": instance}, {"$set": {"running": True, "since": now}}, upsert=True
    )
    return before is not None and bool(before["running"])


async def ended(db: Database, instance: str) -> None:
    """Record the end; if that fails, the next process takes it for a crash, which does no harm."""
    with contextlib.suppress(PyMongoError):
        await db.processes.update_one({"_id": instance}, {"$set": {"running": False}})
