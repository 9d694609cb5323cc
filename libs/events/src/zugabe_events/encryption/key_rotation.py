"""`SERVICE rotate-keys`: people's keys are wrapped anew with the present master key."""

import sys

from zugabe_events.encryption.master_key import Master
from zugabe_events.mongo.client import Database

TELL_EVERY = 500


async def rotate_keys(db: Database, master: Master) -> int:
    """How many were wrapped anew. Safe beside writers and erasures, and after an interruption it
    goes on with what is left: each key is exchanged only for itself."""
    version = await master.version()
    old = {"wrapped": {"$type": "string", "$not": {"$regex": f"^{version}:"}}}
    total, done = await db.persons.count_documents(old), 0
    async for person in db.persons.find(old, {"wrapped": 1}):
        key = await master.unwrap(person["wrapped"], person["_id"])
        wrapped = await master.wrap(key, person["_id"])
        same = {"_id": person["_id"], "wrapped": person["wrapped"]}
        result = await db.persons.update_one(same, {"$set": {"wrapped": wrapped}})
        done += result.modified_count
        if done % TELL_EVERY == 0:
            sys.stderr.write(f"{done:,} of {total:,} keys\n")
    left = await db.persons.count_documents(old)
    sys.stdout.write(f"{done:,} keys are wrapped with {version} now, {left:,} are not yet\n")
    return done
