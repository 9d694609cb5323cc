"""Positions of a log that Kafka has lost, or never had, are sent again, as the relay sent them.

Safe beside a running sequencer: consumers skip what they know, and wait at holes for what they
miss.
"""

import asyncio

from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.sequencer.lease import TermEndedError
from zugabe_events.sequencer.publisher import Publisher, ends_of
from zugabe_events.sequencer.sequence import last_of, positioned


class NotSentError(Exception):
    """Kafka did not take everything. What it took does no harm; begin again."""


async def republish(
    db: Database, identity: LogIdentity, bootstrap: str, part: int, first: int
) -> tuple[int, int]:
    """Send a part again from a position to its head. Answers the positions that were sent, first
    and last; the first may lie before, at the beginning of its commit.

    Raises ContradictionError, NotSentError, and LookupError for a place that the log does not have.
    """
    last = await last_of(db, part) if 0 <= part < identity.parts else None
    head = last["last"] if last else 0
    if not 1 <= first <= head:
        message = f"part {part} of {identity.name} holds positions 1 to {head}, not {first}"
        raise LookupError(message)
    await ends_of(db, identity, bootstrap)
    acknowledged = asyncio.Event()
    relay = Publisher(identity, bootstrap, {}, acknowledged.set)
    began = through = 0
    try:
        await relay.start()
        async for some in positioned(db, part, first - 1):
            for sequenced in some:
                await relay.send(sequenced)
                began = began or sequenced.pos
                through = sequenced.pos + len(sequenced.commit["events"]) - 1
        while relay.acked.get(part, 0) < through:
            waiting = asyncio.create_task(acknowledged.wait())
            await asyncio.wait((waiting, relay.failed), return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            acknowledged.clear()
            if relay.failed.done():
                await relay.failed
    except TermEndedError as error:
        raise NotSentError(str(error)) from error
    finally:
        await relay.stop()
    return began, through
