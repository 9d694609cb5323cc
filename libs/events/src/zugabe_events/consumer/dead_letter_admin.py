"""Administration of dead letters: list, show, redrive, skip. Every step is recorded with the
operator, the reason and the time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect as kinds
from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from zugabe_events.consumer.dead_letters import (
    DeadLetterGoneError,
    Operator,
    audit_entry,
    first_letter,
    lane_of_letter,
    marker_id,
    remove_letter,
)
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.cursor import decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.errors import KeyReusedError, NotFoundError
from zugabe_events.domain.event import EventTypes, derived_id
from zugabe_events.domain.views import Page
from zugabe_events.mongo.client import Database, Document
from zugabe_events.mongo.errors import is_duplicate, is_passing
from zugabe_events.mongo.transaction import transaction

HIDDEN = "•••"
HEADERS = ("subject", "time", "actor", "role", "reason", "correlationid", "causationid")
MAX_ATTEMPTS = 5
BACKOFF = Backoff(0.02, 0.16)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A parked event. `cause`: it failed itself (`failure`, `crash`), or it waits `behind` an event
    of its key that did. `asked`: an operator wants its key redriven."""

    id: UUID
    consumer: str
    log: str
    log_id: str
    part: int
    pos: int
    key: str
    dealer: str
    event: str
    name: str
    cause: str
    attempts: int
    error: str | None
    parked_at: datetime
    asked: bool


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    by: str
    why: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetterDetails:
    """`data` is the event without personal data; None if it is not a JSON object."""

    letter: DeadLetter
    data: dict[str, Any] | None
    headers: dict[str, str]
    traceparent: str | None
    trace: str | None
    steps: Sequence[Step]


class DeadLetterAdmin:
    """The dead letters of one service."""

    def __init__(self, db: Database, types: EventTypes) -> None:
        self._db = db
        self._personal = frozenset(personal_fields(types))

    async def page(
        self,
        *,
        consumer: str | None = None,
        dealer: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[DeadLetter]:
        """The longest parked first. Raises InvalidError for a cursor not issued here."""
        query: Document = {}
        if consumer is not None:
            query["consumer"] = consumer
        if dealer is not None:
            query["dealer"] = dealer
        if after is not None:
            at, key = decode_cursor(after)
            if not isinstance(at, datetime):
                raise invalid_cursor()
            behind = {"parked_at": at, "_id": {"$gt": uuid_of(key)}}
            query["$or"] = [{"parked_at": {"$gt": at}}, behind]
        order = [("parked_at", ASCENDING), ("_id", ASCENDING)]
        found = (
            await self._db.dead_letters.find(query, {"body": 0, "headers": 0, "trace": 0})
            .sort(order)
            .limit(limit + 1)
            .to_list()
        )
        asked = await self._asked(found)
        items = [letter_in_list(letter, asked) for letter in found[:limit]]
        more = len(found) > limit
        last = found[limit - 1] if more else {}
        return Page(items, encode_cursor(last["parked_at"], str(last["_id"])) if more else None)

    async def show(self, letter: UUID) -> DeadLetterDetails:
        found = await self._find(letter)
        headers = {name: value.decode("utf-8", "replace") for name, value in found["headers"]}
        steps = self._db.letter_steps.find({"letter": letter}).sort("at", ASCENDING)
        return DeadLetterDetails(
            letter_in_list(found, await self._asked([found])),
            self._data(found["body"]),
            {name: headers[f"ce_{name}"] for name in HEADERS if f"ce_{name}" in headers},
            headers.get("traceparent"),
            found["trace"],
            [Step(step["what"], step["by"], step["why"], step["at"]) async for step in steps],
        )

    async def redrive(self, letter: UUID, operator: Operator) -> int:
        """Ask for the key of a letter: its letters are redriven in order until none is left."""
        return int(await self._ask(await self._find(letter), operator))

    async def redrive_all(self, operator: Operator, consumer: str | None = None) -> int:
        """Ask for all keys, or all of a consumer; returns how many."""
        of = {} if consumer is None else {"consumer": consumer}
        keys = 0
        for marker in await self._db.parked_keys.find(of).to_list():
            first = await first_letter(self._db, marker)
            keys += first is not None and await self._ask(first, operator)
        return keys

    async def skip(self, letter: UUID, operator: Operator) -> None:
        """Remove a letter unhandled, so that it no longer holds up later events of its key."""
        if await self._is_repeated(letter, operator):
            return
        found = await self._find(letter)

        async def remove(session: AsyncClientSession) -> bool:
            await remove_letter(self._db, found, session)
            return True

        try:
            await self._perform("skipped", found, operator, remove)
        except DeadLetterGoneError:
            raise gone() from None

    async def _perform(
        self,
        what: str,
        letter: Document,
        operator: Operator,
        work: Callable[[AsyncClientSession], Awaitable[bool]],
    ) -> bool:
        """The work and its audit entry in one transaction; False: there was nothing to do."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                async with transaction(self._db) as session:
                    if not await work(session):
                        return False
                    entry = self._audit_entry(what, letter, operator)
                    await self._db.letter_steps.insert_one(entry, session=session)
            except PyMongoError as error:
                if is_duplicate(error):  # the same request, at the same time
                    return True
                if attempt == MAX_ATTEMPTS or not is_passing(error):
                    raise
                await asyncio.sleep(BACKOFF.wait(attempt))
            else:
                return True
        raise AssertionError

    async def _ask(self, letter: Document, operator: Operator) -> bool:
        """False: the letter's key is no longer parked."""
        if await self._is_repeated(letter["_id"], operator):
            return True
        request = {"by": operator.by, "why": operator.why, "at": operator.at}

        async def ask(session: AsyncClientSession) -> bool:
            asked = await self._db.parked_keys.update_one(
                {"_id": marker_of(letter)}, {"$set": {"asked": request}}, session=session
            )
            return asked.matched_count > 0

        return await self._perform("asked", letter, operator, ask)

    async def _is_repeated(self, letter: UUID, operator: Operator) -> bool:
        """A repeated request has done its work already (X-12). Raises KeyReusedError."""
        step = await self._db.letter_steps.find_one({"_id": step_id(operator, letter)})
        if step is not None and step["body"] != operator.body:
            raise KeyReusedError
        return step is not None

    def _audit_entry(self, what: str, letter: Document, operator: Operator) -> Document:
        return {
            **audit_entry(what, letter, operator.by, operator.why, operator.at),
            "_id": step_id(operator, letter["_id"]),
            "role": operator.role,
            "body": operator.body,
        }

    async def _find(self, letter: UUID) -> Document:
        found = await self._db.dead_letters.find_one({"_id": letter})
        if found is None:
            raise gone()
        return found

    async def _asked(self, letters: Sequence[Document]) -> set[str]:
        """The markers of the letters' keys that an operator wants redriven."""
        markers = [marker_of(letter) for letter in letters]
        query = {"_id": {"$in": markers}, "asked": {"$ne": None}}
        return {marker["_id"] async for marker in self._db.parked_keys.find(query, {"_id": 1})}

    def _data(self, body: bytes) -> dict[str, Any] | None:
        """The event without personal data (X-28)."""
        try:
            data = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError):
            return None
        return hidden(data, self._personal) if isinstance(data, dict) else None


def marker_of(letter: Document) -> str:
    return marker_id(letter["consumer"], lane_of_letter(letter), letter["key"])


def step_id(operator: Operator, letter: UUID) -> UUID:
    return derived_id("letter-step", str(operator.step), str(letter))


def uuid_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise invalid_cursor() from None


def gone() -> NotFoundError:
    return NotFoundError(
        "Dieses geparkte Ereignis gibt es nicht (mehr).", code="dead-letter-unknown"
    )


def letter_in_list(found: Document, asked: set[str]) -> DeadLetter:
    copied = ("consumer", "log", "log_id", "part", "pos", "key", "dealer", "event", "name")
    return DeadLetter(
        id=found["_id"],
        **{name: found[name] for name in (*copied, "cause", "attempts", "error", "parked_at")},
        asked=marker_of(found) in asked,
    )


def hidden(data: Any, personal: frozenset[str]) -> Any:
    match data:
        case Mapping():
            return {
                name: HIDDEN if name in personal and value is not None else hidden(value, personal)
                for name, value in data.items()
            }
        case list():
            return [hidden(item, personal) for item in data]
        case _:
            return data


def personal_fields(types: EventTypes) -> Iterator[str]:
    """Names of the personal fields anywhere in these events."""
    for cls in types.by_name.values():
        yield from _personal_in(kinds.type_info(cls))


def _personal_in(kind: Any) -> Iterator[str]:
    for field in getattr(kind, "fields", ()):
        if _says_personal(field.type):
            yield field.encode_name
        yield from _personal_in(field.type)
    for part in _parts(kind):
        yield from _personal_in(part)


def _says_personal(kind: Any) -> bool:
    extra = getattr(kind, "extra", None) or {}
    return bool(extra.get("personal")) or any(map(_says_personal, _parts(kind)))


def _parts(kind: Any) -> Sequence[Any]:
    """The types of which a type is composed."""
    named = [getattr(kind, name, None) for name in ("type", "item_type", "value_type")]
    several = [*getattr(kind, "types", ()), *(getattr(kind, "item_types", ()) or ())]
    return [part for part in (*named, *several) if isinstance(part, kinds.Type)]
