"""Events that code cannot handle are parked with their key's later ones, and redriven in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kernel_tests.toy import now
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import AutoReconnect

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin
from zugabe_events.consumer.dead_letters import Operator, deploy_dead_letters
from zugabe_events.consumer.effect import ConflictError
from zugabe_events.consumer.redrive import RedriveWorker
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.event import EventTypes
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, create_missing

ONE, TWO = Lane("toy", "id", 0), Lane("toy", "id", 1)
KEYS = "abc"


def message(lane: Lane, pos: int, key: str) -> Message:
    headers = [("ce_id", b"%d.%d" % (lane.part, pos)), ("ce_partitionkey", key.encode())]
    return Message(lane, pos, pos - 1, "added", b'{"counter":"n"}', headers, 1)


def lane_of(lane: Lane, keys: str) -> list[Message]:
    return [message(lane, pos, key) for pos, key in enumerate(keys, 1)]


class BrokenError(Exception):
    """The code has a defect."""


@dataclass
class Telling:
    """Appends each position to what its key has told so far. `broken` are (lane, position)s."""

    db: Database
    consumer: str
    broken: set[tuple[Lane, int]] = field(default_factory=set)
    late: bool = False
    circumstances: list[Exception] = field(default_factory=list)
    tried: list[list[int]] = field(default_factory=list)

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        self.tried.append([one.pos for one in messages])
        if not self.late:
            self._look(messages)
        return messages

    def _look(self, messages: Sequence[Message]) -> None:
        if any((one.lane, one.pos) in self.broken for one in messages):
            raise BrokenError("cannot be handled")

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        assert isinstance(prepared, list)
        if self.circumstances:
            raise self.circumstances.pop()
        for one in prepared:
            await self.db.told.update_one(
                {"_id": f"{self.consumer}/{one.lane}/{one.key}"},
                {"$push": {"positions": one.pos}},
                upsert=True,
                session=session,
            )
        if self.late:
            self._look(prepared)

    def done(self, prepared: object) -> None:
        pass

    async def told(self, lane: Lane) -> dict[str, list[int]]:
        prefix = f"{self.consumer}/{lane}/"
        found = self.db.told.find({"_id": {"$regex": f"^{prefix}"}})
        return {one["_id"].removeprefix(prefix): one["positions"] async for one in found}


@dataclass
class Owner:
    """A consumer with the Kafka that it reads: it goes back when it is told to."""

    consumer: Consumer
    topic: dict[Lane, list[Message]]
    offsets: dict[Lane, int] = field(default_factory=dict)

    async def take(self, lanes: Sequence[Lane], many: int) -> None:
        batch = {lane: self.topic[lane][(at := self.offsets.get(lane, 0)) : at + many]
                 for lane in lanes}  # fmt: skip
        for lane, some in batch.items():
            self.offsets[lane] = self.offsets.get(lane, 0) + len(some)
        seeks = await self.consumer.take({lane: some for lane, some in batch.items() if some})
        self.offsets |= seeks

    async def all(self) -> None:
        """Until every lane is read to its end."""
        async with asyncio.timeout(120):
            while any(self.offsets.get(lane, 0) < len(some) for lane, some in self.topic.items()):
                await self.take(list(self.topic), 100)
                await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zugabe_events.consumer.poison_messages.BACKOFF", Backoff(0.004, 60.0))
    monkeypatch.setattr("zugabe_events.consumer.poison_messages.MAX_ATTEMPTS", 3)


@pytest.fixture
async def effect(db: Database) -> Telling:
    await deploy_dead_letters(db)
    await create_missing(db, "positions", "told")
    return Telling(db, "toy")


@pytest.fixture
def admin(db: Database) -> DeadLetterAdmin:
    return DeadLetterAdmin(db, EventTypes([]))


def operator(why: str = "mended") -> Operator:
    return Operator("olga", "central", why, now(), uuid4())


def owner_of(effect: Telling, *, careful: bool = False, **topic: str) -> Owner:
    lanes = {"one": ONE, "two": TWO}
    consumer = Consumer(effect.db, effect.consumer, effect, careful=careful)
    return Owner(
        consumer, {lanes[name]: lane_of(lanes[name], keys) for name, keys in topic.items()}
    )


async def redrive(effect: Telling) -> None:
    redriving = RedriveWorker(effect.db, lambda: (effect.consumer, effect), now)
    while await redriving.redrive_one_key():
        pass


@pytest.mark.parametrize("late", [False, True])
async def test_a_poisoned_key_is_parked_in_order_while_others_flow(
    effect: Telling, admin: DeadLetterAdmin, late: bool
) -> None:
    """The defect shows while deciding, or in the middle of the transaction."""
    effect.late = late
    effect.broken = {(ONE, 3)}
    owner = owner_of(effect, one="abcabcabc", two="ccc")
    await owner.all()
    assert await effect.told(ONE) == {"a": [1, 4, 7], "b": [2, 5, 8]}
    assert await effect.told(TWO) == {"c": [1, 2, 3]}
    assert await owner.consumer.checkpoints.position(ONE) == 9
    letters = (await admin.page()).items
    assert [(one.pos, one.cause, one.attempts) for one in letters] == [
        (3, "failure", 3), (6, "behind", 0), (9, "behind", 0),
    ]  # fmt: skip
    assert letters[0].error == "BrokenError: cannot be handled"


async def test_another_lane_goes_on_while_one_rests(
    effect: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zugabe_events.consumer.poison_messages.BACKOFF", Backoff(60.0, 60.0))
    effect.broken = {(ONE, 2)}
    owner = owner_of(effect, one="abc", two="abcabc")
    await owner.take([ONE, TWO], 3)
    assert owner.consumer.retry_delay(ONE) > 20
    await owner.take([TWO], 3)
    assert await effect.told(ONE) == {"a": [1]}
    assert await effect.told(TWO) == {"a": [1, 4], "b": [2, 5], "c": [3, 6]}
    await owner.take([ONE], 3)
    assert owner.offsets[ONE] == 1


async def test_the_poison_in_a_batch_is_found_in_few_tries(effect: Telling) -> None:
    effect.broken = {(ONE, 300)}
    owner = owner_of(effect, one="abcd" * 120)
    await owner.take([ONE], 480)
    assert len(effect.tried) <= 2 * 9
    assert await owner.consumer.checkpoints.position(ONE) == 299


async def test_redriven_letters_come_in_order_and_then_their_key_flows(
    effect: Telling, admin: DeadLetterAdmin
) -> None:
    effect.broken = {(ONE, 2)}
    owner = owner_of(effect, one="ccacc")
    await owner.all()
    effect.broken = set()
    [first, *_] = (await admin.page()).items
    owner.topic[ONE] += [message(ONE, pos, "c") for pos in (6, 7)]
    await owner.take([ONE], 1)
    assert await admin.redrive(first.id, operator()) == 1
    await redrive(effect)
    await owner.all()
    assert await effect.told(ONE) == {"a": [3], "c": [1, 2, 4, 5, 6, 7]}
    assert (await admin.page()).items == []
    assert await effect.db.parked_keys.count_documents({}) == 0


async def test_what_fails_again_stays_parked_and_says_so(
    effect: Telling, admin: DeadLetterAdmin
) -> None:
    effect.broken = {(ONE, 1)}
    owner = owner_of(effect, one="cc")
    await owner.all()
    await admin.redrive_all(operator("perhaps"))
    await redrive(effect)
    first, second = (await admin.page()).items
    assert (first.attempts, first.asked, second.attempts) == (4, False, 0)
    steps = (await admin.show(first.id)).steps
    assert [(one.what, one.by, one.why) for one in steps] == [
        ("parked", "toy", "BrokenError: cannot be handled"),
        ("asked", "olga", "perhaps"),
        ("failed", "olga", "BrokenError: cannot be handled"),
    ]
    await redrive(effect)
    assert len((await admin.show(first.id)).steps) == 3


async def test_a_skipped_letter_is_never_handled_and_holds_nothing_up(
    effect: Telling, admin: DeadLetterAdmin
) -> None:
    effect.broken = {(ONE, 1)}
    owner = owner_of(effect, one="cc")
    await owner.all()
    first, second = (await admin.page()).items
    skip = operator("it is not needed")
    await admin.skip(first.id, skip)
    await admin.skip(first.id, skip)
    await admin.redrive(second.id, operator())
    await redrive(effect)
    assert await effect.told(ONE) == {"c": [2]}
    steps = await effect.db.letter_steps.find({"letter": first.id}).sort("at").to_list()
    assert [(one["what"], one["by"], one["why"]) for one in steps][1:] == [
        ("skipped", "olga", "it is not needed")
    ]


async def test_circumstances_park_nothing(effect: Telling, admin: DeadLetterAdmin) -> None:
    """Conflicts and a database that is away are tried again without limit."""
    away: list[Exception] = [AutoReconnect("away"), ConflictError("toy"), ConnectionResetError()]
    effect.circumstances = away * 3
    owner = owner_of(effect, one="abc")
    async with asyncio.timeout(120):
        await owner.take([ONE], 3)
    assert await effect.told(ONE) == {"a": [1], "b": [2], "c": [3]}
    assert (await admin.page()).items == []
    assert await effect.db.suspects.count_documents({}) == 0


async def test_without_failures_nothing_is_noted(effect: Telling) -> None:
    await owner_of(effect, one="abcabc").all()
    assert await effect.db.suspects.count_documents({}) == 0


async def test_attempts_survive_the_process(effect: Telling, admin: DeadLetterAdmin) -> None:
    """Each owner tries once and is gone; it is parked all the same."""
    effect.broken = {(ONE, 1)}
    for _ in range(4):
        await asyncio.sleep(0.02)
        await owner_of(effect, one="c").take([ONE], 1)
    [letter] = (await admin.page()).items
    assert (letter.cause, letter.attempts) == ("failure", 3)


class DeadError(BaseException):
    """The process is killed here."""


async def test_what_kills_the_process_is_found_and_parked(
    effect: Telling, admin: DeadLetterAdmin
) -> None:
    """The first crash has no known cause; then each message is counted and handled alone."""
    kill = Killing(effect.db, "toy")
    deaths = 0
    async with asyncio.timeout(120):
        while True:
            owner = owner_of(kill, careful=deaths > 0, one="abcabcabc")
            try:
                await owner.all()
            except DeadError:
                deaths += 1
            else:
                break
    assert deaths == 2 + 3
    assert await effect.told(ONE) == {"a": [1, 4, 7], "c": [3, 6, 9], "b": [2]}
    first, second = (await admin.page()).items
    assert (first.pos, first.cause, first.attempts) == (5, "crash", 3)
    assert first.error == "the process ended while this event was in hand"
    assert (second.pos, second.cause) == (8, "behind")


@dataclass
class Killing(Telling):
    """Position 5 ends the process."""

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> Any:
        if any(one.pos == 5 for one in messages):
            raise DeadError
        return await super().prepare(messages, again=again)


async def test_a_redriven_letter_that_kills_the_process_is_not_tried_for_ever(
    effect: Telling, admin: DeadLetterAdmin, monkeypatch: pytest.MonkeyPatch
) -> None:
    effect.broken = {(ONE, 5)}
    await owner_of(effect, one="cccccc").all()
    await admin.redrive_all(operator())
    kill = Killing(effect.db, "toy")
    with pytest.raises(DeadError):
        await redrive(kill)
    await effect.db.parked_keys.update_many(
        {}, {"$set": {"claimed": datetime(2020, 1, 1, tzinfo=UTC)}}
    )
    await redrive(kill)
    first, _ = (await admin.page()).items
    assert (first.cause, first.asked) == ("crash", False)


async def test_a_stale_owner_learns_that_a_key_is_free_again(
    effect: Telling, admin: DeadLetterAdmin
) -> None:
    """Another process redrove all of it: later messages are not parked indefinitely."""
    effect.broken = {(ONE, 1)}
    owner = owner_of(effect, one="ccc")
    for _ in range(5):
        await owner.take([ONE], 1)
        await asyncio.sleep(0.02)
    effect.broken = set()
    await admin.redrive_all(operator())
    await redrive(effect)
    await owner.all()
    assert await effect.told(ONE) == {"c": [1, 2, 3]}
    assert (await admin.page()).items == []


async def test_positions_that_were_lost_repeat_no_letter(
    effect: Telling, admin: DeadLetterAdmin
) -> None:
    """Repeated events before a parked key's first letter were handled; those behind it, parked."""
    effect.broken = {(ONE, 2)}
    await owner_of(effect, one="cccc").all()
    before = (await admin.page()).items
    await effect.db.positions.delete_many({})
    await owner_of(effect, one="cccc").all()
    assert (await admin.page()).items == before
    assert await effect.told(ONE) == {"c": [1, 1]}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 5), st.integers(0, 1)),
        st.tuples(st.just("break"), st.integers(1, 12), st.just(0)),
        st.tuples(st.just("mend"), st.integers(1, 12), st.just(0)),
        st.tuples(st.just("redrive"), st.just(0), st.just(0)),
        st.tuples(st.just("restart"), st.just(0), st.integers(0, 1)),
        st.tuples(st.just("conflict"), st.just(0), st.just(0)),
        st.tuples(st.just("lose"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(keys=st.text(KEYS, min_size=12, max_size=12), steps=STEPS)
async def test_in_any_interleaving_each_key_is_handled_in_order_and_once(
    db: Database, effect: Telling, admin: DeadLetterAdmin, keys: str,
    steps: list[tuple[str, int, int]],
) -> None:  # fmt: skip
    """Two owners of the same lane, defects that come and go, redriving in between, lost answers."""
    telling = Telling(db, uuid4().hex)
    owners = [owner_of(telling, one=keys) for _ in range(2)]
    for what, number, which in [*steps, ("mend all", 0, 0)]:
        match what:
            case "take":
                await owners[which].take([ONE], number)
                await asyncio.sleep(0.005)
            case "break":
                telling.broken.add((ONE, number))
            case "mend":
                telling.broken.discard((ONE, number))
            case "redrive":
                await admin.redrive_all(operator(), telling.consumer)
                await asyncio.gather(redrive(telling), redrive(telling))
            case "restart":
                owners[which] = owner_of(telling, one=keys)
            case "conflict":
                telling.circumstances.append(ConflictError("toy"))
            case "lose":
                telling.circumstances.append(AutoReconnect("lost", {"errorLabels": []}))
    telling.broken.clear()
    telling.circumstances.clear()
    await owners[0].all()
    await admin.redrive_all(operator(), telling.consumer)
    await redrive(telling)
    await owners[1].all()
    assert await telling.told(ONE) == {
        key: [pos for pos, one in enumerate(keys, 1) if one == key] for key in set(keys)
    }
    assert await db.dead_letters.count_documents({"consumer": telling.consumer}) == 0
    assert await db.parked_keys.count_documents({"consumer": telling.consumer}) == 0
