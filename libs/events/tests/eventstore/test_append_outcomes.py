"""Every append learns its own fate, whatever happens to its answer; the database is real."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from kernel_tests.toy import ADDING_DECIDER, TYPES, Add, Added, add, context, counter_history
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import AutoReconnect, ExecutionTimeout, NotPrimaryError

from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import KeyReusedError, StaleError
from zugabe_events.domain.event import KeyClaim, Stream
from zugabe_events.domain.event_store import Commit
from zugabe_events.eventstore.command_handler import CommandResult, handle, handle_together
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, LogIdentity

type Send = Callable[[], Awaitable[Any]]
type Fault = Callable[[Send], Awaitable[Any]]


async def lost_on_the_way_back(send: Send) -> Any:
    await send()
    raise AutoReconnect("the answer was lost")


async def lost_on_the_way_there(send: Send) -> Any:
    raise AutoReconnect("the request was lost")


async def from_a_primary_no_more(send: Send) -> Any:
    raise NotPrimaryError("not primary", {"ok": 0, "code": 10107})


async def expired(send: Send) -> Any:
    raise ExecutionTimeout("operation exceeded time limit", 50, {"ok": 0, "code": 50})


async def written_here_but_not_by_majority(send: Send) -> Any:
    reply = await send()
    reply["writeConcernError"] = {"code": 64, "errmsg": "waiting for replication timed out"}
    return reply


async def written_but_expired_for_each(send: Send) -> Any:
    """The server may say so per document, too; nothing was written then."""
    return {"ok": 1, "n": 0, "writeErrors": [{"index": 0, "code": 50, "errmsg": "expired"}]}


FAULTS: list[Fault] = [
    lost_on_the_way_back,
    lost_on_the_way_there,
    from_a_primary_no_more,
    expired,
    written_here_but_not_by_majority,
    written_but_expired_for_each,
]


type Strike = Callable[..., None]


@pytest.fixture
def strike(monkeypatch: pytest.MonkeyPatch) -> Strike:
    """The next inserts meet these faults, one each."""
    command = AsyncDatabase.command
    coming: list[Fault] = []

    async def command_with_faults(db: Any, what: Any, *args: Any, **more: Any) -> Any:
        async def send() -> Any:
            return await command(db, what, *args, **more)

        if isinstance(what, dict) and "insert" in what and coming:
            return await coming.pop(0)(send)
        return await send()

    monkeypatch.setattr(AsyncDatabase, "command", command_with_faults)
    return lambda *faults: coming.extend(faults)


def addition(
    name: str,
    version: int,
    id_: UUID | None = None,
    body: str = "",
    claim: KeyClaim | None = None,
) -> Commit:
    stream = counter_history(name).stream
    of_request = replace(context(), claim=claim)
    return Commit(id_ or uuid4(), stream, version, (Added(name, 1),), of_request, body)


async def versions(db: Database, name: str) -> list[int]:
    found = db.commits.find({"stream": counter_history(name).stream.id}).sort("version")
    return [document["version"] async for document in found]


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_unknown_outcome_is_resolved_and_happens_once(
    db: Database, store: MongoEventStore, strike: Strike, fault: Fault
) -> None:
    strike(fault, fault)
    handled = await add(store, "a")
    assert await versions(db, "a") == [1]
    [loaded] = await store.load([counter_history("a")], [None])
    assert (loaded.state, loaded.version) == (1, 1)
    assert handled.token is not None


async def test_an_own_earlier_attempt_whose_answer_was_lost_is_recognised(
    db: Database, store: MongoEventStore, strike: Strike
) -> None:
    mine = addition("a", 1, body="asked")
    strike(lost_on_the_way_back)
    [appended] = await store.append([mine])
    assert appended.repeated
    assert (appended.id, appended.events, appended.body) == (mine.id, mine.events, "asked")
    stored = await db.commits.find_one({"_id": mine.id})
    assert stored is not None
    assert (stored["at"].time, stored["at"].inc) <= appended.token.time


async def test_an_id_that_was_used_for_another_request_says_so_after_a_lost_answer(
    store: MongoEventStore, strike: Strike
) -> None:
    mine = addition("a", 1, body="one")
    await store.append([mine])
    strike(lost_on_the_way_there)
    with pytest.raises(KeyReusedError):
        await store.append([addition("a", 2, mine.id, "two")])


@pytest.mark.parametrize("together", [False, True])
async def test_a_key_that_another_process_saw_first_is_known_here(
    db: Database, log_identity: LogIdentity, store: MongoEventStore, together: bool
) -> None:
    """X-12, D4: its own request goes on, and another one is refused."""
    claim = KeyClaim(uuid4(), "one")
    await store.append([addition("a", 1, claim=claim)])
    elsewhere = MongoEventStore(db, log_identity, TYPES)

    def wanted(name: str, claim: KeyClaim) -> list[Commit]:
        names = [name, f"{name} too"] if together else [name]
        return [addition(one, 1, claim=claim) for one in names]

    await elsewhere.append(wanted("b", claim))
    assert await versions(db, "b") == [1]
    another = MongoEventStore(db, log_identity, TYPES)
    with pytest.raises(KeyReusedError):
        await another.append(wanted("c", KeyClaim(claim.key, "two")))
    assert await versions(db, "c") == []
    assert await db.commits.count_documents({"claim.key": claim.key}) == 1


async def test_a_key_is_kept_when_the_answer_is_lost(
    db: Database, store: MongoEventStore, strike: Strike
) -> None:
    """X-12"""
    key = uuid4()
    strike(lost_on_the_way_back)
    await store.append([addition("a", 1, claim=KeyClaim(key, "one"))])
    strike(lost_on_the_way_there)
    with pytest.raises(KeyReusedError):
        await store.append([addition("b", 1, claim=KeyClaim(key, "two"))])
    assert await versions(db, "b") == []


async def test_a_conflict_by_another_is_decided_again(
    db: Database, store: MongoEventStore, strike: Strike
) -> None:
    """The request is lost, another one takes the version, and only then is it sent again."""

    async def overtaken(send: Send) -> Any:
        await db.commits.insert_one(
            {**(await template(db, store)), "stream": counter_history("a").stream.id, "version": 1}
        )
        raise AutoReconnect("the request was lost")

    strike(overtaken)
    with pytest.raises(StaleError):
        await store.append([addition("a", 1)])
    assert await versions(db, "a") == [1]
    await add(store, "a")
    assert await versions(db, "a") == [1, 2]


async def template(db: Database, store: MongoEventStore) -> dict[str, Any]:
    await store.append([addition("template", 1)])
    found = await db.commits.find_one_and_delete({"stream": counter_history("template").stream.id})
    assert found is not None
    return {**found, "_id": uuid4()}


async def test_the_fates_of_one_group_do_not_mix(
    db: Database, store: MongoEventStore, strike: Strike
) -> None:
    """One was there already, one conflicts, one reuses an id, the others are new."""
    repeated, reused = addition("repeated", 1, body="r"), addition("reused", 1, body="one")
    await store.append([repeated])
    await store.append([reused])
    await store.append([addition("taken", 1)])
    strike(lost_on_the_way_back)
    fates = await asyncio.gather(
        store.append([addition("new", 1)]),
        store.append([repeated]),
        store.append([addition("taken", 1)]),
        store.append([addition("reused", 2, reused.id, "two")]),
        store.append([addition("also new", 1)]),
        return_exceptions=True,
    )
    new, again, taken, other, also = fates
    assert isinstance(new, list | tuple)
    assert isinstance(again, list | tuple)
    assert again[0].repeated
    assert isinstance(taken, StaleError)
    assert isinstance(other, KeyReusedError)
    assert isinstance(also, list | tuple)
    assert await versions(db, "also new") == [1]


async def test_many_at_once_through_many_faults_all_happen_once(
    db: Database, store: MongoEventStore, strike: Strike
) -> None:
    strike(*(FAULTS[number % 4] for number in range(12)))
    attempts = [uuid4() for _ in range(60)]
    handled = await asyncio.gather(
        *(
            handle(
                store,
                counter_history(f"n{n % 20}"),
                Add(f"n{n % 20}", 1),
                context(),
                attempt=attempt,
            )
            for n, attempt in enumerate(attempts)
        )
    )
    assert len(handled) == 60
    assert await db.commits.count_documents({}) == 60
    for number in range(20):
        assert await versions(db, f"n{number}") == [1, 2, 3]


async def test_a_duplicate_that_majority_does_not_show_yet_stays_undecided(
    db: Database, store: MongoEventStore, strike: Strike
) -> None:
    """Another's commit is in the primary only, and rolled back later: that was no conflict."""
    asked: list[object] = []

    async def hidden(send: Send) -> Any:
        asked.append(send)
        return {"ok": 1, "n": 0, "writeErrors": [{"index": 0, "code": 11000, "errmsg": "dup"}]}

    strike(hidden, hidden, hidden)
    [appended] = await store.append([addition("a", 1)])
    assert len(asked) == 3
    assert not appended.repeated
    assert await versions(db, "a") == [1]


def uncounted_history(name: str) -> History[int, Added]:
    return History(Stream(f"other/{name}", name), ADDING_DECIDER)


async def add_to_both(store: MongoEventStore, attempt: UUID) -> CommandResult:
    return await handle_together(
        store,
        [counter_history("a"), uncounted_history("a")],
        lambda _: [[Added("a", 1)], [Added("a", 1)]],
        context(),
        attempt=attempt,
    )


@pytest.mark.parametrize("committed", [True, False])
async def test_a_transaction_of_unknown_outcome_happens_once(
    db: Database, store: MongoEventStore, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    commit = AsyncClientSession.commit_transaction
    lost: list[bool] = []

    async def commit_and_lose_the_answer(session: AsyncClientSession) -> None:
        if lost:
            await commit(session)
            return
        lost.append(True)
        if committed:
            await commit(session)
        else:
            await session.abort_transaction()
        raise AutoReconnect("lost", {"errorLabels": ["UnknownTransactionCommitResult"]})

    monkeypatch.setattr(AsyncClientSession, "commit_transaction", commit_and_lose_the_answer)
    handled = await add_to_both(store, uuid4())
    assert handled.repeated is committed
    assert len(handled.events) == 2
    assert await db.commits.count_documents({}) == 2


async def test_a_transaction_that_another_writer_beats_is_decided_again(
    db: Database, store: MongoEventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = AsyncCollection.insert_many
    beaten: list[bool] = []

    async def insert_after_another(*args: Any, **more: Any) -> Any:
        if not beaten:
            beaten.append(True)
            await add(store, "b")
            await store.append([addition("a", 1)])
        return await insert(*args, **more)

    monkeypatch.setattr(AsyncCollection, "insert_many", insert_after_another)
    await add_to_both(store, uuid4())
    assert await versions(db, "a") == [1, 2]
    assert await db.commits.count_documents({"stream": uncounted_history("a").stream.id}) == 1


async def test_an_attempt_repeated_by_another_process_is_recognised(
    db: Database, store: MongoEventStore
) -> None:
    """X-12: the caller's first answer was lost, and its retry reaches another replica."""
    elsewhere = MongoEventStore(db, store.identity, TYPES)
    attempt = uuid4()
    first, again = await asyncio.gather(
        *(
            handle(one, counter_history("a"), Add("a", 1), context(), attempt=attempt)
            for one in (store, elsewhere)
        )
    )
    assert {first.repeated, again.repeated} == {True, False}
    assert await versions(db, "a") == [1]
