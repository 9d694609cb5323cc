"""Folded states in memory, so that a load reads only the commits after them."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from cachetools import LRUCache
from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Stream
from zugabe_events.domain.event_store import LoadedState
from zugabe_events.mongo.client import Database, Document

MAX_STATES = 20_000

type OnFolded = Callable[[History[Any, Any], Any, int, int, str], None]
"""Called with a history, its state, the versions before and after the fold, and its key."""


class StateCache:
    """The most recently used states of this process.

    Each is the fold of a prefix of its stream, read with majority: it may be stale, never wrong.
    """

    def __init__(self, on_folded: OnFolded | None = None) -> None:
        self._on_folded = on_folded
        self._states: LRUCache[tuple[str, str], tuple[Any, int, str]] = LRUCache(MAX_STATES)

    def get(self, history: History[Any, Any]) -> tuple[Any, int, str]:
        """State, version and partition key; the initial state at version 0 if not cached."""
        cached = self._states.get((history.stream.id, history.decider.name))
        return cached or (history.decider.initial, 0, history.stream.key)

    def load(
        self, histories: Sequence[History[Any, Any]], *, new: bool
    ) -> Sequence[LoadedState] | None:
        """As `EventStore.load_cached`."""
        cached = [(history.stream.id, *self.get(history)) for history in histories]
        if not new and any(version == 0 for _, _, version, _ in cached):
            return None
        return [
            LoadedState(Stream(id_, key), state, version, None)
            for id_, state, version, key in cached
        ]

    def put(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        """Replace an older version and call `on_folded`, unless the decider keeps no states."""
        if not history.decider.is_cached:
            return
        before = self.get(history)[1]
        if version > before:
            self.restore(history, state, version, key)
            if self._on_folded:
                self._on_folded(history, state, before, version, key)

    def restore(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        """Put a state that was not folded here."""
        self._states[history.stream.id, history.decider.name] = (state, version, key)


async def read_streams(
    db: Database,
    states: StateCache,
    histories: Sequence[History[Any, Any]],
    ids: Sequence[UUID],
    session: AsyncClientSession | None = None,
) -> Sequence[Document]:
    """The commits of streams after their cached prefixes, and those with the given ids."""
    uncached: set[str] = set()
    versions: dict[str, int] = {}
    for history in histories:
        _, version, _ = states.get(history)
        stream = history.stream.id
        if version == 0:
            uncached.add(stream)
        else:
            versions[stream] = min(version, versions.get(stream, version))
    branches: list[Document] = [
        {"stream": stream, "version": {"$gt": version}}
        for stream, version in versions.items()
        if stream not in uncached
    ]
    if uncached:
        branches.append({"stream": {"$in": list(uncached)}})
    if ids:
        branches.append({"_id": {"$in": list(ids)}})
    return await db.commits.find(
        branches[0] if len(branches) == 1 else {"$or": branches}, session=session
    ).to_list()
