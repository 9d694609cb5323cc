"""Whether stored snapshots are what a fold of the log gives, by the code that wrote them."""

import sys
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from zugabe_events.domain.decider import Decider
from zugabe_events.domain.event import Event, EventTypes
from zugabe_events.eventstore.code_fingerprint import fingerprint
from zugabe_events.eventstore.snapshots import family_of, hash_of, opened, within
from zugabe_events.eventstore.state_codec import to_bytes
from zugabe_events.mongo.client import Database, Document, LogIdentity

type AnyDecider = Decider[Any, Any, Any]

MOST = 20
"""Streams that are named one by one."""

TELL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Audited:
    """So many are `equal` to a fold; `unequal` are ids of streams. `unused` ones are of other code
    or of a former log: nobody reads them."""

    equal: int
    unequal: Sequence[str]
    unused: int


async def audit_snapshots(
    db: Database, identity: LogIdentity, types: EventTypes, deciders: Sequence[AnyDecider]
) -> Audited:
    equal, unequal = 0, list[str]()
    total, told_at = await db.snapshots.estimated_document_count(), time.monotonic()
    for decider in deciders:
        code = fingerprint(decider)
        if code is None:
            continue
        family = family_of(str(identity.id), decider.name, code)
        async for found in db.snapshots.find(within(family)):
            if await is_right(db, found, types, decider):
                equal += 1
            else:
                unequal.append(found["stream"])
            if time.monotonic() - told_at > TELL_SECONDS:
                told_at = time.monotonic()
                sys.stderr.write(f"snapshots: {equal + len(unequal):,} of {total:,}\n")
    return Audited(equal, sorted(unequal), max(0, total - equal - len(unequal)))


async def is_right(db: Database, found: Document, types: EventTypes, decider: AnyDecider) -> bool:
    """Its state can be read, and has the hash of a fold of the events up to its version."""
    state, version = decider.initial, 0
    async for events in events_of(db, found["stream"], found["version"], types):
        state = decider.fold(events, state)
        version += len(events)
    folded = hash_of(to_bytes(state))
    return version == found["version"] and found["hash"] == folded and opened(found) is not None


async def events_of(
    db: Database, stream: str, last: int, types: EventTypes
) -> AsyncGenerator[list[Event]]:
    """Commit by commit."""
    where = {"stream": stream, "version": {"$lte": last}}
    async for commit in db.commits.find(where, {"events": 1}).sort("version", 1):
        stored = ((one["name"], one["data"], one["schema"]) for one in commit["events"])
        yield [event for one in stored if (event := types.decode(*one)) is not None]


async def verify_snapshots(
    db: Database, identity: LogIdentity, types: EventTypes, deciders: Sequence[AnyDecider]
) -> bool:
    """Tells what it found; False when something differs."""
    found = await audit_snapshots(db, identity, types, deciders)
    words = f"{found.equal:,} equal to a fold of the log"
    if found.unequal:
        some = ", ".join(found.unequal[:MOST])
        words += f", {len(found.unequal):,} DIFFER: {some}"
    if found.unused:
        words += f", {found.unused:,} of other code"
    sys.stdout.write(f"snapshots: {words}\n")
    return not found.unequal
