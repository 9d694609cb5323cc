"""Dead letters: events that could not be handled, and those of their key that came after them.

`dead_letters` holds the events, `parked_keys` one marker for each key that has any. Whatever adds
or removes a letter writes its key's marker in the same transaction, so that races for a key become
conflicts there. `letter_steps` is the audit; it only grows.
"""

import re
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.consumer.checkpoints import lane_fields, position_id
from zugabe_events.domain.event import derived_id
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, Document, create_missing

ERROR_MAX_LENGTH, TRACE_MAX_LENGTH = 2_000, 16_000
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

type Cause = Literal["failure", "crash", "behind"]
"""It failed itself, a process died while handling it, or it came behind such an event."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason for parking an event, and the number of attempts before it."""

    cause: Cause = "behind"
    attempts: int = 0
    error: str | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who acts on dead letters, with reason and time. `step` identifies the request; it
    is the same when the request is repeated."""

    by: str
    role: str
    why: str
    at: datetime
    step: UUID
    body: str = ""


class DeadLetterGoneError(Exception):
    """The letter was redriven or skipped meanwhile, or an earlier one of its key is first now."""


async def deploy_dead_letters(db: Database) -> None:
    await create_missing(db, "dead_letters", "parked_keys", "letter_steps", "suspects")
    lane = [("consumer", ASCENDING), ("log", ASCENDING), ("log_id", ASCENDING), ("part", ASCENDING)]
    await db.dead_letters.create_index([*lane, ("key", ASCENDING), ("pos", ASCENDING)])
    await db.dead_letters.create_index([("parked_at", ASCENDING), ("_id", ASCENDING)])
    await db.parked_keys.create_index(lane)
    await db.parked_keys.create_index([("asked", ASCENDING), ("claimed", ASCENDING)])
    await db.letter_steps.create_index([("letter", ASCENDING), ("at", ASCENDING)])


def marker_id(consumer: str, lane: Lane, key: str) -> str:
    return f"{position_id(consumer, lane)}#{key}"


def letter_id(consumer: str, message: Message) -> UUID:
    """The same for one event at one consumer, however often it is parked."""
    return derived_id("letter", consumer, str(message.lane), str(message.pos))


def letter_of(consumer: str, message: Message, reason: Reason, at: datetime) -> Document:
    """The document of a letter, with everything needed to handle the event later."""
    headers = message.headers
    return {
        **lane_fields(consumer, message.lane),
        "pos": message.pos,
        "offset": message.offset,
        "key": message.key,
        "event": headers.get("ce_id", b"").decode("utf-8", "replace"),
        "name": message.name,
        "schema": message.schema,
        "dealer": headers.get("ce_dealer", b"").decode("utf-8", "replace"),
        "body": bytes(message.body),
        "headers": [[name, bytes(value)] for name, value in message.raw_headers],
        "parked_at": at,
        "cause": reason.cause,
        "attempts": reason.attempts,
        "error": reason.error,
        "trace": reason.trace,
    }


def lane_of_letter(letter: Document) -> Lane:
    return Lane(letter["log"], letter["log_id"], letter["part"])


def message_of_letter(letter: Document) -> Message:
    return Message(
        lane_of_letter(letter),
        letter["pos"],
        letter["offset"],
        letter["name"],
        letter["body"],
        [(name, value) for name, value in letter["headers"]],
        letter["schema"],
        late=True,
    )


def failure(error: BaseException, attempts: int) -> Reason:
    trace = "".join(traceback.format_exception(error))
    text = f"{type(error).__name__}: {error}"
    return Reason("failure", attempts, text[:ERROR_MAX_LENGTH], trace[-TRACE_MAX_LENGTH:])


def audit_entry(what: str, letter: Document, by: str, why: str | None, at: datetime) -> Document:
    """The document that records who did what with which letter, why, and when."""
    copied = ("consumer", "log", "log_id", "part", "pos", "key", "event", "name")
    return {
        "_id": uuid4(),
        "what": what,
        "letter": letter["_id"],
        "by": by,
        "why": why,
        "at": at,
        **{field: letter[field] for field in copied},
    }


async def skipped_events(db: Database, model: str) -> frozenset[str]:
    """Events that operators have skipped in any build of a read model; later builds skip them."""
    steps = db.letter_steps.find(
        {"what": "skipped", "consumer": {"$regex": rf"^{re.escape(model)}\.v\d+\.\d+$"}}
    )
    return frozenset([step["event"] async for step in steps])


async def first_letter(db: Database, marker: Document) -> Document | None:
    """The first letter of a parked key."""
    key = {name: marker[name] for name in ("consumer", "log", "log_id", "part", "key")}
    return await db.dead_letters.find_one(key, sort=[("pos", ASCENDING)])


async def remove_letter(db: Database, letter: Document, session: AsyncClientSession) -> bool:
    """Delete a letter; its key begins at the next one then. False: that was the key's last letter,
    and the key is free again.

    Raises DeadLetterGoneError.
    """
    deleted = await db.dead_letters.delete_one({"_id": letter["_id"]}, session=session)
    if not deleted.deleted_count:
        raise DeadLetterGoneError(str(letter["_id"]))
    lane = lane_of_letter(letter)
    marker = {"_id": marker_id(letter["consumer"], lane, letter["key"])}
    following = await db.dead_letters.find_one(
        {**lane_fields(letter["consumer"], lane), "key": letter["key"]},
        {"pos": 1},
        sort=[("pos", ASCENDING)],
        session=session,
    )
    if following is None:
        await db.parked_keys.delete_one(marker, session=session)
        return False
    await db.parked_keys.update_one(
        marker,
        {"$set": {"first": following["pos"]}, "$inc": {"letters": -1}, "$unset": {"handling": 1}},
        session=session,
    )
    return True
