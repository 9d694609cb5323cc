"""The log in memory, for unit tests; held to the same contract suite as the real one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import KeyReusedError, StaleError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.event_store import (
    AppendedCommit,
    Commit,
    LoadedState,
    RecordedCommit,
)
from zugabe_events.domain.partitioning import part_of
from zugabe_events.domain.stream_locks import StreamLocks
from zugabe_events.eventstore.commits import encode_events


class InMemoryEventStore:
    """`commits` is the log, in the order of appending."""

    def __init__(self, log: str, now: Callable[[], datetime], parts: int = 16) -> None:
        self.log = log
        self.parts = parts
        self.now = now
        self.locks = StreamLocks()
        self.commits: list[tuple[Commit, AppendedCommit]] = []
        self._streams: dict[str, list[Commit]] = {}
        self._by_id: dict[UUID, AppendedCommit] = {}
        self._claims: dict[UUID, str] = {}

    async def load(
        self, histories: Sequence[History[Any, Any]], attempts: Sequence[UUID | None]
    ) -> Sequence[LoadedState]:
        return [
            self._load(history, attempt)
            for history, attempt in zip(histories, attempts, strict=True)
        ]

    async def latest(
        self, streams: Sequence[str], limit: int, before: tuple[datetime, UUID] | None = None
    ) -> Sequence[RecordedCommit]:
        found = [
            RecordedCommit(
                commit.id,
                commit.stream.id,
                commit.events,
                commit.context.actor,
                commit.context.role,
                commit.context.at,
            )
            for stream in streams
            for commit in self._streams.get(stream, [])
        ]
        found.sort(key=lambda commit: (commit.recorded_at, commit.id.bytes), reverse=True)
        earlier = (
            commit
            for commit in found
            if before is None
            or (commit.recorded_at, commit.id.bytes) < (before[0], before[1].bytes)
        )
        return list(islice(earlier, limit))

    def load_cached(
        self, histories: Sequence[History[Any, Any]], *, new: bool = False
    ) -> Sequence[LoadedState] | None:
        known = [self._load(history, None) for history in histories]
        return known if new or all(one.version for one in known) else None

    def cache(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        """Nothing to do: every state is folded from memory."""

    def _load(self, history: History[Any, Any], attempt: UUID | None) -> LoadedState:
        commits = self._streams.get(history.stream.id, [])
        events = [event for commit in commits for event in commit.events]
        key = commits[0].stream.key if commits else history.stream.key
        earlier = self._by_id.get(attempt) if attempt else None
        return LoadedState(
            Stream(history.stream.id, key), history.decider.fold(events), len(events), earlier
        )

    async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        if earlier := [self._by_id[one.id] for one in commits if one.id in self._by_id]:
            if any(
                self._by_id[one.id].body != one.body for one in commits if one.id in self._by_id
            ):
                raise KeyReusedError
            return earlier
        for commit in commits:
            claim = commit.context.claim
            if claim and self._claims.get(claim.key, claim.request) != claim.request:
                raise KeyReusedError
            encode_events(commit)
            events = sum(len(one.events) for one in self._streams.get(commit.stream.id, []))
            if commit.version != events + 1:
                raise StaleError(commit.stream.id)
        return [self._store(commit) for commit in commits]

    def _store(self, commit: Commit) -> AppendedCommit:
        part = part_of(commit.stream.key, self.parts)
        token = Token(self.log, part, 0, len(self.commits) + 1)
        appended = AppendedCommit(commit.id, commit.body, self.now(), commit.events, token, False)
        self._streams.setdefault(commit.stream.id, []).append(commit)
        self._by_id[commit.id] = replace(appended, repeated=True)
        if (claim := commit.context.claim) is not None:
            self._claims[claim.key] = claim.request
        self.commits.append((commit, appended))
        return appended
