"""The contract of every event store; one suite for all of them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from zugabe.testing import Parts
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import KeyReusedError, StaleError, TooLargeError
from zugabe_events.domain.event import Context, Event, EventTypes, KeyClaim, Stream
from zugabe_events.domain.event_store import Commit, EventStore, LoadedState, RecordedCommit
from zugabe_events.eventstore.command_handler import handle, handle_together
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import connect, database, deploy_log
from zugabe_testing.event_store import InMemoryEventStore


class Noted(Event, frozen=True):
    stored_as: ClassVar[str] = "noted"

    text: str


type Notes = tuple[str, ...]


def decide(command: str, notes: Notes) -> Sequence[Noted]:
    return [Noted(text=command)]


def decide_once(command: str, notes: Notes) -> Sequence[Noted]:
    return [] if notes else [Noted(text=command)]


def evolve(notes: Notes, event: Noted) -> Notes:
    return (*notes, event.text)


NOTEBOOK_DECIDER: Decider[str, Notes, Noted] = Decider("notebook", (), decide, evolve)
NAME_TAG_DECIDER: Decider[str, Notes, Noted] = Decider("name-tag", (), decide_once, evolve)

CONTEXT = Context("anna", "user", "acme", datetime(2026, 5, 4, tzinfo=UTC), "c1")


@asynccontextmanager
async def in_memory() -> AsyncGenerator[EventStore]:
    yield InMemoryEventStore("notes", lambda: datetime.now(UTC))


@asynccontextmanager
async def in_mongo(parts: Parts) -> AsyncGenerator[EventStore]:
    client = connect(parts.mongo)
    db = database(client, f"t{uuid4().hex[:12]}")
    yield MongoEventStore(db, await deploy_log(db, uuid4(), 4), EventTypes([Noted]))
    await client.drop_database(db)
    await client.close()


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.integration)])
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[EventStore]:
    """Empty; the real one on real parts, which start only for it."""
    if request.param == "memory":
        made = in_memory()
    else:
        made = in_mongo(request.getfixturevalue("real_parts"))
    async with made as opened:
        yield opened


@pytest.fixture
def book() -> History[Notes, Noted]:
    return a_book()


def a_book(key: str | None = None) -> History[Notes, Noted]:
    name = f"book-acme/{uuid4()}"
    return History(Stream(name, key or name), NOTEBOOK_DECIDER)


def commit(
    history: History[Any, Any],
    version: int,
    *texts: str,
    id_: UUID | None = None,
    body: str = "",
    claim: KeyClaim | None = None,
) -> Commit:
    events = tuple(Noted(text=text) for text in texts)
    context = replace(CONTEXT, claim=claim)
    return Commit(id_ or uuid4(), history.stream, version, events, context, body)


async def loaded(
    store: EventStore, history: History[Any, Any], id_: UUID | None = None
) -> LoadedState:
    [one] = await store.load([history], [id_])
    return one


async def test_a_history_without_events_is_the_initial_state(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    assert await loaded(store, book) == LoadedState(book.stream, (), 0, None)


async def test_events_come_back_in_the_order_of_their_appending(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    await store.append([commit(book, 1, "a", "b")])
    await store.append([commit(book, 3, "c")])
    found = await loaded(store, book)
    assert (found.state, found.version) == (("a", "b", "c"), 3)


async def test_a_version_is_taken_once(store: EventStore, book: History[Notes, Noted]) -> None:
    await store.append([commit(book, 1, "a", "b")])
    with pytest.raises(StaleError):
        await store.append([commit(book, 1, "c")])
    assert (await loaded(store, book)).state == ("a", "b")


@pytest.mark.parametrize("version", [2, 4, 5])
async def test_the_store_in_memory_takes_only_the_next_version(
    book: History[Notes, Noted], version: int
) -> None:
    """Only a caller that did not load could ask for it; unit tests should find that out."""
    async with in_memory() as store:
        await store.append([commit(book, 1, "a", "b")])
        with pytest.raises(StaleError):
            await store.append([commit(book, version, "c")])


async def test_an_attempt_made_again_finds_what_it_did(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    """X-12"""
    mine = commit(book, 1, "a", body="b1")
    [first] = await store.append([mine])
    await store.append([commit(book, 2, "b")])
    [again] = await store.append([mine])
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.id, again.events) == (first.id, first.events)
    assert again.token >= first.token
    assert (again.token.log, again.token.part) == (first.token.log, first.token.part)
    assert again.recorded_at == first.recorded_at
    found = await loaded(store, book, mine.id)
    assert found.state == ("a", "b")
    assert found.earlier is not None
    assert (found.earlier.events, found.earlier.body) == (mine.events, "b1")
    assert found.earlier.repeated


async def test_another_attempt_finds_nothing_of_its_own(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    await store.append([commit(book, 1, "a")])
    assert (await loaded(store, book, uuid4())).earlier is None


async def test_one_id_does_not_stand_for_two_requests(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    """X-12"""
    id_ = uuid4()
    await store.append([commit(book, 1, "a", id_=id_, body="one")])
    with pytest.raises(KeyReusedError):
        await store.append([commit(book, 2, "b", id_=id_, body="two")])
    assert (await loaded(store, book)).state == ("a",)


async def test_one_key_does_not_stand_for_requests_on_two_streams(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    """X-12, D4, S30"""
    key = uuid4()
    await store.append([commit(a_book(), 1, "a", claim=KeyClaim(key, "one"))])
    with pytest.raises(KeyReusedError):
        await store.append([commit(book, 1, "b", claim=KeyClaim(key, "two"))])
    with pytest.raises(KeyReusedError):
        await store.append(
            [commit(one, 1, "c", claim=KeyClaim(key, "two")) for one in (book, a_book())]
        )
    assert (await loaded(store, book)).state == ()
    await store.append([commit(book, 1, "b", claim=KeyClaim(uuid4(), "two"))])


async def test_all_commits_of_a_request_share_its_key(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    """X-12: also those of several streams, and of a repeat that goes on after a crash."""
    claim = KeyClaim(uuid4(), "one")
    await store.append([commit(book, 1, "a", claim=claim)])
    await store.append([commit(book, 2, "b", claim=claim)])
    others = [a_book(), a_book()]
    await store.append([commit(one, 1, "c", claim=claim) for one in others])
    found = await store.load([book, *others], [None] * 3)
    assert [each.state for each in found] == [("a", "b"), ("c",), ("c",)]


async def test_of_two_requests_at_once_one_gets_the_key(store: EventStore) -> None:
    """X-12"""
    key = uuid4()
    outcomes = await asyncio.gather(
        *(
            store.append([commit(a_book(), 1, "a", claim=KeyClaim(key, str(number)))])
            for number in range(5)
        ),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes].count(KeyReusedError) == 4


async def test_several_streams_take_their_commits_together_or_not_at_all(
    store: EventStore,
) -> None:
    one, other = a_book(), a_book()
    await store.append([commit(one, 1, "a"), commit(other, 1, "b")])
    with pytest.raises(StaleError):
        await store.append([commit(one, 2, "c"), commit(other, 1, "d")])
    found = await store.load([one, other], [None, None])
    assert [each.state for each in found] == [("a",), ("b",)]


async def test_several_streams_made_again_are_found_together(store: EventStore) -> None:
    """X-12"""
    commits = [commit(a_book(), 1, "a"), commit(a_book(), 1, "b")]
    await store.append(commits)
    again = await store.append(commits)
    assert [one.id for one in again] == [one.id for one in commits]
    assert all(one.repeated for one in again)


async def test_a_name_goes_to_the_first_who_takes_it(store: EventStore) -> None:
    """X-9: uniqueness is a stream, named by the value and opened at version 1."""
    name = a_book()

    async def take(who: str) -> bool:
        try:
            await store.append([commit(name, 1, who), commit(a_book(), 1, who)])
        except StaleError:
            return False
        return True

    taken = await asyncio.gather(*(take(f"campaign-{number}") for number in range(10)))
    assert taken.count(True) == 1
    winner = f"campaign-{taken.index(True)}"
    assert (await loaded(store, name)).state == (winner,)


async def test_the_first_commit_fixes_the_partition_key(store: EventStore) -> None:
    first = a_book("acme/anna")
    await store.append([commit(first, 1, "a")])
    later = History(Stream(first.stream.id, "acme/bert"), NOTEBOOK_DECIDER)
    found = await loaded(store, later)
    assert found.stream.key == "acme/anna"
    [appended] = await store.append([commit(History(found.stream, NOTEBOOK_DECIDER), 2, "b")])
    [again] = await store.append([commit(first, 3, "c")])
    assert appended.token.part == again.token.part


async def test_tokens_of_one_stream_grow(store: EventStore, book: History[Notes, Noted]) -> None:
    tokens = [(await store.append([commit(book, n, "a")]))[0].token for n in range(1, 4)]
    assert tokens == sorted(set(tokens))
    assert len({(token.log, token.part) for token in tokens}) == 1


@pytest.mark.parametrize("texts", [("x" * 900_000,), ("x" * 800_000,) * 6])
async def test_what_is_too_large_is_refused_whole(
    store: EventStore, book: History[Notes, Noted], texts: tuple[str, ...]
) -> None:
    with pytest.raises(TooLargeError):
        await store.append([commit(a_book(), 1, "small"), commit(book, 1, *texts)])
    assert (await loaded(store, book)).version == 0


async def test_texts_of_all_kinds_come_back_as_they_were(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    texts = ("", "Größe ½ €", "\x00", "\u2028", "😀", '"\\$.', "$where")
    await store.append([commit(book, 1, *texts)])
    assert (await loaded(store, book)).state == texts


async def test_of_all_who_write_at_once_each_gets_a_version_of_his_own(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    handled = await asyncio.gather(
        *(handle(store, book, str(n), CONTEXT, attempt=uuid4()) for n in range(20))
    )
    assert len({str(one.token) for one in handled}) == 20
    found = await loaded(store, book)
    assert found.version == 20
    assert sorted(found.state, key=int) == [str(n) for n in range(20)]


async def test_of_all_who_append_at_once_one_wins(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    results = await asyncio.gather(
        *(store.append([commit(book, 1, str(n))]) for n in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, StaleError) for result in results) == 9
    assert (await loaded(store, book)).version == 1


async def test_one_attempt_made_many_times_at_once_happens_once(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    """X-12: repeats have the same events, and a token no earlier than that of the append."""
    attempt = uuid4()
    answers = await asyncio.gather(
        *(handle(store, book, "a", CONTEXT, attempt=attempt) for _ in range(10))
    )
    assert {answer.events for answer in answers} == {(Noted(text="a"),)}
    [appended] = [answer.token for answer in answers if not answer.repeated]
    assert appended is not None
    for answer in answers:
        assert answer.token is not None
        assert (answer.token.log, answer.token.part) == (appended.log, appended.part)
        assert answer.token.time >= appended.time
    assert (await loaded(store, book)).state == ("a",)


async def test_transfers_in_both_directions_at_once_all_arrive(store: EventStore) -> None:
    one, other = a_book(), a_book()

    async def both(first: History[Any, Any], second: History[Any, Any], text: str) -> None:
        await handle_together(
            store,
            [first, second],
            lambda _: [[Noted(text=text)], [Noted(text=text)]],
            CONTEXT,
            attempt=uuid4(),
        )

    pairs = [(one, other), (other, one)] * 5
    await asyncio.gather(*(both(*pair, str(n)) for n, pair in enumerate(pairs)))
    left, right = await store.load([one, other], [None, None])
    assert left.state == right.state
    assert left.version == 10


async def test_what_was_answered_is_there_for_everybody(
    store: EventStore, book: History[Notes, Noted]
) -> None:
    await handle(store, book, "a", CONTEXT, attempt=uuid4())
    assert (await loaded(store, book)).state == ("a",)


async def test_the_latest_commits_of_some_streams_come_page_by_page(store: EventStore) -> None:
    """X-13: with who it was and when, newest first, and none twice."""
    ids = []
    for minute in range(5):
        stream = Stream(f"notes-{minute % 2}", "k")
        context = replace(CONTEXT, at=CONTEXT.at + timedelta(minutes=minute // 2))
        commit_id = uuid4()
        ids.append(commit_id)
        version = minute // 2 + 1
        await store.append(
            [Commit(commit_id, stream, version, (Noted(text=str(minute)),), context)]
        )
    other = Commit(uuid4(), Stream("other", "k"), 1, (Noted(text="x"),), CONTEXT)
    await store.append([other])
    found: list[RecordedCommit] = []
    before: tuple[datetime, UUID] | None = None
    while page := await store.latest(["notes-0", "notes-1"], 2, before):
        found += page
        before = page[-1].recorded_at, page[-1].id
    assert sorted(commit.id for commit in found) == sorted(ids)
    assert [commit.recorded_at for commit in found] == sorted(
        (commit.recorded_at for commit in found), reverse=True
    )
    first = next(commit for commit in found if commit.id == ids[0])
    assert (first.actor, first.role, first.events) == ("anna", "user", (Noted(text="0"),))
