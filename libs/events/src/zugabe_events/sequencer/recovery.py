"""Recovery without a resume token: finds every commit that is in no sequence document.

All reads see one majority snapshot at one cluster time, and the change stream goes on exactly
after it. The checkpoint is written after the last document, so a crash in between starts over.
"""

import logging
from collections.abc import AsyncGenerator
from datetime import datetime
from operator import itemgetter
from typing import Any

from bson.timestamp import Timestamp
from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.mongo.client import OPTIONS, Database, Document, LogIdentity
from zugabe_events.sequencer.lease import Progress
from zugabe_events.sequencer.sequence import MAX_DOCUMENT_COMMITS, insert, plan, range_of

log = logging.getLogger(__name__)

OVERLAP_SECONDS = 3_600
"""An upper bound for how far a commit's `at` lies before that of an earlier commit."""


class Snapshot:
    """Reads as of one cluster time, with majority."""

    def __init__(self, db: Database, session: AsyncClientSession, time: Timestamp) -> None:
        self._db = db
        self._session = session
        self._concern = {"level": "snapshot", "atClusterTime": time}

    async def find(
        self, collection: str, filter_: Document, **more: Any
    ) -> AsyncGenerator[Document]:
        command = {"find": collection, "filter": filter_, "readConcern": self._concern, **more}
        reply = await self._db.command(command, session=self._session, codec_options=OPTIONS)
        cursor, batch = reply["cursor"]["id"], reply["cursor"]["firstBatch"]
        while True:
            for document in batch:
                yield document
            if not cursor:
                return
            reply = await self._db.command(
                {"getMore": cursor, "collection": collection},
                session=self._session,
                codec_options=OPTIONS,
            )
            cursor, batch = reply["cursor"]["id"], reply["cursor"]["nextBatch"]


async def recover(
    db: Database, identity: LogIdentity, progress: Progress, now: datetime
) -> Progress:
    """Sequence what the change stream will no longer show. The result has no token."""
    async with db.client.start_session(causal_consistency=False) as session:
        time = (await db.command("ping", session=session))["operationTime"]
        snapshot = Snapshot(db, session, time)
        last: dict[int, int] = {}
        for part in range(identity.parts):
            last[part] = await _recover_part(db, snapshot, part, now)
    log.info("%s: recovered through %s", identity.name, time)
    return Progress(
        token=None,
        start_at=Timestamp(time.time, time.inc + 1),
        through=time,
        last=last,
        acked=progress.acked,
    )


async def _recover_part(db: Database, snapshot: Snapshot, part: int, now: datetime) -> int:
    """Sequence what is missing in a part; returns its last position."""
    last, since, times = 0, Timestamp(0, 0), {part: now}
    sequenced: set[Any] = set()
    async for document in snapshot.find("sequence", range_of(part), sort={"_id": -1}):
        if not last:
            last = document["last"]
            since = Timestamp(max(document["at"].time - OVERLAP_SECONDS, 0), 0)
            times[part] = document["time"]
        if document["at"].time < since.time - OVERLAP_SECONDS:
            break
        sequenced.update(commit["id"] for commit in document["commits"])
    positions = {part: last}
    async for commits in _missing(snapshot, part, since, sequenced):
        documents, _ = plan(commits, positions, times, now)
        await insert(db, documents)
    return positions[part]


async def _missing(
    snapshot: Snapshot, part: int, since: Timestamp, sequenced: set[Any]
) -> AsyncGenerator[list[Document]]:
    """Unsequenced commits by (at, version), never cut inside one `at`."""
    missing: list[Document] = []
    found = snapshot.find(
        "commits",
        {"part": part, "at": {"$gte": since}},
        sort={"part": 1, "at": 1},
        projection={"part": 1, "at": 1, "version": 1, "events.name": 1},
    )
    async for commit in found:
        if len(missing) >= MAX_DOCUMENT_COMMITS and missing[-1]["at"] < commit["at"]:
            yield sorted(missing, key=itemgetter("at", "version"))
            missing = []
        if commit["_id"] not in sequenced:
            missing.append(commit)
    if missing:
        yield sorted(missing, key=itemgetter("at", "version"))
