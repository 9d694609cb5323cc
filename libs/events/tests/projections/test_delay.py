"""For how long a read model has lacked events of another log."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import aiohttp
import pytest

from zugabe_events.consumer.checkpoints import RETIRED, position_id
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.projection import ReadModel
from zugabe_events.http.app import while_served
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections import delay as delay_module
from zugabe_events.projections.builds import build_of, family_of
from zugabe_events.projections.delay import START_GRACE_SECONDS, Delay
from zugabe_events.projections.read_your_writes import Heads, LanePosition, ReadYourWrites

PATIENCE = 60.0


@dataclass
class World:
    """A log that ends at `head`, and a read model that has come to `position`."""

    head: int = 0
    position: int = 0
    seconds: float = 1_000.0
    asked: int = 0
    failing: Callable[[], None] = field(default=lambda: None)

    def delay(self) -> Delay:
        return Delay(self.heads, self.reached, PATIENCE, lambda: self.seconds)

    async def heads(self) -> Heads:
        self.failing()
        return Heads("catalog-shops", "1", {0: self.head})

    async def reached(self, heads: Heads) -> bool:
        self.asked += 1
        return self.position >= heads.last[0]


def away() -> None:
    raise aiohttp.ClientConnectionError


async def test_nothing_is_too_late_in_a_log_in_which_nothing_happens() -> None:
    """Q34: a quiet system never refuses."""
    world = World(head=7, position=7)
    delay = world.delay()
    for _ in range(100):
        await delay.look()
        world.seconds += 600
        assert not delay.is_too_long()
    assert world.asked == 1, "what was reached stays reached"


async def test_an_event_that_does_not_arrive_is_too_late_after_a_while() -> None:
    world = World()
    delay = world.delay()
    await delay.look()
    world.head = 1
    await delay.look()
    for at, expected in ((PATIENCE, False), (PATIENCE + 1, True)):
        world.seconds = 1_000 + at
        await delay.look()
        assert delay.is_too_long() is expected
    world.position = 1
    await delay.look()
    assert not delay.is_too_long()


async def test_who_follows_at_a_distance_is_not_too_late() -> None:
    """There is always something missing, and never for long."""
    world = World()
    delay = world.delay()
    await delay.look()
    for step in range(1, 100):
        world.head, world.position = step * 100, (step - 1) * 100
        await delay.look()
        world.seconds += PATIENCE / 2
        assert not delay.is_too_long()


async def test_who_falls_back_is_too_late_by_the_oldest_event_that_is_missing() -> None:
    world = World()
    delay = world.delay()
    await delay.look()
    for step in range(1, 11):
        world.head = step
        await delay.look()
        world.seconds += 10
    assert delay.is_too_long()
    world.position = 5
    await delay.look()
    assert not delay.is_too_long(), "the sixth is missing for 50 seconds"
    world.seconds += 11
    assert delay.is_too_long()


async def test_what_is_missing_at_the_start_may_be_missing_for_long() -> None:
    world = World(head=5)
    delay = world.delay()
    await delay.look()
    world.seconds += START_GRACE_SECONDS
    assert not delay.is_too_long()
    world.seconds += 1
    assert delay.is_too_long()


async def test_while_the_owner_does_not_answer_nothing_new_is_missed() -> None:
    world = World(head=5, position=5)
    delay = world.delay()
    await delay.look()
    world.failing = away
    world.head = 9
    for _ in range(10):
        world.seconds += PATIENCE
        await delay.look()
    assert not delay.is_too_long()
    world.failing = lambda: None
    await delay.look()
    world.failing = away
    world.seconds += PATIENCE + 1
    await delay.look()
    assert delay.is_too_long(), "what is known stays known"
    world.position = 9
    await delay.look()
    assert not delay.is_too_long()


async def test_it_looks_again_and_again_whatever_the_owner_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(head=1, position=1)
    monkeypatch.setattr(delay_module, "LOOK_INTERVAL_SECONDS", 0.0)
    said: list[str] = []

    def broken() -> None:
        said.append("?")
        raise RuntimeError

    delay = world.delay()
    async with asyncio.timeout(30), while_served([delay.watch], None):
        while not world.asked:
            await asyncio.sleep(0)
        world.failing = broken
        while len(said) < 2:
            await asyncio.sleep(0)
        world.failing, world.head = (lambda: None), 2
        while world.asked < 2:
            await asyncio.sleep(0)
    assert not delay.is_too_long()


LOG_ID = str(uuid4())
MODEL = ReadModel("own.guests", 1, ("others",), Heads, lambda event: [], lambda view, event: view)


async def nobody(token: object) -> LanePosition:
    raise AssertionError(token)


async def test_a_read_model_has_reached_what_its_checkpoints_say(
    db: Database, log_identity: LogIdentity
) -> None:
    serving = ReadYourWrites(db, log_identity, {}, nobody)
    build = build_of(MODEL, 1)

    async def reach(part: int, pos: int) -> None:
        id_ = position_id(build, Lane("others", LOG_ID, part))
        await db.positions.update_one({"_id": id_}, {"$set": {"pos": pos}}, upsert=True)

    heads = Heads("others", LOG_ID, {0: 3, 1: 0, 2: 5})
    assert await serving.reached(MODEL, Heads("others", LOG_ID, {0: 0}))
    assert not await serving.reached(MODEL, heads)
    await reach(0, 3)
    await reach(2, 4)
    assert not await serving.reached(MODEL, heads)
    await reach(2, 5)
    assert await serving.reached(MODEL, heads)
    await reach(0, RETIRED)
    assert await serving.reached(MODEL, heads), "the log goes on under another id"
    await db.readmodels.insert_one(
        {"_id": family_of(MODEL), "serving": 1, "highest": 1, "filling": True}
    )
    with pytest.raises(UnavailableError):
        await ReadYourWrites(db, log_identity, {}, nobody).reached(MODEL, heads)
