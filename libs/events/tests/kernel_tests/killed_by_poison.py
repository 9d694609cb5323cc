"""The toy service as a process of its own, which poison kills as a crash would; it ends by itself
when nothing is left to mirror."""

import asyncio
import os
import signal
import sys

from kernel_tests.toy import Added, now
from kernel_tests.toy_service import ToyService
from zugabe.testing import Parts
from zugabe_events.consumer import poison_messages
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import connect, database, identity
from zugabe_events.runtime.crash_marker import began, ended

POISON = 666


def kill(received: ReceivedEvent) -> bool:
    if isinstance(received.event, Added) and received.event.amount == POISON:
        os.kill(os.getpid(), signal.SIGKILL)
    return False


async def run(name: str) -> None:
    poison_messages.BACKOFF = Backoff(0.1, 60.0)
    parts = Parts(os.environ["ZUGABE_KAFKA"], os.environ["ZUGABE_MONGO_URL"])
    db = database(connect(parts.mongo), name)
    log = await identity(db)
    service = ToyService(db, log, parts, name, kill, careful=await began(db, "a", now()))
    async with service.running(), asyncio.timeout(120):
        while not await done(service.consumers[0], log.parts, str(log.id), name):
            await asyncio.sleep(0.1)
    await ended(db, "a")


async def done(consumer: Consumer, parts: int, log_id: str, topic: str) -> bool:
    lease = await consumer.checkpoints.db.sequencers.find_one({"_id": "lease"})
    last = (lease or {}).get("last", {})
    return all(
        (consumer.position(Lane(topic, log_id, part)) or 0) >= last.get(str(part), 0)
        for part in range(parts)
    )


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
