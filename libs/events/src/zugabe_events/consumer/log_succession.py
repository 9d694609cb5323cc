"""Hand-over of consumers to a log that goes on under a new id, as after a restore.

A consumer of a predecessor lane goes on behind the last common position, and its dead letters move
along.
"""

from collections.abc import Iterator

from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.consumer.checkpoints import RETIRED, FencedError, lane_fields, position_id
from zugabe_events.consumer.dead_letters import marker_id
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database
from zugabe_events.mongo.transaction import transaction


def predecessors_of(message: Message) -> Iterator[tuple[Lane, int]]:
    """The lanes that a message's lane continues, latest first, with the last common positions."""
    for lane in message.headers.get("ce_continues", b"").decode().split():
        log_id, _, last = lane.rpartition(".")
        yield Lane(message.lane.log, log_id, message.lane.part), int(last)


async def succeed(
    db: Database, consumer: str, predecessor: Lane, stored: int, lane: Lane, pos: int, offset: int
) -> None:
    """End the predecessor at its `stored` position, which fences its other owners, and begin the
    new lane behind `pos`; reading goes on behind `offset`. Safe to repeat.

    Raises FencedError when another owner has moved the predecessor's checkpoint.
    """
    async with transaction(db) as session:
        if stored != RETIRED:
            ended = await db.positions.update_one(
                {"_id": position_id(consumer, predecessor), **({"pos": stored} if stored else {})},
                {
                    "$set": {"retired_at": stored, "pos": RETIRED},
                    "$setOnInsert": {**lane_fields(consumer, predecessor), "offset": -1},
                },
                upsert=not stored,
                session=session,
            )
            if stored and not ended.matched_count:
                raise FencedError(consumer)
        await db.positions.update_one(
            {"_id": position_id(consumer, lane)},
            {
                "$setOnInsert": {
                    **lane_fields(consumer, lane), "pos": pos, "event": None, "offset": offset,
                }
            },
            upsert=True,
            session=session,
        )  # fmt: skip
        await _move_letters(db, consumer, predecessor, lane, session)


async def _move_letters(
    db: Database, consumer: str, predecessor: Lane, lane: Lane, session: AsyncClientSession
) -> None:
    new = {"log_id": lane.log_id}
    markers = db.parked_keys.find(lane_fields(consumer, predecessor), session=session)
    for marker in await markers.to_list():
        await db.parked_keys.delete_one({"_id": marker["_id"]}, session=session)
        moved = {**marker, **new, "_id": marker_id(consumer, lane, marker["key"])}
        await db.parked_keys.replace_one({"_id": moved["_id"]}, moved, upsert=True, session=session)
    await db.dead_letters.update_many(
        lane_fields(consumer, predecessor), {"$set": new}, session=session
    )
