"""`SERVICE rotate-keys`: rewrap people's keys with the current master key."""

import sys

from zugabe_events.encryption.master_key import Master
from zugabe_events.mongo.client import Database

PROGRESS_INTERVAL_KEYS = 500


async def rotate_keys(db: Database, master: Master) -> int:
    """Rewrap all keys of older versions and return their number.

    Safe alongside writers and erasures: each key is replaced only by itself. Resumable.
    """
    version = await master.version()
    old = {"wrapped": {"$type": "string", "$not": {"$regex": f"^{version}:"}}}
    total, done = await db.persons.count_documents(old), 0
    async for person in db.persons.find(old, {"wrapped": 1}):
        key = await master.unwrap(person["wrapped"], person["_id"])
        wrapped = await master.wrap(key, person["_id"])
        same = {"_id": person["_id"], "wrapped": person["wrapped"]}
        result = await db.persons.update_one(same, {"$set": {"wrapped": wrapped}})
        done += result.modified_count
        if done % PROGRESS_INTERVAL_KEYS == 0:
            sys.stderr.write(f"{done:,} of {total:,} keys\n")
    left = await db.persons.count_documents(old)
    sys.stdout.write(f"{done:,} keys rewrapped with {version}, {left:,} left\n")
    return done
