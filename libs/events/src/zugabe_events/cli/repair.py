"""The commands `republish` and `new-log`, which make log and topic agree again."""

import sys
from datetime import datetime
from uuid import uuid4

from aiokafka.errors import KafkaError

from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.sequencer.publisher import ContradictionError
from zugabe_events.sequencer.republish import NotSentError, republish
from zugabe_events.sequencer.restored_log import NotOlderError, SequencerRunsError, new_log


async def send_again(
    db: Database, identity: LogIdentity, bootstrap: str, part: int, first: int
) -> bool:
    """Return False after reporting why it is impossible."""
    try:
        first, last = await republish(db, identity, bootstrap, part, first)
    except (ContradictionError, KafkaError, LookupError, NotSentError) as error:
        sys.stderr.write(f"{identity.name}: {error}\n")
        return False
    sys.stdout.write(f"{identity.name}/{part}: sent {first} to {last} again\n")
    return True


async def begin_new_log(
    db: Database, identity: LogIdentity, bootstrap: str, now: datetime, *, force: bool
) -> bool:
    """Print also the events that only the topic still has, for review."""
    try:
        begun = await new_log(db, identity, bootstrap, uuid4(), now, force=force)
    except (ContradictionError, KafkaError, NotOlderError, SequencerRunsError) as error:
        sys.stderr.write(f"{identity.name}: {error}\n")
        return False
    sys.stdout.write(f"{identity.name} goes on as {begun.id}; it was {identity.id}\n")
    for event in begun.lost:
        values = (
            event.headers.get(f"ce_{name}", b"").decode() for name in ("subject", "correlationid")
        )
        place = f"{event.lane.part}@{event.pos}"
        sys.stdout.write(f"lost: {place} {event.id} {event.name} {' '.join(values)}\n")
    return True
