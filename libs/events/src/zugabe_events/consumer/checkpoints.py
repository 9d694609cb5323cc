"""How far a consumer is in each lane, and what to do with a message at its position."""

import logging
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bson.timestamp import Timestamp
from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import DUPLICATE_KEY, Database, Document

log = logging.getLogger(__name__)

ALARM_SECONDS = 5.0
RETIRED = -1
"""A lane whose log goes on under another id: nothing of it is applied any more."""


class FencedError(Exception):
    """Another owner of this lane has moved its position: what we knew is out of date."""


@dataclass(slots=True)
class Gap:
    """Messages are missing before the one at `offset`, which is the first that had to wait."""

    offset: int
    pos: int
    since: float
    alarmed: float


@dataclass(slots=True)
class LaneState:
    """`known` is the position up to which every effect is in the database.

    `written` is what the position document says. It lags behind messages without an effect, the
    last of which is `unwritten`, with the offset hint that goes with it.
    """

    known: int
    written: int = -1
    hole: Gap | None = None
    unwritten: tuple[Message, int] | None = None

    def __post_init__(self) -> None:
        if self.written < 0:
            self.written = self.known


@dataclass(slots=True)
class Taken:
    """What of a run of messages is next, and whether to read again from an earlier offset."""

    next: list[Message] = field(default_factory=list)
    seek: int | None = None


def take(place: LaneState, messages: Iterable[Message], consumer: str) -> Taken:
    """Pick what continues the lane without a gap; skip duplicates; wait at a hole.

    While a hole is open nothing behind it is applied. Reading goes on until the missing events
    come; then it starts again from where the hole was met.
    """
    taken = Taken()
    known = place.known
    for message in messages:
        if message.pos <= known:
            continue
        if message.pos == known + 1:
            known += 1
            taken.next.append(message)
            if place.hole and known >= place.hole.pos - 1:
                log.info("%s: the hole in %s is filled", consumer, message.lane)
                taken.seek = place.hole.offset
                return taken
        elif place.hole is None:
            log.warning(
                "%s: %s: position %d is missing before %d (offset %d); waiting for it",
                consumer, message.lane, known + 1, message.pos, message.offset,
            )  # fmt: skip
            now = time.monotonic()
            place.hole = Gap(message.offset, message.pos, now, now)
    return taken


def alarm(place: LaneState, lane: Lane, consumer: str) -> bool:
    """Say so, again and again, while a hole stays open. True: it was said."""
    now = time.monotonic()
    if place.hole and now - place.hole.alarmed > ALARM_SECONDS:
        place.hole.alarmed = now
        log.error(
            "%s: %s has waited %d s for position %d; republish it from the log: "
            "%s republish --part %d --from %d",
            consumer, lane, now - place.hole.since, place.known + 1,
            lane.log, lane.part, place.known + 1,
        )  # fmt: skip
        return True
    return False


@dataclass(frozen=True, slots=True)
class Step:
    """A lane's position moves from `before` to that of `last`; reading goes on behind `hint`."""

    lane: Lane
    before: int
    last: Message
    hint: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A stored position, the offset from which to read on, and when, in the database's time."""

    pos: int
    offset: int
    time: Timestamp | None


def position_id(consumer: str, lane: Lane) -> str:
    return f"{consumer}@{lane}"


class Checkpoints:
    """Position documents of one consumer."""

    def __init__(self, db: Database, consumer: str) -> None:
        self._db = db
        self._positions = db.positions
        self.consumer = consumer

    def _id(self, lane: Lane) -> str:
        return position_id(self.consumer, lane)

    async def known(self, lane: Lane) -> int:
        """0 for a lane that was never met."""
        return (await self.read(lane)).pos

    async def read(self, lane: Lane) -> Checkpoint:
        async with self._db.client.start_session(causal_consistency=False) as session:
            found = await self._positions.find_one({"_id": self._id(lane)}, session=session)
            pos, offset = (found["pos"], found["offset"] + 1) if found else (0, 0)
            if pos == RETIRED:
                pos = sys.maxsize
            return Checkpoint(pos, offset, session.operation_time)

    async def offsets(self, topic: str) -> dict[int, int]:
        """By partition, the Kafka offset behind the last effect, of the newest history met.

        A build from the log itself knows no offsets: it starts at 0 and skips what it has.
        """
        found: dict[int, Document] = {}
        async for one in self._positions.find({"consumer": self.consumer, "log": topic}):
            part = one["part"]
            if part not in found or one["offset"] > found[part]["offset"]:
                found[part] = one
        return {part: one["offset"] + 1 for part, one in found.items()}

    async def advance(
        self, steps: Sequence[Step], session: AsyncClientSession | None = None
    ) -> None:
        """Write positions, in the transaction of the effects if there are any.

        Raises FencedError if any position is not what we knew.
        """
        updates = [
            UpdateOne(
                {"_id": self._id(step.lane), "pos": step.before},
                {"$set": self._document(step.lane, step.last, step.hint)},
                upsert=step.before == 0,
            )
            for step in steps
        ]
        try:
            result = await self._positions.bulk_write(updates, session=session)
        except BulkWriteError as error:
            if any(one["code"] == DUPLICATE_KEY for one in error.details["writeErrors"]):
                raise FencedError(self.consumer) from error
            raise
        if result.matched_count + result.upserted_count != len(steps):
            raise FencedError(self.consumer)

    async def put(self, lane: Lane, last: Message) -> None:
        """For a build with one owner and effects that are guarded themselves."""
        await self._positions.update_one(
            {"_id": self._id(lane)}, {"$set": self._document(lane, last, last.offset)}, upsert=True
        )

    async def borrow_offsets(self, log: str) -> None:
        """A build from the log itself knows no offsets of the topic: reading goes on where another
        consumer was, at or before the same position."""
        found = [one async for one in self._positions.find({"log": log, "pos": {"$gt": 0}})]
        for ours in found:
            if ours["consumer"] != self.consumer:
                continue
            lane = (ours["log_id"], ours["part"])
            others = [
                one["offset"]
                for one in found
                if (one["log_id"], one["part"]) == lane and one["pos"] <= ours["pos"]
            ]
            await self._positions.update_one(
                {"_id": ours["_id"], "pos": ours["pos"]}, {"$set": {"offset": max(others)}}
            )

    async def waits(self, lane: Lane, place: LaneState, now: datetime) -> None:
        """Note a hole where others can see it; it is over when `pos` has reached `missing`."""
        hole = {"missing": place.known + 1, "before": place.hole and place.hole.pos, "seen": now}
        where = {"log": lane.log, "log_id": lane.log_id, "part": lane.part}
        await self._positions.update_one(
            {"_id": self._id(lane), "consumer": self.consumer, **where}, {"$set": {"hole": hole}}
        )

    async def retire(self, lane: Lane) -> None:
        """Nothing of this lane is of use: what it tells is in the build already."""
        where = {"log": lane.log, "log_id": lane.log_id, "part": lane.part}
        nowhere = {"consumer": self.consumer, **where, "offset": -1, "event": None}
        await self._positions.update_one(
            {"_id": self._id(lane)},
            {"$set": {"pos": RETIRED}, "$setOnInsert": nowhere},
            upsert=True,
        )

    def _document(self, lane: Lane, last: Message, offset: int) -> Document:
        return {
            "consumer": self.consumer,
            "log": lane.log,
            "log_id": lane.log_id,
            "part": lane.part,
            "pos": last.pos,
            "event": last.id,
            "offset": offset,
        }

    async def reached(self, places: Mapping[Lane, int], time_: object) -> None:
        """Note when, in the database's time, the effects up to some positions were committed."""
        await self._positions.bulk_write(
            [
                UpdateOne(
                    {"_id": self._id(lane), "pos": {"$gte": pos}},
                    {"$set": {"time": time_, "time_pos": pos}},
                )
                for lane, pos in places.items()
            ],
            ordered=False,
        )
