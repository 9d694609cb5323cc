"""Streams that were folded before are read from where the fold ended."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Stream
from zugabe_events.domain.event_store import Loaded
from zugabe_events.mongo.client import Database, Document

REMEMBERED = 20_000

type Folded = Callable[[History[Any, Any], Any, int, int, str], None]


def nothing_to_do(history: History[Any, Any], state: Any, before: int, now: int, key: str) -> None:
    """Nobody stores states."""


class StateCache:
    """Folded prefixes of streams. What majority has shown once stays true, so they never lie;
    a load only reads what came after."""

    def __init__(self, size: int = REMEMBERED, folded: Folded = nothing_to_do) -> None:
        """`folded` is told of a state, and of its version before and now."""
        self._size = size
        self._folded = folded
        self._states: OrderedDict[tuple[str, str], tuple[Any, int, str]] = OrderedDict()

    def get(self, history: History[Any, Any]) -> tuple[Any, int, str]:
        """State, version and partition key."""
        known = self._states.get((history.stream.id, history.decider.name))
        return known or (history.decider.initial, 0, history.stream.key)

    def recall(
        self, histories: Sequence[History[Any, Any]], *, new: bool
    ) -> Sequence[Loaded] | None:
        """As `EventStore.recall`."""
        known = [(history.stream.id, *self.get(history)) for history in histories]
        if not new and any(version == 0 for _, _, version, _ in known):
            return None
        return [
            Loaded(Stream(id_, key), state, version, None) for id_, state, version, key in known
        ]

    def put(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        before = self.get(history)[1]
        if version <= before:  # others were faster, and know more
            return
        self.keep(history, state, version, key)
        self._folded(history, state, before, version, key)

    def keep(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        """Nobody folded it here."""
        name = (history.stream.id, history.decider.name)
        self._states[name] = (state, version, key)
        self._states.move_to_end(name)
        if len(self._states) > self._size:
            self._states.popitem(last=False)


async def read_streams(
    db: Database,
    remembered: StateCache,
    histories: Sequence[History[Any, Any]],
    ids: Sequence[UUID],
    session: AsyncClientSession | None = None,
) -> Sequence[Document]:
    """The commits of streams behind their remembered prefixes, and those with the given ids."""
    unread: set[str] = set()
    behind: dict[str, int] = {}
    for history in histories:
        _, version, _ = remembered.get(history)
        stream = history.stream.id
        if version == 0:
            unread.add(stream)
        else:
            behind[stream] = min(version, behind.get(stream, version))
    branches: list[Document] = [
        {"stream": stream, "version": {"$gt": version}}
        for stream, version in behind.items()
        if stream not in unread
    ]
    if unread:
        branches.append({"stream": {"$in": list(unread)}})
    if ids:
        branches.append({"_id": {"$in": list(ids)}})
    return await db.commits.find(
        branches[0] if len(branches) == 1 else {"$or": branches}, session=session
    ).to_list()
