"""Snapshots of long streams: stored states, so that a restart need not fold from the beginning.

They may be discarded at any time. A snapshot serves only code with the fingerprint it was written
with (`code_fingerprint.py`), and only its own log.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bson.binary import Binary
from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError, PyMongoError

from zugabe_events.domain.decider import History
from zugabe_events.eventstore.code_fingerprint import fingerprint
from zugabe_events.eventstore.state_cache import StateCache
from zugabe_events.eventstore.state_codec import UnstorableError, from_bytes, to_bytes
from zugabe_events.mongo.client import Database, Document

log = logging.getLogger(__name__)

INTERVAL_EVENTS = 500
"""Events of a stream between two snapshots, and before the first."""

TTL = timedelta(days=30)
"""Time to live after the last write, since the code that wrote it may have been replaced."""

MAX_BYTES = 8_000_000
MAX_PENDING = 1_000
"""States waiting to be written; further ones are skipped until later events bring them again."""

type AnyHistory = History[Any, Any]


async def deploy_snapshots(db: Database) -> None:
    await db.snapshots.create_index(
        [("at", ASCENDING)], expireAfterSeconds=int(TTL.total_seconds())
    )


class Snapshots:
    """Writes snapshots in the background, and reads them when a stream is first loaded.

    The ids of streams with a snapshot are read once per decider, so loading other streams costs
    no query.
    """

    def __init__(self, db: Database, log_id: str) -> None:
        self._snapshots = db.snapshots
        self._log_id = log_id
        self._streams: dict[str, set[str]] = {}
        self._pending: dict[str, tuple[AnyHistory, Any, int, str]] = {}
        self._writer: asyncio.Task[None] | None = None

    def folded(self, history: AnyHistory, state: Any, before: int, version: int, key: str) -> None:
        """Schedule a snapshot of a state read with majority, if its interval is over."""
        if version // INTERVAL_EVENTS == before // INTERVAL_EVENTS:
            return
        prefix = self._prefix(history)
        if prefix and len(self._pending) < MAX_PENDING:
            self._pending[f"{prefix}{history.stream.id}"] = (history, state, version, key)
            if self._writer is None or self._writer.done():
                self._writer = asyncio.create_task(self._write())

    async def load(self, histories: Iterable[AnyHistory], states: StateCache) -> None:
        """Restore the snapshots of histories that are not cached."""
        wanted: dict[str, AnyHistory] = {}
        for history in histories:
            if states.get(history)[1] > 0:
                continue
            prefix = self._prefix(history)
            if prefix and history.stream.id in await self._streams_of(prefix):
                wanted[f"{prefix}{history.stream.id}"] = history
        if not wanted:
            return
        async for snapshot in self._snapshots.find({"_id": {"$in": list(wanted)}}):
            history = wanted[snapshot["_id"]]
            state = state_in(snapshot)
            if state is not None and states.get(history)[1] == 0:
                states.restore(history, state, snapshot["version"], snapshot["key"])

    async def written(self) -> None:
        """Return once no snapshot is pending."""
        while self._writer is not None and not self._writer.done():
            await asyncio.wait([self._writer])

    def _prefix(self, history: AnyHistory) -> str | None:
        code = fingerprint(history.decider)
        return code and id_prefix(self._log_id, history.decider.name, code)

    async def _streams_of(self, prefix: str) -> set[str]:
        streams = self._streams.get(prefix)
        if streams is None:
            found = self._snapshots.find(ids_with(prefix), {"_id": 1})
            streams = {snapshot["_id"].removeprefix(prefix) async for snapshot in found}
            streams = self._streams.setdefault(prefix, streams)
        return streams

    async def _write(self) -> None:
        while self._pending:
            name = next(iter(self._pending))
            history, state, version, key = self._pending.pop(name)
            stream = history.stream.id
            try:
                content = await asyncio.to_thread(checked_bytes, state)
                await self._put(name, content, version, key, stream)
            except (UnstorableError, PyMongoError) as error:
                log.warning("no snapshot of %s: %s", history.decider.name, error)
            else:
                (await self._streams_of(name.removesuffix(stream))).add(stream)

    async def _put(self, name: str, content: bytes, version: int, key: str, stream: str) -> None:
        """Store a snapshot unless another process has stored a later one."""
        document: Document = {
            "stream": stream,
            "version": version,
            "key": key,
            "state": Binary(content),
            "hash": hash_of(content),
            "at": datetime.now(UTC),
        }
        try:
            await self._snapshots.replace_one(
                {"_id": name, "version": {"$lt": version}}, document, upsert=True
            )
        except DuplicateKeyError:
            log.debug("%s has a later snapshot already", name)


def id_prefix(log_id: str, decider: str, code: str) -> str:
    """The common prefix of the ids of all snapshots written by the same code."""
    return f"{log_id}/{decider}/{code}/"


def ids_with(prefix: str) -> Document:
    return {"_id": {"$gte": prefix, "$lt": f"{prefix[:-1]}0"}}  # 0 follows /


def checked_bytes(state: object) -> bytes:
    """The bytes of a state, after reading them back. Raises UnstorableError."""
    content = to_bytes(state)
    if len(content) > MAX_BYTES:
        message = f"its {len(content):,} bytes exceed the maximum of {MAX_BYTES:,}"
        raise UnstorableError(message)
    if from_bytes(content) != state:
        message = f"a {type(state).__name__} read back from its bytes is not equal"
        raise UnstorableError(message)
    return content


def state_in(snapshot: Document) -> Any | None:
    """The state of a snapshot, or None if it is damaged or unreadable for this code."""
    content = bytes(snapshot["state"])
    if hash_of(content) != snapshot["hash"]:
        log.warning("the snapshot of %s is damaged", snapshot["stream"])
        return None
    try:
        return from_bytes(content)
    except Exception as error:
        log.warning("cannot read the snapshot of %s: %s", snapshot["stream"], type(error).__name__)
        return None


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
