"""Lanes of a log that goes on under a new id, as after a restore: a consumer that knew the former
lane goes on where both histories are the same, and its letters come along."""

from collections.abc import Iterator

from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.consumer.checkpoints import RETIRED, FencedError, position_id
from zugabe_events.consumer.dead_letters import lane_fields, marker_id
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database
from zugabe_events.mongo.transaction import transaction


def predecessors_of(message: Message) -> Iterator[tuple[Lane, int]]:
    """Lanes that this message's lane continues, latest first, and their last common positions."""
    for one in message.headers.get("ce_continues", b"").decode().split():
        log_id, _, last = one.rpartition(".")
        yield Lane(message.lane.log, log_id, message.lane.part), int(last)


async def succeed(
    db: Database, consumer: str, former: Lane, written: int, lane: Lane, known: int, offset: int
) -> None:
    """The former lane ends for this consumer at its `written` position, and the new one begins
    behind `known`; reading goes on behind `offset`. Safe to repeat.

    Whoever still believes in the former position is fenced.

    Raises FencedError when another owner has moved the former position.
    """
    async with transaction(db) as session:
        if written != RETIRED:
            ended = await db.positions.update_one(
                {"_id": position_id(consumer, former), **({"pos": written} if written else {})},
                {
                    "$set": {"retired_at": written, "pos": RETIRED},
                    "$setOnInsert": {**lane_fields(consumer, former), "offset": -1},
                },
                upsert=not written,
                session=session,
            )
            if written and not ended.matched_count:
                raise FencedError(consumer)
        await db.positions.update_one(
            {"_id": position_id(consumer, lane)},
            {
                "$setOnInsert": {
                    **lane_fields(consumer, lane), "pos": known, "event": None, "offset": offset,
                }
            },
            upsert=True,
            session=session,
        )  # fmt: skip
        await _bring_letters(db, consumer, former, lane, session)


async def _bring_letters(
    db: Database, consumer: str, former: Lane, lane: Lane, session: AsyncClientSession
) -> None:
    there = {"log_id": lane.log_id}
    markers = db.parked_keys.find(lane_fields(consumer, former), session=session)
    for marker in await markers.to_list():
        await db.parked_keys.delete_one({"_id": marker["_id"]}, session=session)
        moved = {**marker, **there, "_id": marker_id(consumer, lane, marker["key"])}
        await db.parked_keys.replace_one({"_id": moved["_id"]}, moved, upsert=True, session=session)
    await db.dead_letters.update_many(
        lane_fields(consumer, former), {"$set": there}, session=session
    )
