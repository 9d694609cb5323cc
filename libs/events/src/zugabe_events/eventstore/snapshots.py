"""States of long streams, stored so that a restart need not fold them from their beginning.

They may be discarded at any time. One is used only by the code that wrote it (`fingerprints.py`),
in the log that it was written for.
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

EVERY = 500
"""Events of a stream between two snapshots, and before the first."""

KEPT = timedelta(days=30)
"""So long one stays that nobody has written again: its code may run no more."""

LARGEST_BYTES = 8_000_000
WAITING = 1_000
"""More are not put aside to be written; they come again with later events."""

type AnyHistory = History[Any, Any]


async def deploy_snapshots(db: Database) -> None:
    await db.snapshots.create_index(
        [("at", ASCENDING)], expireAfterSeconds=int(KEPT.total_seconds())
    )


class Snapshots:
    """Written in the background, and read where a stream is met for the first time.

    Which streams have one is read once per decider; so a load of an ordinary stream costs nothing.
    """

    def __init__(self, db: Database, log_id: str) -> None:
        self._snapshots = db.snapshots
        self._log_id = log_id
        self._known: dict[str, set[str]] = {}
        self._waiting: dict[str, tuple[AnyHistory, Any, int, str]] = {}
        self._writing: asyncio.Task[None] | None = None

    def folded(self, history: AnyHistory, state: Any, before: int, version: int, key: str) -> None:
        """A state that majority has shown; noted when it is time for a snapshot."""
        if version // EVERY == before // EVERY or len(self._waiting) >= WAITING:
            return
        if name := self._name(history):
            self._waiting[name] = (history, state, version, key)
            if self._writing is None or self._writing.done():
                self._writing = asyncio.create_task(self._write())

    async def recall(self, histories: Iterable[AnyHistory], remembered: StateCache) -> None:
        """What is stored of those that are not remembered. The tail is read after that."""
        wanted: dict[str, AnyHistory] = {}
        for history in histories:
            if remembered.get(history)[1] > 0:
                continue
            name = self._name(history)
            if name and history.stream.id in await self._streams(history):
                wanted[name] = history
        if not wanted:
            return
        async for found in self._snapshots.find({"_id": {"$in": list(wanted)}}):
            history = wanted[found["_id"]]
            state = opened(found)
            if state is not None and remembered.get(history)[1] == 0:
                remembered.keep(history, state, found["version"], found["key"])

    async def written(self) -> None:
        """Once nothing waits."""
        while self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])

    def _name(self, history: AnyHistory) -> str | None:
        family = self._family(history)
        return family and f"{family}{history.stream.id}"

    def _family(self, history: AnyHistory) -> str | None:
        code = fingerprint(history.decider)
        return code and family_of(self._log_id, history.decider.name, code)

    async def _streams(self, history: AnyHistory) -> set[str]:
        family = self._family(history)
        assert family is not None
        known = self._known.get(family)
        if known is None:
            ids = self._snapshots.find(within(family), {"_id": 1})
            known = {one["_id"].removeprefix(family) async for one in ids}
            known = self._known.setdefault(family, known)
        return known

    async def _write(self) -> None:
        while self._waiting:
            name = next(iter(self._waiting))
            history, state, version, key = self._waiting.pop(name)
            try:
                content = await asyncio.to_thread(proven, state)
                await self._put(name, content, version, key, history.stream.id)
            except (UnstorableError, PyMongoError) as error:
                log.warning("no snapshot of %s: %s", history.decider.name, error)
            else:
                (await self._streams(history)).add(history.stream.id)

    async def _put(self, name: str, content: bytes, version: int, key: str, stream: str) -> None:
        """A later one of another process stays."""
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
            log.debug("%s has a later snapshot", name)


def family_of(log_id: str, decider: str, code: str) -> str:
    """What the ids of snapshots by the same code begin with."""
    return f"{log_id}/{decider}/{code}/"


def within(family: str) -> Document:
    return {"_id": {"$gte": family, "$lt": f"{family[:-1]}0"}}  # 0 comes behind /


def proven(state: object) -> bytes:
    """Its bytes, from which it was read again as what it is. Raises UnstorableError."""
    content = to_bytes(state)
    if len(content) > LARGEST_BYTES:
        message = f"{len(content):,} bytes are too many"
        raise UnstorableError(message)
    if from_bytes(content) != state:
        message = f"a {type(state).__name__} is not what its bytes say"
        raise UnstorableError(message)
    return content


def opened(found: Document) -> Any | None:
    """None for one that is damaged, or that this code cannot read."""
    content = bytes(found["state"])
    if hash_of(content) != found["hash"]:
        log.warning("the snapshot of %s is damaged", found["stream"])
        return None
    try:
        return from_bytes(content)
    except Exception as error:
        log.warning("the snapshot of %s cannot be read: %s", found["stream"], type(error).__name__)
        return None


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
