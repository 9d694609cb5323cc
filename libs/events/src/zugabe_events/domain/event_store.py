"""The log as deciders see it: load histories, append commits, all or nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.stream_locks import StreamLocks


class Commit(msgspec.Struct, frozen=True):
    """Events to be appended to one stream, the first one as `version`.

    `id` is fixed before the first attempt, so that a repeated attempt is recognised; `body` is a
    hash of what was asked, so that one id cannot stand for two requests.
    """

    id: UUID
    stream: Stream
    version: int
    events: tuple[Event, ...]
    context: Context
    body: str = ""


class AppendedCommit(msgspec.Struct, frozen=True):
    """A commit in the log; `repeated` if an earlier request had appended it already."""

    id: UUID
    body: str
    recorded_at: datetime
    events: tuple[Event, ...]
    token: Token
    repeated: bool


class LoadedState(msgspec.Struct, frozen=True):
    """The state of a history after `version` events.

    `stream` has the partition key that the stream's first commit fixed; `earlier` is the caller's
    own commit, if an earlier request appended it.
    """

    stream: Stream
    state: Any
    version: int
    earlier: AppendedCommit | None


class RecordedCommit(msgspec.Struct, frozen=True):
    """A commit as people read it: what happened, when and by whom."""

    id: UUID
    stream: str
    events: tuple[Event, ...]
    actor: str
    role: str
    recorded_at: datetime


class EventStore(Protocol):
    """Reads and writes with majority: loaded and acknowledged commits are never rolled back."""

    async def load(
        self, histories: Sequence[History[Any, Any]], attempts: Sequence[UUID | None]
    ) -> Sequence[LoadedState]:
        """Load histories, each with the commit id that the caller is going to append, or None."""
        ...

    async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        """All or nothing, each commit on a stream of its own.

        Raises StaleError when another writer took a version, TooLargeError, and KeyReusedError
        when a commit of the same id was made of another body, or another request has claimed the
        key of this one (`Context.claim`). Returns only when the outcome of the commits is definite.
        """
        ...

    async def latest(
        self, streams: Sequence[str], limit: int, before: tuple[datetime, UUID] | None = None
    ) -> Sequence[RecordedCommit]:
        """The last commits of some streams, the newest first; `before` is time and id of the last
        one that is known already. For people to read: the streams are short and few."""
        ...

    def load_cached(
        self, histories: Sequence[History[Any, Any]], *, new: bool = False
    ) -> Sequence[LoadedState] | None:
        """The states of histories that this process has cached, without a read.

        Each may be stale: only an append at the next version proves that it is current. Uncached
        histories count as empty if `new`; otherwise the result is None.
        """
        ...

    def cache(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        """Cache the state of a history after an acknowledged append."""
        ...

    @property
    def locks(self) -> StreamLocks: ...


async def state_of[State](store: EventStore, history: History[State, Any]) -> State:
    """The present state of a history, read with majority."""
    [state] = await states_of(store, [history])
    return state


async def lasting_state_of[State](
    store: EventStore, history: History[State, Any], lasting: type[State]
) -> State:
    """The present state of a history; `lasting` is a kind of state that no event changes any more.

    Once this process has seen such a state, it needs no read.
    """
    cached = store.load_cached([history])
    if cached and isinstance(cached[0].state, lasting):
        return cached[0].state
    return await state_of(store, history)


async def states_of[State](
    store: EventStore, histories: Sequence[History[State, Any]]
) -> Sequence[State]:
    """The present states of histories, in their order, read with majority in one query."""
    return [loaded.state for loaded in await store.load(histories, [None] * len(histories))]
