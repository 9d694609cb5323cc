"""Joint commits: one transaction for several consumers; if it fails, each goes on alone."""

import asyncio

import pytest
from kernel_tests.fed import LANE, Process
from kernel_tests.noting import Noting
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import AutoReconnect

from zugabe_events.consumer.checkpoints import Checkpoints, position_id
from zugabe_events.consumer.effect import ConflictError
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import Database
from zugabe_events.observability import metrics
from zugabe_testing.counted_store import Requests


@pytest.fixture
def effects(observed: Database) -> list[Noting]:
    return [Noting(observed, name) for name in ("one", "two", "three")]


async def test_a_batch_costs_one_request_for_each_effect_and_two_more(
    effects: list[Noting], requests: Requests
) -> None:
    """All checkpoints are moved by one update; a consumer without effect costs nothing."""
    effects[2].silent = True
    process = Process(*effects)
    await process.read(1, 1)
    with requests.counted() as counted:
        await process.read(2, 9)
    assert counted == {"update": 1, "insert": 2, "commitTransaction": 1}
    assert [await effect.noted() for effect in effects] == [[*range(1, 10)], [*range(1, 10)], []]
    assert await process.positions() == [9, 9, 0]
    assert [consumer.position(LANE) for consumer in process.consumers] == [9, 9, 9]


async def test_positions_without_effect_are_flushed_in_one_request(
    effects: list[Noting], requests: Requests
) -> None:
    for effect in effects:
        effect.silent = True
    process = Process(*effects)
    await process.read(1, 5)
    with requests.counted() as counted:
        await process.lazy_flush.flush()
        await process.lazy_flush.flush()
    assert counted == {"update": 1}
    assert await process.positions() == [5, 5, 5]


async def test_all_effects_become_visible_at_once(effects: list[Noting], db: Database) -> None:
    process = Process(*effects)
    effects[-1].go.clear()
    reading = asyncio.create_task(process.read(1, 3))
    async with asyncio.timeout(120):
        await effects[-1].began.wait()
        assert await db.noted.find_one({}) is None
        effects[-1].go.set()
        await reading
    assert [await effect.noted() for effect in effects] == [[1, 2, 3]] * 3
    assert len({consumer.effect_time for consumer in process.consumers}) == 1


async def test_what_one_effect_cannot_do_holds_up_no_other_and_is_counted_once(
    effects: list[Noting], requests: Requests, db: Database
) -> None:
    """The joint attempt is none of a message; the one that follows is its first."""
    one, two, three = effects
    process = Process(*effects)
    await process.read(1, 1)
    two.failing = [ValueError("a defect")] * 2
    with requests.counted() as counted:
        await process.read(2, 2)
    assert [await effect.noted() for effect in effects] == [[1, 2], [1], [1, 2]]
    assert counted["commitTransaction"] == 1
    [suspect] = await db.suspects.find({}).to_list()
    assert (suspect["consumer"], suspect["attempts"]) == ("two", 1)
    assert (one.prepared, two.prepared, three.prepared) == (2, 3, 2)


async def test_who_cannot_prepare_leaves_the_joint_transaction(
    effects: list[Noting], requests: Requests
) -> None:
    process = Process(*effects)
    await process.read(1, 1)
    effects[0].failing_to_prepare = [ValueError("a defect")]
    with requests.counted() as counted:
        await process.read(2, 4)
    assert [await effect.noted() for effect in effects] == [[1, 2, 3, 4]] * 3
    assert counted["commitTransaction"] == 2


async def test_a_conflict_of_one_leaves_one_transaction_for_the_others(
    effects: list[Noting], requests: Requests
) -> None:
    process = Process(*effects)
    await process.read(1, 1)
    before = conflicts_of("two")
    effects[1].failing = [ConflictError("two")]
    with requests.counted() as counted:
        await process.read(2, 4)
    assert [await effect.noted() for effect in effects] == [[1, 2, 3, 4]] * 3
    assert counted["commitTransaction"] == 2
    assert conflicts_of("two") == before + 1


def conflicts_of(consumer: str) -> float:
    return (
        metrics.REGISTRY.get_sample_value("zugabe_consumer_conflicts_total", {"consumer": consumer})
        or 0.0
    )


async def test_a_fence_of_one_leaves_one_transaction_for_the_others(
    effects: list[Noting], requests: Requests, db: Database
) -> None:
    """Another owner has done 2 and 3 for one consumer."""
    process = Process(*effects)
    await process.read(1, 1)
    await Checkpoints(db, "two").put(LANE, Message(LANE, 3, 3, "added", b"", [("ce_id", b"3")], 1))
    with requests.counted() as counted:
        await process.read(2, 5)
    assert [await effect.noted() for effect in effects] == [
        [1, 2, 3, 4, 5],
        [1, 4, 5],
        [1, 2, 3, 4, 5],
    ]
    assert counted["commitTransaction"] == 2
    assert await process.positions() == [5, 5, 5]


async def assert_others_commit_first(effects: list[Noting]) -> None:
    """The second consumer may not finish before the first and the third have."""
    process = Process(*effects)
    effects[1].ready.clear()
    reading = asyncio.create_task(process.read(1, 3))
    async with asyncio.timeout(120):
        while await effects[0].noted() != [1, 2, 3] or await effects[2].noted() != [1, 2, 3]:
            await asyncio.sleep(0.02)
        assert await effects[1].noted() == []
        effects[1].ready.set()
        await reading
    assert await effects[1].noted() == [1, 2, 3]


async def test_who_prepares_slowly_holds_up_no_other(
    effects: list[Noting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zugabe_events.consumer.joint_commit.PREPARE_TIMEOUT_SECONDS", 0.05)
    await assert_others_commit_first(effects)


async def test_suspects_are_not_handled_with_the_effects_of_others(
    effects: list[Noting], requests: Requests, db: Database
) -> None:
    """After a crash, what is in hand is recorded by consumer, so each is handled alone."""
    process = Process(*effects, careful=True)
    with requests.counted() as counted:
        await process.read(1, 3)
    assert counted["commitTransaction"] == 3
    assert await db.suspects.count_documents({}) == 3


async def test_who_handles_suspects_holds_up_no_other(
    effects: list[Noting], monkeypatch: pytest.MonkeyPatch, db: Database
) -> None:
    monkeypatch.setattr("zugabe_events.consumer.joint_commit.PREPARE_TIMEOUT_SECONDS", 600.0)
    await db.suspects.insert_one({"_id": position_id("two", LANE), "first": 1, "last": 3})
    await assert_others_commit_first(effects)


async def lose_the_answer(session: AsyncClientSession) -> None:
    raise AutoReconnect("lost", {"errorLabels": ["UnknownTransactionCommitResult"]})


@pytest.mark.parametrize("committed", [True, False])
async def test_a_joint_commit_of_unknown_outcome_counts_once(
    effects: list[Noting], monkeypatch: pytest.MonkeyPatch, *, committed: bool
) -> None:
    process = Process(*effects)
    await process.read(1, 1)
    commit = AsyncClientSession.commit_transaction
    lost: list[bool] = []

    async def commit_unheard(session: AsyncClientSession) -> None:
        if lost:
            return await commit(session)
        lost.append(True)
        if committed:
            await commit(session)
        else:
            await session.abort_transaction()
        await lose_the_answer(session)

    monkeypatch.setattr(AsyncClientSession, "commit_transaction", commit_unheard)
    await process.read_through(4)
    await process.read(5, 5)
    assert [await effect.noted() for effect in effects] == [[1, 2, 3, 4, 5]] * 3
    assert await process.positions() == [5, 5, 5]


@pytest.mark.parametrize("committed", [True, False])
async def test_a_process_that_dies_while_it_commits_leaves_all_effects_or_none(
    effects: list[Noting], monkeypatch: pytest.MonkeyPatch, db: Database, *, committed: bool
) -> None:
    """The next process finds out by the checkpoints."""
    process = Process(*effects)
    await process.read(1, 1)
    dying = asyncio.Event()
    commit = AsyncClientSession.commit_transaction

    async def commit_and_die(session: AsyncClientSession) -> None:
        if committed:
            await commit(session)
        dying.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(AsyncClientSession, "commit_transaction", commit_and_die)
        reading = asyncio.create_task(process.read(2, 4))
        await dying.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    if not committed:
        await db.client.admin.command("killAllSessions", [])  # as when its connection breaks
    assert await db.noted.count_documents({}) == (12 if committed else 3)
    await Process(*effects).read_through(5)
    assert [await effect.noted() for effect in effects] == [[1, 2, 3, 4, 5]] * 3
