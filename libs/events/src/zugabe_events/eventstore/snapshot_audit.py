"""Audit of stored snapshots against a fold of the log, for snapshots of the present code."""

import sys
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from zugabe_events.domain.decider import Decider
from zugabe_events.domain.event import Event, EventTypes
from zugabe_events.eventstore.code_fingerprint import fingerprint
from zugabe_events.eventstore.snapshots import hash_of, id_prefix, ids_with, state_in
from zugabe_events.eventstore.state_codec import to_bytes
from zugabe_events.mongo.client import Database, Document, LogIdentity

type AnyDecider = Decider[Any, Any, Any]

MAX_NAMED = 20
"""Streams listed by name in the result."""

PROGRESS_INTERVAL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SnapshotAudit:
    """Numbers of snapshots that are `equal` to a fold, and `unused` ones of other code or another
    log; stream ids of the `unequal` ones."""

    equal: int
    unequal: Sequence[str]
    unused: int


async def audit_snapshots(
    db: Database, identity: LogIdentity, types: EventTypes, deciders: Sequence[AnyDecider]
) -> SnapshotAudit:
    equal, unequal = 0, list[str]()
    total, reported_at = await db.snapshots.estimated_document_count(), time.monotonic()
    for decider in deciders:
        code = fingerprint(decider)
        if code is None:
            continue
        prefix = id_prefix(str(identity.id), decider.name, code)
        async for snapshot in db.snapshots.find(ids_with(prefix)):
            if await is_equal(db, snapshot, types, decider):
                equal += 1
            else:
                unequal.append(snapshot["stream"])
            if time.monotonic() - reported_at > PROGRESS_INTERVAL_SECONDS:
                reported_at = time.monotonic()
                sys.stderr.write(f"snapshots: {equal + len(unequal):,} of {total:,}\n")
    return SnapshotAudit(equal, sorted(unequal), max(0, total - equal - len(unequal)))


async def is_equal(
    db: Database, snapshot: Document, types: EventTypes, decider: AnyDecider
) -> bool:
    """True if the snapshot is readable and its hash is that of a fold up to its version."""
    state, version = decider.initial, 0
    async for events in events_of(db, snapshot["stream"], snapshot["version"], types):
        state = decider.fold(events, state)
        version += len(events)
    same = (snapshot["version"], snapshot["hash"]) == (version, hash_of(to_bytes(state)))
    return same and state_in(snapshot) is not None


async def events_of(
    db: Database, stream: str, last: int, types: EventTypes
) -> AsyncGenerator[list[Event]]:
    """The events of a stream up to version `last`, commit by commit."""
    where = {"stream": stream, "version": {"$lte": last}}
    async for commit in db.commits.find(where, {"events": 1}).sort("version", 1):
        stored = ((event["name"], event["data"], event["schema"]) for event in commit["events"])
        yield [event for parts in stored if (event := types.decode(*parts)) is not None]


async def verify_snapshots(
    db: Database, identity: LogIdentity, types: EventTypes, deciders: Sequence[AnyDecider]
) -> bool:
    """Print the result of an audit; False if any snapshot differs."""
    audit = await audit_snapshots(db, identity, types, deciders)
    summary = f"{audit.equal:,} equal to a fold of the log"
    if audit.unequal:
        streams = ", ".join(audit.unequal[:MAX_NAMED])
        summary += f", {len(audit.unequal):,} DIFFER: {streams}"
    if audit.unused:
        summary += f", {audit.unused:,} of other code"
    sys.stdout.write(f"snapshots: {summary}\n")
    return not audit.unequal
