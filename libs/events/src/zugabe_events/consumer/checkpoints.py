"""Stored progress of a consumer in each lane."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson.timestamp import Timestamp
from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError

from zugabe_events.consumer.lane_state import LaneState
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import DUPLICATE_KEY, Database, Document

RETIRED = -1
"""The position of a lane whose log goes on under another id: nothing more of it is applied."""


class FencedError(Exception):
    """Another owner of this lane has moved its checkpoint: the state in memory is out of date."""


@dataclass(frozen=True, slots=True)
class Advance:
    """A lane's position moves from `before` to that of `last`; reading goes on behind `hint`."""

    lane: Lane
    before: int
    last: Message
    hint: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A stored position, the offset to read on from, and the cluster time at which it was read."""

    pos: int
    offset: int
    time: Timestamp | None


def position_id(consumer: str, lane: Lane) -> str:
    return f"{consumer}@{lane}"


def lane_fields(consumer: str, lane: Lane) -> Document:
    return {"consumer": consumer, "log": lane.log, "log_id": lane.log_id, "part": lane.part}


class Checkpoints:
    """The checkpoints of one consumer, one document for each lane."""

    def __init__(self, db: Database, consumer: str) -> None:
        self.db = db
        self.consumer = consumer
        self._positions = db.positions

    def _id(self, lane: Lane) -> str:
        return position_id(self.consumer, lane)

    async def position(self, lane: Lane) -> int:
        """0 for a lane that was never met."""
        return (await self.read([lane]))[lane].pos

    async def read(self, lanes: Iterable[Lane]) -> dict[Lane, Checkpoint]:
        """The checkpoints of several lanes in one request."""
        by_id = {self._id(lane): lane for lane in lanes}
        async with self.db.client.start_session(causal_consistency=False) as session:
            found = self._positions.find({"_id": {"$in": list(by_id)}}, session=session)
            stored = {document["_id"]: document async for document in found}
            time = session.operation_time
        checkpoints: dict[Lane, Checkpoint] = {}
        for id_, lane in by_id.items():
            document = stored.get(id_, {"pos": 0, "offset": -1})
            pos = sys.maxsize if document["pos"] == RETIRED else document["pos"]
            checkpoints[lane] = Checkpoint(pos, document["offset"] + 1, time)
        return checkpoints

    async def offsets(self, topic: str) -> dict[int, int]:
        """By partition, the Kafka offset behind the last effect, of the newest history met.

        A build from the log itself has no offsets: it starts at 0 and skips what it has.
        """
        latest: dict[int, int] = {}
        async for stored in self._positions.find({"consumer": self.consumer, "log": topic}):
            part, offset = stored["part"], stored["offset"] + 1
            latest[part] = max(latest.get(part, 0), offset)
        return latest

    async def advance(
        self, advances: Sequence[Advance], session: AsyncClientSession | None = None
    ) -> None:
        """Move checkpoints, in the transaction of the effects if there are any.

        Raises FencedError if any of them is not where it was left.
        """
        await write_updates(self.db, self.updates(advances), session)

    def updates(self, advances: Sequence[Advance]) -> list[UpdateOne]:
        """Each matches its checkpoint only where it was left."""
        return [
            UpdateOne(
                {"_id": self._id(advance.lane), "pos": advance.before},
                {"$set": self._document(advance.lane, advance.last, advance.hint)},
                upsert=advance.before == 0,
            )
            for advance in advances
        ]

    def fences(self, advances: Sequence[Advance]) -> dict[str, int]:
        """By `_id`, the stored positions that advances demand."""
        return {self._id(advance.lane): advance.before for advance in advances}

    async def put(self, lane: Lane, last: Message) -> None:
        """Without a fence: for a build with one owner and effects that are guarded themselves."""
        await self._positions.update_one(
            {"_id": self._id(lane)}, {"$set": self._document(lane, last, last.offset)}, upsert=True
        )

    async def borrow_offsets(self, log: str) -> None:
        """Give a build from the log itself, which has no offsets of the topic, those of a consumer
        that was at or before the same position."""
        stored = await self._positions.find({"log": log, "pos": {"$gt": 0}}).to_list()
        for own in stored:
            if own["consumer"] != self.consumer:
                continue
            lane = (own["log_id"], own["part"])
            offsets = [
                other["offset"]
                for other in stored
                if (other["log_id"], other["part"]) == lane and other["pos"] <= own["pos"]
            ]
            await self._positions.update_one(
                {"_id": own["_id"], "pos": own["pos"]}, {"$set": {"offset": max(offsets)}}
            )

    async def put_gap(self, lane: Lane, state: LaneState, now: datetime) -> None:
        """Store a gap where other processes see it; it is over when `pos` has reached `missing`."""
        gap = {"missing": state.pos + 1, "before": state.gap and state.gap.pos, "seen": now}
        await self._positions.update_one(
            {"_id": self._id(lane), **lane_fields(self.consumer, lane)}, {"$set": {"hole": gap}}
        )

    async def retire(self, lane: Lane) -> None:
        """End a lane whose events are all in the build already."""
        unread = {**lane_fields(self.consumer, lane), "offset": -1, "event": None}
        await self._positions.update_one(
            {"_id": self._id(lane)}, {"$set": {"pos": RETIRED}, "$setOnInsert": unread}, upsert=True
        )

    def _document(self, lane: Lane, last: Message, offset: int) -> Document:
        fields = lane_fields(self.consumer, lane)
        return {**fields, "pos": last.pos, "event": last.id, "offset": offset}

    async def put_times(self, positions: Mapping[Lane, int], time: Timestamp | None) -> None:
        """Store the cluster time by which the effects up to some positions were committed."""
        await self._positions.bulk_write(self.time_updates(positions, time), ordered=False)

    def time_updates(
        self, positions: Mapping[Lane, int], time: Timestamp | None
    ) -> list[UpdateOne]:
        return [
            UpdateOne(
                {"_id": self._id(lane), "pos": {"$gte": pos}},
                {"$set": {"time": time, "time_pos": pos}},
            )
            for lane, pos in positions.items()
        ]


async def write_updates(
    db: Database, updates: Sequence[UpdateOne], session: AsyncClientSession | None = None
) -> None:
    """Update checkpoints of any consumers in one request. Raises FencedError if any of them is not
    where it was left."""
    try:
        result = await db.positions.bulk_write(updates, session=session)
    except BulkWriteError as error:
        if any(failed["code"] == DUPLICATE_KEY for failed in error.details["writeErrors"]):
            raise FencedError from error
        raise
    if result.matched_count + result.upserted_count != len(updates):
        raise FencedError
