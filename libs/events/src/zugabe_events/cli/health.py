"""Container health check: `python -m zugabe_events.cli.health` exits with 0 or 1.

A service answers `/readyz` on its port. A sequencer has no port: each of its logs has a holder of
the lease, itself or another replica, that has renewed it in time.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from urllib.error import URLError
from urllib.request import urlopen

TIMEOUT_SECONDS = 4.0


def serves(port: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=TIMEOUT_SECONDS) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


async def sequences(mongo_url: str, logs: Sequence[str]) -> bool:
    """Compare leases with the server's clock."""
    # slow to import, and the check of a service does without
    from zugabe_events.mongo.client import connect, database

    async with connect(mongo_url) as client:
        for log in logs:
            lease = {"_id": "lease", "$expr": {"$gt": ["$until", "$$NOW"]}}
            if await database(client, log).sequencers.find_one(lease) is None:
                return False
        return True


async def sequencer_works() -> bool:
    from pymongo.errors import PyMongoError

    from zugabe_events.cli.sequencer import Settings
    from zugabe_events.runtime.settings import settings_or_exit

    settings = settings_or_exit("sequencer", Settings)
    logs = [log.strip() for log in settings.logs.split(",")]
    try:
        return await asyncio.wait_for(sequences(settings.mongo_url, logs), TIMEOUT_SECONDS)
    except (PyMongoError, TimeoutError):
        return False


def works() -> bool:
    port = os.environ.get("ZUGABE_PORT")
    return serves(port) if port else asyncio.run(sequencer_works())


if __name__ == "__main__":
    sys.exit(0 if works() else 1)
