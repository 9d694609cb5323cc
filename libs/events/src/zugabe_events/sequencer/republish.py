"""Republishing: sends positions of a log again that Kafka has lost, or never had.

Safe beside a running sequencer: consumers skip duplicates, and wait at gaps.
"""

import asyncio

from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.sequencer.lease import TermEndedError
from zugabe_events.sequencer.publisher import Publisher, ends_of
from zugabe_events.sequencer.sequence import last_of, positioned


class NotSentError(Exception):
    """Kafka did not accept everything. What it accepted does no harm; begin again."""


async def republish(
    db: Database, identity: LogIdentity, bootstrap: str, part: int, first: int
) -> tuple[int, int]:
    """Send a part again from a position to its head. Returns the first and last position sent; the
    first may be lower than asked, at the beginning of its commit.

    Raises ContradictionError, NotSentError, and LookupError for a position outside the log.
    """
    last = await last_of(db, part) if 0 <= part < identity.parts else None
    head = last["last"] if last else 0
    if not 1 <= first <= head:
        message = f"part {part} of {identity.name} holds positions 1 to {head}, not {first}"
        raise LookupError(message)
    await ends_of(db, identity, bootstrap)
    acknowledged = asyncio.Event()
    publisher = Publisher(identity, bootstrap, {}, acknowledged.set)
    began = through = 0
    try:
        await publisher.start()
        async for batch in positioned(db, part, first - 1):
            for sequenced in batch:
                await publisher.send(sequenced)
                began = began or sequenced.pos
                through = sequenced.pos + len(sequenced.commit["events"]) - 1
        while publisher.acked.get(part, 0) < through:
            waiting = asyncio.create_task(acknowledged.wait())
            await asyncio.wait((waiting, publisher.failed), return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            acknowledged.clear()
            if publisher.failed.done():
                await publisher.failed
    except TermEndedError as error:
        raise NotSentError(str(error)) from error
    finally:
        await publisher.stop()
    return began, through
