"""The commits of a log in commit order: a change stream, read in batches with resume tokens.

It also shows that a query waits: `progress_requests`, in the same order.
"""

from dataclasses import dataclass
from typing import Any

from bson.timestamp import Timestamp
from pymongo import WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import OperationFailure

from zugabe_events.mongo.client import OPTIONS, Database, Document
from zugabe_events.mongo.errors import is_passing

MAX_BATCH = 500
MAX_BATCH_BYTES = 4_000_000
MAX_WAIT_MS = 5_000
PROGRESS_REQUESTS = "progress_requests"
AWAITED_SECONDS = 1.0
"""After a request the sequencer reports often for so long: more queries are likely to wait."""
SHOWN: Document = {
    "$or": [
        {"ns.coll": "commits", "operationType": "insert"},
        {"ns.coll": PROGRESS_REQUESTS},
    ]
}
LOST_TOKEN_CODES = {136, 222, 234, 260, 280, 286}
HIGH_WATER_TYPE = 0x82


class TokenLostError(Exception):
    """The server no longer has this position in its history, or cannot read the token."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`through`: every commit up to this cluster time is in this batch or before it. `awaited`: a
    query waits to be told so."""

    commits: list[Document]
    token: Document
    through: Timestamp
    awaited: bool = False


async def request_progress(db: Database) -> None:
    """Have the sequencer report at once what it has sequenced, and often for a while."""
    requests = db[PROGRESS_REQUESTS].with_options(write_concern=WriteConcern(1))
    await requests.update_one({"_id": "latest"}, {"$currentDate": {"at": True}}, upsert=True)


class ChangeStream:
    """An open change stream over the log's commits."""

    def __init__(self, db: Database, session: AsyncClientSession, start: Document) -> None:
        """`start` is `{"resumeAfter": token}` or `{"startAtOperationTime": time}`."""
        self._db = db
        self._session = session
        self._start = start
        self._cursor: Any = None

    async def next(self) -> Batch:
        """The next batch, empty after a quiet `MAX_WAIT_MS`. Raises TokenLostError."""
        if self._cursor is None:
            command: Document = {
                "aggregate": 1,
                "pipeline": [{"$changeStream": self._start}, {"$match": SHOWN}],
                "cursor": {"batchSize": MAX_BATCH},
                "readConcern": {"level": "majority"},
            }
            batch_name = "firstBatch"
        else:
            command = {
                "getMore": self._cursor,
                "collection": "$cmd.aggregate",
                "batchSize": MAX_BATCH,
                "maxTimeMS": MAX_WAIT_MS,
            }
            batch_name = "nextBatch"
        try:
            reply = await self._db.command(command, session=self._session, codec_options=OPTIONS)
        except OperationFailure as error:
            if error.code in LOST_TOKEN_CODES or self._refuses_token(error):
                raise TokenLostError(str(error)) from error
            raise
        cursor = reply["cursor"]
        self._cursor = cursor["id"]
        return batch_of(cursor[batch_name], cursor["postBatchResumeToken"])

    def _refuses_token(self, error: OperationFailure) -> bool:
        """Unreadable tokens have many error codes; retrying would never succeed."""
        return self._cursor is None and "resumeAfter" in self._start and not is_passing(error)


def batch_of(changes: list[Document], token: Document) -> Batch:
    """A batch that may have been cut inside a transaction ends before its last cluster time."""
    through = time_of(token)
    commits = [change["fullDocument"] for change in changes if change["ns"]["coll"] == "commits"]
    if changes:
        last = changes[-1]["clusterTime"]
        size = sum(len(event["data"]) for commit in commits for event in commit["events"])
        cut = len(changes) >= MAX_BATCH or size >= MAX_BATCH_BYTES
        through = just_before(last) if cut else max(through, last)
    return Batch(commits, token, through, len(commits) < len(changes))


def time_of(token: Document) -> Timestamp:
    """The cluster time in a resume token: a type byte, then eight bytes of timestamp."""
    raw = bytes.fromhex(token["_data"][:18])
    if raw[0] != HIGH_WATER_TYPE:
        message = f"unknown form of resume token: {token['_data'][:18]}"
        raise ValueError(message)
    return Timestamp(int.from_bytes(raw[1:5]), int.from_bytes(raw[5:9]))


def just_before(time: Timestamp) -> Timestamp:
    if time.inc:
        return Timestamp(time.time, time.inc - 1)
    return Timestamp(time.time - 1, 2**32 - 1)
