"""`SERVICE republish --part N --from POS` and `SERVICE new-log`: log and topic agree again."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from aiokafka.errors import KafkaError

from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.sequencer.publisher import ContradictionError
from zugabe_events.sequencer.republish import NotSentError, republish
from zugabe_events.sequencer.restored_log import SequencerRunsError, new_log


def parse_republish(service: str, words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"{service} republish")
    parser.add_argument("--part", type=int, required=True)
    parser.add_argument("--from", dest="first", type=int, required=True, metavar="POS")
    return parser.parse_args(words)


async def send_again(
    db: Database, identity: LogIdentity, bootstrap: str, asked: argparse.Namespace
) -> bool:
    """False: it was not possible, and said why."""
    try:
        first, last = await republish(db, identity, bootstrap, asked.part, asked.first)
    except (ContradictionError, KafkaError, LookupError, NotSentError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return False
    sys.stdout.write(f"{identity.name}/{asked.part}: sent {first} to {last} again\n")
    return True


async def begin_new_log(db: Database, identity: LogIdentity, bootstrap: str, now: datetime) -> bool:
    """Tells what only the topic holds: somebody has to look at it."""
    try:
        begun = await new_log(db, identity, bootstrap, uuid4(), now)
    except (ContradictionError, KafkaError, SequencerRunsError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return False
    sys.stdout.write(f"{identity.name} goes on as {begun.id}; it was {identity.id}\n")
    for one in begun.lost:
        headers = one.headers
        words = (headers.get(f"ce_{name}", b"").decode() for name in ("subject", "correlationid"))
        sys.stdout.write(f"lost: {one.lane.part}@{one.pos} {one.id} {one.name} {' '.join(words)}\n")
    return True
