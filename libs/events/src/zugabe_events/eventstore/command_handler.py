"""The kernel's verb: load, decide, append, and decide again when another writer was first."""

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
from zugabe_events.domain.event_store import Appended, Commit, EventStore, Loaded

TRIES = 50
BACKOFF = Backoff(0.001, 0.03)


class Handled(msgspec.Struct, frozen=True):
    """What a command did, now or at its earlier attempt: events in the order of its histories.

    `token` is None when nothing happened.
    """

    events: tuple[Event, ...]
    token: Token | None
    repeated: bool

    def of[E: Event](self, kind: type[E]) -> E | None:
        """The first event of a kind, if there is one."""
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
) -> Handled:
    """Decide one command over one history; `new` says that it has most likely no events yet.

    Raises what `decide` raises, KeyReusedError, and UnavailableError when other writers were
    faster `TRIES` times. The same `attempt` never writes twice: its first outcome is answered.
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
) -> Handled:
    """One decision over several histories, appended to all that it changes in one transaction.

    `decide` gets the states and returns the events, both in the order of `histories`. A history
    whose state must not change under the decision must get an event of it.
    """
    ids = [uuid5(attempt, history.stream.id) for history in histories]
    turn = store.turns.of([history.stream for history in histories])
    twin = attempt in store.turns.attempts
    store.turns.attempts.add(attempt)
    try:
        if turn.taken and not twin:
            await _refuse_at_once(store, histories, ids, decide)
        async with turn:
            work = CommandExecution(store, histories, ids, decide, context, body)
            return await work.append_from_cache(new) or await work.load_and_append()
    finally:
        if not twin:
            store.turns.attempts.discard(attempt)


async def _refuse_at_once(
    store: EventStore,
    histories: Sequence[History[Any, Any]],
    ids: Sequence[UUID],
    decide: Callable[[Sequence[Any]], Sequence[Sequence[Event]]],
) -> None:
    """What is refused anyway need not queue: a state that was true during the request decides.

    Not for a repeat of an attempt that is under way, whose outcome is the answer.
    """
    try:
        loaded = await store.load(histories, ids)
    except StaleError:
        return
    if not any(one.earlier for one in loaded):
        decide([one.state for one in loaded])


@dataclass(slots=True)
class CommandExecution:
    """One decision on its way into the log."""

    store: EventStore
    histories: Sequence[History[Any, Any]]
    ids: Sequence[UUID]
    decide: Callable[[Sequence[Any]], Sequence[Sequence[Event]]]
    context: Context
    body: str

    async def append_from_cache(self, new: bool) -> Handled | None:
        """Without a load: the append at the next version of every history, under the ids of this
        attempt, is the proof. None: nothing was written, and only a load can tell more."""
        known = self.store.recall(self.histories, new=new)
        if known is None:
            return None
        try:
            decided = self._decided(known)
        except Exception:  # refused, or confused, by a state that may be old
            return None
        if not all(events for _, events in decided):
            return None
        try:
            return await self._append(decided)
        except StaleError:
            return None

    async def load_and_append(self) -> Handled:
        for tried in range(TRIES):
            try:
                loaded = await self.store.load(self.histories, self.ids)
            except StaleError:
                continue
            if earlier := [one.earlier for one in loaded if one.earlier]:
                return answer(earlier, self.body)
            decided = self._decided(loaded)
            if not any(events for _, events in decided):
                return Handled((), None, repeated=False)
            try:
                return await self._append(decided)
            except StaleError:
                await asyncio.sleep(BACKOFF.wait(tried + 1))
        raise UnavailableError("Zu viele gleichzeitige Änderungen. Bitte versuchen Sie es erneut.")

    def _decided(self, loaded: Sequence[Loaded]) -> Sequence[tuple[Loaded, tuple[Event, ...]]]:
        decided = self.decide([one.state for one in loaded])
        return [(one, tuple(events)) for one, events in zip(loaded, decided, strict=True)]

    async def _append(self, decided: Sequence[tuple[Loaded, tuple[Event, ...]]]) -> Handled:
        """Raises StaleError."""
        commits = [
            Commit(commit_id, one.stream, one.version + 1, events, self.context, self.body)
            for commit_id, (one, events) in zip(self.ids, decided, strict=True)
            if events
        ]
        appended = await self.store.append(commits)
        if not any(one.repeated for one in appended):
            for history, (one, events) in zip(self.histories, decided, strict=True):
                state = history.decider.fold(events, one.state)
                version = one.version + len(events)
                self.store.remember(history, state, version, one.stream.key)
        return answer(appended, self.body)


def answer(appended: Sequence[Appended], body: str) -> Handled:
    """What the commits of one attempt say; KeyReusedError if they were asked with other words."""
    if any(one.repeated and one.body != body for one in appended):
        raise KeyReusedError
    return Handled(
        tuple(event for one in appended for event in one.events),
        max(one.token for one in appended),
        repeated=any(one.repeated for one in appended),
    )
