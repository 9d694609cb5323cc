"""Long streams are read from their last snapshot on, and mean what they meant without it."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from bson.binary import Binary
from kernel_tests.toy import ADDING_DECIDER, TYPES, Add, Added, add, context, counter_history

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event_store import Commit
from zugabe_events.eventstore import snapshots
from zugabe_events.eventstore.code_fingerprint import fingerprint
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.eventstore.snapshot_audit import SnapshotAudit, audit_snapshots, verify_snapshots
from zugabe_events.eventstore.snapshots import deploy_snapshots
from zugabe_events.eventstore.state_codec import UnstorableError, from_bytes, to_bytes
from zugabe_events.mongo.client import Database, LogIdentity


@dataclass
class Restarted:
    """Processes of the service, one after the other; `folded` counts the events each one folds."""

    db: Database
    identity: LogIdentity
    folded: int = 0

    @property
    def counting(self) -> Decider[Add, int, Added]:
        def evolve(total: int, event: Added) -> int:
            self.folded += 1
            return ADDING_DECIDER.evolve(total, event)

        return replace(ADDING_DECIDER, evolve=evolve)

    def history(self, name: str) -> History[int, Added]:
        return History(counter_history(name).stream, self.counting)

    async def load(self, name: str) -> tuple[int, int]:
        """State and version, by a process that remembers nothing; it leaves its snapshots."""
        self.folded = 0
        store = MongoEventStore(self.db, self.identity, TYPES)
        [loaded] = await store.load([self.history(name)], [None])
        await store.snapshots.written()
        return loaded.state, loaded.version

    async def stored(self) -> dict[str, Any]:
        """The only one of this code; the store that appends has its own."""
        code = {"$regex": f"/{fingerprint(self.counting)}/"}
        [stored] = await self.db.snapshots.find({"_id": code}).to_list()
        return stored


@pytest.fixture
async def restarted(db: Database, log_identity: LogIdentity) -> Restarted:
    await deploy_snapshots(db)
    return Restarted(db, log_identity)


async def append(store: MongoEventStore, name: str, events: int, commits: int = 1) -> None:
    [loaded] = await store.load([counter_history(name)], [None])
    stream, version = counter_history(name).stream, loaded.version
    for number in range(commits):
        added = tuple(Added(name, 1) for _ in range(events))
        first = version + 1 + number * events
        await store.append([Commit(uuid4(), stream, first, added, context())])


async def test_a_long_stream_is_folded_from_its_snapshot_on(
    restarted: Restarted, store: MongoEventStore
) -> None:
    await append(store, "n0", 100, 12)
    assert await restarted.load("n0") == (1_200, 1_200)
    assert restarted.folded == 1_200
    assert await restarted.load("n0") == (1_200, 1_200)
    assert restarted.folded == 0
    await append(store, "n0", 7)
    assert await restarted.load("n0") == (1_207, 1_207)
    assert restarted.folded == 7
    stored = await restarted.stored()
    assert stored["version"] == 1_200, "seven events are no reason for another one"
    await append(store, "n0", 300)
    await restarted.load("n0")
    stored = await restarted.stored()
    assert stored["version"] == 1_507
    assert stored["hash"] == snapshots.hash_of(to_bytes(1_507)), "the hash of a fold"


async def test_a_short_stream_has_none_and_costs_no_look_at_them(
    restarted: Restarted, store: MongoEventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await append(store, "n0", 499)
    assert await restarted.load("n0") == (499, 499)
    assert await restarted.db.snapshots.count_documents({}) == 0
    asked: list[Any] = []
    monkeypatch.setattr(snapshots, "state_in", asked.append)
    await restarted.load("n0")
    assert asked == []


async def test_writers_leave_snapshots_and_do_not_wait_for_them(
    restarted: Restarted, store: MongoEventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands of one process, each a fold of one event on what it remembers."""
    monkeypatch.setattr(snapshots, "INTERVAL_EVENTS", 20)
    going_on = asyncio.Event()
    put = snapshots.Snapshots._put

    async def slowly(*given: Any) -> None:
        await going_on.wait()
        await put(*given)

    monkeypatch.setattr(snapshots.Snapshots, "_put", slowly)
    async with asyncio.timeout(120):
        for _ in range(45):
            await add(store, "n0")
    going_on.set()
    await store.snapshots.written()
    stored = await restarted.db.snapshots.find_one({"stream": "counter/n0"})
    assert stored is not None
    assert from_bytes(stored["state"]) == stored["version"] >= 20
    handled = await handle(store, counter_history("n0"), Add("n0", 1), context(), attempt=uuid4())
    assert handled.token is not None
    assert await restarted.load("n0") == (46, 46)


@pytest.mark.parametrize("damage", ["state", "hash", "class"])
async def test_a_snapshot_that_cannot_be_read_is_none(
    restarted: Restarted, store: MongoEventStore, damage: str
) -> None:
    await append(store, "n0", 600)
    await restarted.load("n0")
    wrong: dict[str, Any] = {"state": Binary(to_bytes(5))}
    if damage == "hash":
        wrong = {"hash": "0"}
    if damage == "class":
        bad = b"\x93\xa2of\xa8gone:Far\x01"
        wrong = {"state": Binary(bad), "hash": snapshots.hash_of(bad)}
    await restarted.db.snapshots.update_many({}, {"$set": wrong})
    assert await restarted.load("n0") == (600, 600)
    assert restarted.folded == 600


async def test_snapshots_of_other_code_or_of_another_log_are_not_used(
    restarted: Restarted, store: MongoEventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await append(store, "n0", 600)
    await restarted.load("n0")
    code = fingerprint(restarted.counting)
    monkeypatch.setattr(snapshots, "fingerprint", lambda decider: "other")
    await restarted.load("n0")
    assert restarted.folded == 600
    monkeypatch.setattr(snapshots, "fingerprint", lambda decider: code)
    await restarted.load("n0")
    assert restarted.folded == 0, "what the former code left serves it again"
    restarted.identity = replace(restarted.identity, id=uuid4())
    await restarted.load("n0")
    assert restarted.folded == 600


async def test_a_state_without_bytes_is_folded_each_time(
    restarted: Restarted, store: MongoEventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(state: object) -> bytes:
        raise UnstorableError("none")

    monkeypatch.setattr(snapshots, "to_bytes", refuse)
    await append(store, "n0", 600)
    for _ in range(2):
        assert await restarted.load("n0") == (600, 600)
        assert restarted.folded == 600


async def audited(restarted: Restarted, store: MongoEventStore) -> SnapshotAudit:
    return await audit_snapshots(restarted.db, store.identity, TYPES, [restarted.counting])


async def test_what_is_stored_is_compared_with_a_fold_of_the_log(
    restarted: Restarted, store: MongoEventStore, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("n0", "n1"):
        await append(store, name, 300, 2)
        await restarted.load(name)
    await store.snapshots.written()
    await restarted.db.snapshots.insert_one({"_id": "another/adding/code/counter/n9"})
    found = await audited(restarted, store)
    assert (found.equal, found.unequal) == (2, [])
    assert found.unused > 0
    assert await verify_snapshots(restarted.db, store.identity, TYPES, [restarted.counting]), (
        "nothing differs"
    )
    assert "2 equal to a fold of the log" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["another state", "bytes", "version", "a lost commit"])
async def test_a_snapshot_that_is_not_what_the_log_says_is_named(
    restarted: Restarted,
    store: MongoEventStore,
    capsys: pytest.CaptureFixture[str],
    damage: str,
) -> None:
    for name in ("n0", "n1"):
        await append(store, name, 300, 2)
        await restarted.load(name)
    snapshot = {"stream": "counter/n1"}
    match damage:
        case "another state":
            other = to_bytes(601)
            wrong = {"state": Binary(other), "hash": snapshots.hash_of(other)}
            await restarted.db.snapshots.update_many(snapshot, {"$set": wrong})
        case "bytes":
            await restarted.db.snapshots.update_many(snapshot, {"$set": {"state": Binary(b"x")}})
        case "version":
            await restarted.db.snapshots.update_many(snapshot, {"$set": {"version": 599}})
        case _:
            await restarted.db.commits.delete_one({"stream": "counter/n1", "version": 1})
    found = await audited(restarted, store)
    assert (found.equal, found.unequal) == (1, ["counter/n1"])
    told = (restarted.db, store.identity, TYPES, [restarted.counting])
    assert not await verify_snapshots(*told)
    assert "1 DIFFER: counter/n1" in capsys.readouterr().out
