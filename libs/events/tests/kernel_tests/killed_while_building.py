"""A rebuild as a process of its own, which is killed when it has written some of what it folds."""

import asyncio
import os
import signal
import sys

from kernel_tests.toy import TYPES, counters
from zugabe_events.mongo.client import connect, database, identity
from zugabe_events.projections import build_buffer, build_lease
from zugabe_events.projections.rebuild import Progress, Rebuild


def kill(progress: Progress) -> None:
    if progress.done >= progress.total / 2:
        os.kill(os.getpid(), signal.SIGKILL)


async def run(name: str) -> None:
    build_lease.LEASE_TTL_MS = 3_000
    build_buffer.MAX_EVENTS = 20
    db = database(connect(os.environ["ZUGABE_MONGO_URL"]), name)
    log = await identity(db)
    await Rebuild(db, log, os.environ["ZUGABE_KAFKA"], counters(name), TYPES, kill).run()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
