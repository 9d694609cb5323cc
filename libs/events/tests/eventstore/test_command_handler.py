"""Load, decide, append: once for one attempt, again when another writer was first."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import KeyReusedError, RefusedError, StaleError, UnavailableError
from zugabe_events.domain.event import Context, Event, Stream
from zugabe_events.domain.event_store import AppendedCommit, Commit, LoadedState
from zugabe_events.eventstore.command_handler import MAX_TRIES, handle, handle_together
from zugabe_testing.event_store import InMemoryEventStore

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTEXT = Context("anna", "user", "acme", NOON, "c1")
ONE, OTHER = UUID(int=1), UUID(int=2)


class SeatTaken(Event, frozen=True):
    stored_as: ClassVar[str] = "seat-taken"

    who: str


class CarLeft(Event, frozen=True):
    stored_as: ClassVar[str] = "car-left"


def decide(command: str, taken: int) -> Sequence[SeatTaken]:
    if taken >= 2:
        raise RefusedError("Kein Platz mehr.", code="full", taken=taken)
    return [SeatTaken(who=command)] if command else []


SEATS_DECIDER: Decider[str, int, SeatTaken] = Decider(
    "seats", 0, decide, lambda taken, _: taken + 1
)
CAR = History(Stream("car-acme/1", "acme/1"), SEATS_DECIDER)


class Overtaken(InMemoryEventStore):
    """Another writer is first, a given number of times."""

    def __init__(self, times: int) -> None:
        super().__init__("cars", lambda: NOON)
        self.times = times
        self.asked: list[Sequence[Commit]] = []

    async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        self.asked.append(commits)
        if len(self.asked) <= self.times:
            if self.times == 1:
                await super().append(
                    [Commit(uuid4(), commits[0].stream, 1, (SeatTaken(who="x"),), CONTEXT)]
                )
            raise StaleError(commits[0].stream.id)
        return await super().append(commits)


@pytest.fixture
def store() -> InMemoryEventStore:
    return InMemoryEventStore("cars", lambda: NOON)


async def test_a_decision_is_appended_with_who_and_why(store: InMemoryEventStore) -> None:
    """X-13"""
    handled = await handle(store, CAR, "anna", CONTEXT, attempt=ONE, body="b")
    assert handled.events == (SeatTaken(who="anna"),)
    assert handled.of(SeatTaken) == SeatTaken(who="anna")
    assert handled.of(CarLeft) is None
    assert handled.token is not None
    assert not handled.repeated
    [(commit, _)] = store.commits
    assert (commit.context, commit.body, commit.version) == (CONTEXT, "b", 1)


async def test_a_refusal_writes_nothing(store: InMemoryEventStore) -> None:
    for attempt in (ONE, OTHER):
        await handle(store, CAR, "anna", CONTEXT, attempt=attempt)
    with pytest.raises(RefusedError):
        await handle(store, CAR, "carl", CONTEXT, attempt=uuid4())
    assert len(store.commits) == 2


async def test_what_changes_nothing_has_no_token(store: InMemoryEventStore) -> None:
    handled = await handle(store, CAR, "", CONTEXT, attempt=ONE)
    assert (handled.events, handled.token, handled.repeated) == ((), None, False)


async def test_a_repeat_is_answered_although_it_would_be_refused_now(
    store: InMemoryEventStore,
) -> None:
    """X-12"""
    first = await handle(store, CAR, "anna", CONTEXT, attempt=ONE)
    await handle(store, CAR, "bert", CONTEXT, attempt=OTHER)
    again = await handle(store, CAR, "anna", CONTEXT, attempt=ONE)
    assert (again.events, again.token, again.repeated) == (first.events, first.token, True)


async def test_a_key_used_for_another_request_is_refused(store: InMemoryEventStore) -> None:
    """X-12"""
    await handle(store, CAR, "anna", CONTEXT, attempt=ONE, body="b1")
    with pytest.raises(KeyReusedError):
        await handle(store, CAR, "anna", CONTEXT, attempt=ONE, body="b2")


async def test_who_was_overtaken_decides_again_on_what_is_so_now() -> None:
    store = Overtaken(1)
    await handle(store, CAR, "anna", CONTEXT, attempt=ONE)
    assert [commits[0].version for commits in store.asked] == [1, 2]
    assert {commits[0].id for commits in store.asked} == {store.asked[0][0].id}


async def test_a_command_that_is_always_overtaken_is_unavailable() -> None:
    store = Overtaken(10**6)
    with pytest.raises(UnavailableError):
        await handle(store, CAR, "anna", CONTEXT, attempt=ONE)
    assert len(store.asked) == MAX_TRIES


async def test_one_decision_over_several_histories_is_one_append(
    store: InMemoryEventStore,
) -> None:
    other = History(Stream("car-acme/2", "acme/2"), SEATS_DECIDER)
    seen: list[Sequence[Any]] = []

    def both(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        seen.append(states)
        return [[SeatTaken(who="anna")], []]

    await handle(store, other, "bert", CONTEXT, attempt=OTHER)
    handled = await handle_together(store, [CAR, other], both, CONTEXT, attempt=ONE)
    assert seen == [[0, 1]]
    assert [commit.stream.id for commit, _ in store.commits] == ["car-acme/2", "car-acme/1"]
    again = await handle_together(store, [CAR, other], both, CONTEXT, attempt=ONE)
    assert again.repeated
    assert again.events == handled.events


class Knowing(InMemoryEventStore):
    """A store whose cache has histories after `known` events; `loads` counts reads."""

    def __init__(self, known: int) -> None:
        super().__init__("cars", lambda: NOON)
        self.known = known
        self.loads = 0

    def load_cached(
        self, histories: Sequence[History[Any, Any]], *, new: bool = False
    ) -> Sequence[LoadedState] | None:
        if not self.known and not new:
            return None
        return [LoadedState(one.stream, self.known, self.known, None) for one in histories]

    async def load(
        self, histories: Sequence[History[Any, Any]], attempts: Sequence[UUID | None]
    ) -> Sequence[LoadedState]:
        self.loads += 1
        return await super().load(histories, attempts)


@pytest.mark.parametrize("known", [0, 1])
async def test_what_is_known_decides_without_a_question(known: int) -> None:
    store = Knowing(known)
    for who in ("anna", "bert")[:known]:
        await store.append([Commit(uuid4(), CAR.stream, 1, (SeatTaken(who=who),), CONTEXT)])
    handled = await handle(store, CAR, "carl", CONTEXT, attempt=ONE, new=True)
    assert handled.events == (SeatTaken(who="carl"),)
    assert (store.loads, store.commits[-1][0].version) == (0, known + 1)


async def test_what_is_known_and_old_is_asked_for_before_it_decides() -> None:
    """Neither an append nor a refusal stands on it."""
    store = Knowing(0)
    await handle(store, CAR, "anna", CONTEXT, attempt=ONE, new=True)
    handled = await handle(store, CAR, "bert", CONTEXT, attempt=OTHER, new=True)
    assert (store.loads, store.commits[-1][0].version) == (1, 2)
    assert handled.events == (SeatTaken(who="bert"),)
    with pytest.raises(RefusedError):
        await handle(store, CAR, "carl", CONTEXT, attempt=uuid4(), new=True)
    emptied = Knowing(2)
    assert (await handle(emptied, CAR, "anna", CONTEXT, attempt=ONE)).events
    assert emptied.loads == 1


async def test_a_repeat_is_known_by_its_id_although_its_state_is_not() -> None:
    """X-12"""
    store = Knowing(0)
    await handle(store, CAR, "anna", CONTEXT, attempt=ONE, body="b1", new=True)
    again = await handle(store, CAR, "anna", CONTEXT, attempt=ONE, body="b1", new=True)
    assert (again.repeated, len(store.commits)) == (True, 1)
    with pytest.raises(KeyReusedError):
        await handle(store, CAR, "anna", CONTEXT, attempt=ONE, body="b2", new=True)


async def test_a_history_that_only_informs_is_asked_for() -> None:
    """Nothing would prove that it is as it was known."""
    store = Knowing(1)
    other = History(Stream("car-acme/2", "acme/2"), SEATS_DECIDER)
    for history in (CAR, other):
        await store.append([Commit(uuid4(), history.stream, 1, (SeatTaken(who="x"),), CONTEXT)])
    seen: list[Sequence[Any]] = []

    def one(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        seen.append(states)
        return [[SeatTaken(who="anna")], []]

    await store.append([Commit(uuid4(), other.stream, 2, (SeatTaken(who="y"),), CONTEXT)])
    await handle_together(store, [CAR, other], one, CONTEXT, attempt=ONE)
    assert seen == [[1, 1], [1, 2]]
    assert store.loads == 1


class Slow(InMemoryEventStore):
    """An append that lasts until it is let go."""

    def __init__(self) -> None:
        super().__init__("cars", lambda: NOON)
        self.waiting, self.let_go = asyncio.Event(), asyncio.Event()

    async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        self.waiting.set()
        await self.let_go.wait()
        return await super().append(commits)


async def test_what_is_refused_anyway_does_not_queue() -> None:
    store = Slow()
    store.let_go.set()
    await handle(store, CAR, "anna", CONTEXT, attempt=ONE)
    await handle(store, CAR, "bert", CONTEXT, attempt=OTHER)
    async with store.locks.of([CAR.stream]):
        with pytest.raises(RefusedError):
            await asyncio.wait_for(handle(store, CAR, "carl", CONTEXT, attempt=uuid4()), 1)


async def test_a_repeat_waits_for_the_outcome_of_its_first_time() -> None:
    """X-12: its own success must not be the reason to refuse it."""
    store = Slow()
    store.let_go.set()
    await handle(store, CAR, "anna", CONTEXT, attempt=ONE)
    store.let_go.clear()
    store.waiting.clear()
    first = asyncio.create_task(handle(store, CAR, "bert", CONTEXT, attempt=OTHER))
    await store.waiting.wait()
    again = asyncio.create_task(handle(store, CAR, "bert", CONTEXT, attempt=OTHER))
    await asyncio.sleep(0)
    store.let_go.set()
    assert (await first).repeated is False
    assert (await again).repeated is True
    assert not store.locks.attempts
