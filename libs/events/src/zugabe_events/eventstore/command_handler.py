"""Command handler: load, decide, append, and decide again if another writer was first."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import msgspec

from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import KeyReusedError, StaleError, UnavailableError
from zugabe_events.domain.event import Context, Event
from zugabe_events.domain.event_store import AppendedCommit, Commit, EventStore, LoadedState

MAX_TRIES = 50
BACKOFF = Backoff(0.001, 0.03)


class CommandResult(msgspec.Struct, frozen=True):
    """The events of a command, appended now or by an earlier request, in order of its histories.

    `token` is None if there are none.
    """

    events: tuple[Event, ...]
    token: Token | None
    repeated: bool

    def of[E: Event](self, kind: type[E]) -> E | None:
        """The first event of a kind, or None."""
        return next((event for event in self.events if isinstance(event, kind)), None)


async def handle[Command, State, E: Event](
    store: EventStore,
    history: History[State, E],
    command: Command,
    context: Context,
    *,
    attempt: UUID,
    body: str = "",
    new: bool = False,
) -> CommandResult:
    """Decide one command over one history; `new` if it most likely has no events yet.

    Raises what `decide` raises, KeyReusedError, and UnavailableError after `MAX_TRIES` conflicts
    with other writers. The same `attempt` never writes twice: a repeat returns its first outcome.
    """

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        return [history.decider.decide(command, states[0])]

    return await handle_together(
        store, [history], decide, context, attempt=attempt, body=body, new=new
    )


async def handle_together(
    store: EventStore,
    histories: Sequence[History[Any, Any]],
    decide: Callable[[Sequence[Any]], Sequence[Sequence[Event]]],
    context: Context,
    *,
    attempt: UUID,
    body: str = "",
    new: bool = False,
) -> CommandResult:
    """Decide over several histories and append to those that change in one transaction.

    `decide` takes the states and returns the events, both in the order of `histories`. Only
    histories that get an event are protected against concurrent changes.
    """
    ids = [uuid5(attempt, history.stream.id) for history in histories]
    locks = store.locks.of([history.stream for history in histories])
    under_way = attempt in store.locks.attempts
    store.locks.attempts.add(attempt)
    try:
        if locks.taken and not under_way:
            await _refuse_early(store, histories, ids, decide)
        async with locks:
            execution = CommandExecution(store, histories, ids, decide, context, body)
            return await execution.append_from_cache(new) or await execution.load_and_append()
    finally:
        if not under_way:
            store.locks.attempts.discard(attempt)


async def _refuse_early(
    store: EventStore,
    histories: Sequence[History[Any, Any]],
    ids: Sequence[UUID],
    decide: Callable[[Sequence[Any]], Sequence[Sequence[Event]]],
) -> None:
    """Raise a refusal by the present states without waiting for the streams' locks.

    Not for a repeat of an attempt that is under way: it returns the outcome of that.
    """
    try:
        loaded = await store.load(histories, ids)
    except StaleError:
        return
    if not any(history.earlier for history in loaded):
        decide([history.state for history in loaded])


@dataclass(slots=True)
class CommandExecution:
    """One decision on its way into the log."""

    store: EventStore
    histories: Sequence[History[Any, Any]]
    ids: Sequence[UUID]
    decide: Callable[[Sequence[Any]], Sequence[Sequence[Event]]]
    context: Context
    body: str

    async def append_from_cache(self, new: bool) -> CommandResult | None:
        """Append without a load: success at the next version proves that the states were current.

        None if nothing was written and a load has to decide.
        """
        cached = self.store.load_cached(self.histories, new=new)
        if cached is None:
            return None
        try:
            decided = self._decided(cached)
        except Exception:  # the state may be stale
            return None
        if not all(events for _, events in decided):
            return None
        try:
            return await self._append(decided)
        except StaleError:
            return None

    async def load_and_append(self) -> CommandResult:
        for tried in range(MAX_TRIES):
            try:
                loaded = await self.store.load(self.histories, self.ids)
            except StaleError:
                continue
            if earlier := [history.earlier for history in loaded if history.earlier]:
                return answer(earlier, self.body)
            decided = self._decided(loaded)
            if not any(events for _, events in decided):
                return CommandResult((), None, repeated=False)
            try:
                return await self._append(decided)
            except StaleError:
                await asyncio.sleep(BACKOFF.wait(tried + 1))
        raise UnavailableError("Zu viele gleichzeitige Änderungen. Bitte versuchen Sie es erneut.")

    def _decided(
        self, loaded: Sequence[LoadedState]
    ) -> Sequence[tuple[LoadedState, tuple[Event, ...]]]:
        decided = self.decide([history.state for history in loaded])
        return [(base, tuple(events)) for base, events in zip(loaded, decided, strict=True)]

    async def _append(
        self, decided: Sequence[tuple[LoadedState, tuple[Event, ...]]]
    ) -> CommandResult:
        """Raises StaleError."""
        commits = [
            Commit(commit_id, base.stream, base.version + 1, events, self.context, self.body)
            for commit_id, (base, events) in zip(self.ids, decided, strict=True)
            if events
        ]
        appended = await self.store.append(commits)
        if not any(commit.repeated for commit in appended):
            for history, (base, events) in zip(self.histories, decided, strict=True):
                state = history.decider.fold(events, base.state)
                version = base.version + len(events)
                self.store.cache(history, state, version, base.stream.key)
        return answer(appended, self.body)


def answer(appended: Sequence[AppendedCommit], body: str) -> CommandResult:
    """The result of an attempt. Raises KeyReusedError for a repeat with another body."""
    if any(commit.repeated and commit.body != body for commit in appended):
        raise KeyReusedError
    return CommandResult(
        tuple(event for commit in appended for event in commit.events),
        max(commit.token for commit in appended),
        repeated=any(commit.repeated for commit in appended),
    )
