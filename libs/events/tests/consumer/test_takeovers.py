"""Lanes that change hands while something is in flight: nothing is lost, nothing gets stuck."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from bson.timestamp import Timestamp
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import AutoReconnect

from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.effect import ConflictError
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database

ONE, TWO = Lane("toy", "id", 0), Lane("toy", "id", 1)


def run_of(lane: Lane, first: int, last: int, *, offset: int | None = None) -> list[Message]:
    """Messages whose offsets are their positions, unless told otherwise."""
    shift = 0 if offset is None else offset - first
    return [
        Message(lane, pos, pos + shift, "added", b"", [("ce_id", b"%d" % pos)], 1)
        for pos in range(first, last + 1)
    ]


@dataclass
class Noting:
    """Writes one document per message that has an effect."""

    db: Database
    without: range = range(0)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    conflicts: int = 0
    again: list[bool] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.go.set()

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        self.again.append(again)
        names = [f"{one.lane.part}.{one.pos}" for one in messages if one.pos not in self.without]
        if again:
            found = self.db.noted.find({"_id": {"$in": names}})
            done = {document["_id"] async for document in found}
            names = [name for name in names if name not in done]
        return names or None

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        assert isinstance(prepared, list)
        self.began.set()
        await self.go.wait()
        if self.conflicts:
            self.conflicts -= 1
            raise ConflictError("noting")
        await self.db.noted.insert_many([{"_id": name} for name in prepared], session=session)

    def done(self, prepared: object) -> None:
        pass

    async def noted(self, lane: Lane) -> list[int]:
        names = [document["_id"].split(".") async for document in self.db.noted.find({})]
        return sorted(int(pos) for part, pos in names if int(part) == lane.part)


@pytest.fixture
async def effect(db: Database) -> Noting:
    for name in ("positions", "noted"):
        await db.create_collection(name)
    return Noting(db)


@pytest.fixture
def consumer(db: Database, effect: Noting) -> Consumer:
    return Consumer(db, "toy", effect)


async def test_a_rebalance_while_a_batch_is_in_flight_lets_it_finish(
    consumer: Consumer, effect: Noting
) -> None:
    effect.go.clear()
    taking = asyncio.create_task(consumer.take({ONE: run_of(ONE, 1, 3)}))
    await effect.began.wait()
    consumer.forget()
    effect.go.set()
    async with asyncio.timeout(120):
        assert await taking == {}
        assert await consumer.take({ONE: run_of(ONE, 2, 4)}) == {}
    assert await effect.noted(ONE) == [1, 2, 3, 4]


@pytest.fixture
def unflushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zugabe_events.consumer.lazy_flush.FLUSH_DELAY_SECONDS", 60.0)


async def moved(db: Database, lane: Lane, pos: int) -> None:
    """Another owner was there."""
    [last] = run_of(lane, pos, pos)
    await Checkpoints(db, "toy").put(lane, last)


@pytest.mark.usefixtures("unflushed")
async def test_a_fence_in_one_lane_makes_no_gap_in_another(
    db: Database, consumer: Consumer, effect: Noting
) -> None:
    """Positions without effect are not written yet, and the batch takes two transactions: none of
    the second may be applied when the first one has to be read again."""
    effect.without = range(1, 11)
    await consumer.take({TWO: run_of(TWO, 1, 11)})
    await consumer.take({ONE: run_of(ONE, 1, 10)})
    await moved(db, TWO, 13)
    seeks = await consumer.take({TWO: run_of(TWO, 12, 14), ONE: run_of(ONE, 11, 700)})
    assert seeks == {ONE: 0}
    assert await effect.noted(TWO) == [11, 14]
    assert await effect.noted(ONE) == []
    assert await consumer.take({ONE: run_of(ONE, 1, 700)}) == {}
    assert await effect.noted(ONE) == list(range(11, 701))


@pytest.mark.usefixtures("unflushed")
async def test_a_fence_in_the_first_half_makes_no_gap_in_the_second(
    db: Database, consumer: Consumer, effect: Noting
) -> None:
    effect.without = range(1, 11)
    await consumer.take({TWO: run_of(TWO, 1, 11)})
    await consumer.take({ONE: run_of(ONE, 1, 10)})
    effect.conflicts = 1
    effect.go.clear()
    effect.began.clear()
    taking = asyncio.create_task(
        consumer.take({TWO: run_of(TWO, 12, 14), ONE: run_of(ONE, 11, 30)})
    )
    await effect.began.wait()
    effect.began.clear()
    prepare = effect.prepare

    async def prepare_and_be_overtaken(messages: Sequence[Message], *, again: bool) -> Any:
        if again:
            effect.prepare = prepare  # type: ignore[method-assign]
            await moved(db, TWO, 13)
        return await prepare(messages, again=again)

    effect.prepare = prepare_and_be_overtaken  # type: ignore[method-assign]
    effect.go.set()
    assert await taking == {ONE: 0}
    assert await effect.noted(ONE) == []


async def test_a_fenced_lane_that_is_overtaken_goes_on_behind_the_other_owner(
    db: Database, consumer: Consumer, effect: Noting
) -> None:
    await consumer.take({ONE: run_of(ONE, 1, 1)})
    await moved(db, ONE, 600)
    assert await consumer.take({ONE: run_of(ONE, 2, 900)}) == {}
    assert await effect.noted(ONE) == [1, *range(601, 901)]


async def test_a_fence_does_not_forget_what_waits_behind_a_hole(
    db: Database, consumer: Consumer, effect: Noting
) -> None:
    """3 and 4 are missing, 5 has to wait; 3 comes, and meanwhile another lane is fenced."""
    await consumer.take({TWO: run_of(TWO, 1, 1)})
    await consumer.take({ONE: [*run_of(ONE, 1, 2), *run_of(ONE, 5, 6)]})
    await moved(db, TWO, 2)
    seeks = await consumer.take(
        {TWO: run_of(TWO, 2, 3), ONE: run_of(ONE, 3, 3, offset=20)},
    )
    assert seeks[ONE] <= 5
    await consumer.take({ONE: [*run_of(ONE, 5, 6), *run_of(ONE, 3, 4, offset=20)]})
    assert consumer.gaps == {}
    await consumer.take({ONE: run_of(ONE, 5, 6)})
    assert await effect.noted(ONE) == [1, 2, 3, 4, 5, 6]


async def test_reading_that_begins_too_late_begins_again(
    db: Database, consumer: Consumer, effect: Noting
) -> None:
    """Once: after that it is a hole in Kafka."""
    await moved(db, ONE, 2)
    assert await consumer.take({ONE: run_of(ONE, 5, 6)}) == {ONE: 3}
    assert await consumer.take({ONE: run_of(ONE, 5, 6)}) == {}
    assert list(consumer.gaps) == [ONE]


async def test_a_hole_is_reported_although_nothing_arrives(
    consumer: Consumer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("zugabe_events.consumer.gap_monitor.GAP_ALARM_INTERVAL_SECONDS", 0.0)
    monkeypatch.setattr("zugabe_events.consumer.gap_monitor.GAP_CHECK_INTERVAL_SECONDS", 0.05)
    await consumer.take({ONE: [*run_of(ONE, 1, 1), *run_of(ONE, 3, 3)]})
    async with asyncio.timeout(120):
        while "republish it from the log" not in caplog.text:
            await asyncio.sleep(0.05)


@pytest.mark.usefixtures("unflushed")
async def test_positions_that_another_owner_moved_are_read_again_unless_it_stops(
    db: Database, consumer: Consumer, effect: Noting
) -> None:
    reread: list[bool] = []

    async def read_again() -> None:
        reread.append(consumer.stopping.is_set())

    consumer.reread = read_again
    effect.without = range(100)
    for stopping in (False, True):
        await consumer.take({ONE: run_of(ONE, 1, 9), TWO: run_of(TWO, 1, 9)})
        await moved(db, ONE, 6 if stopping else 5)
        if stopping:
            consumer.stopping.set()
        await asyncio.gather(consumer.flush(), consumer.flush())
        assert consumer.position(ONE) is None
    assert reread == [False]


async def test_positions_without_effect_are_written_after_the_database_was_away(
    db: Database, consumer: Consumer, effect: Noting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zugabe_events.consumer.lazy_flush.FLUSH_RETRY_INTERVAL_SECONDS", 0.05)
    advance = Checkpoints.advance
    away = [AutoReconnect(), AutoReconnect()]

    async def advance_sometimes(positions: Checkpoints, *args: Any) -> None:
        if away:
            raise away.pop()
        await advance(positions, *args)

    monkeypatch.setattr(Checkpoints, "advance", advance_sometimes)
    effect.without = range(100)
    await consumer.take({ONE: run_of(ONE, 1, 9)})
    async with asyncio.timeout(120):
        while await Checkpoints(db, "toy").position(ONE) != 9:
            await asyncio.sleep(0.02)


async def test_a_commit_whose_answer_was_lost_counts_once_and_is_waited_for(
    db: Database, consumer: Consumer, effect: Noting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read your writes: the time of effects is not before an unpublished commit."""
    await consumer.take({ONE: run_of(ONE, 1, 1)})
    commit = AsyncClientSession.commit_transaction
    committed: list[Timestamp] = []

    async def commit_and_lose_the_answer(session: AsyncClientSession) -> None:
        await commit(session)
        if not committed:
            assert session.operation_time is not None
            committed.append(session.operation_time)
            raise AutoReconnect("lost", {"errorLabels": ["UnknownTransactionCommitResult"]})

    monkeypatch.setattr(AsyncClientSession, "commit_transaction", commit_and_lose_the_answer)
    await consumer.take({ONE: run_of(ONE, 2, 3)})
    assert consumer.effect_time is not None
    assert consumer.effect_time >= committed[0]
    await consumer.take({ONE: run_of(ONE, 4, 4)})
    assert await effect.noted(ONE) == [1, 2, 3, 4]
    assert await Checkpoints(db, "toy").position(ONE) == 4


async def test_a_rewound_consumer_finds_what_it_did_in_few_tries(
    consumer: Consumer, effect: Noting
) -> None:
    """After a conflict the halves look for what is there already."""
    effect.conflicts = 1
    await consumer.take({ONE: run_of(ONE, 1, 8)})
    assert effect.again == [False, True, True]
