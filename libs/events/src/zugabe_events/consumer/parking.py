"""An effect that parks what its code cannot handle, with all later events of the same key.

Letters are written in the transaction of the position that passes over them. A key's order is
kept: what comes after a parked event is parked behind it, until nothing of the key is left.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.consumer.checkpoints import FencedError
from zugabe_events.consumer.dead_letters import (
    NEVER,
    Why,
    lane_fields,
    letter_id,
    letter_of,
    marker_id,
    step_of,
)
from zugabe_events.consumer.poison_messages import RetryTracker
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, Document

log = logging.getLogger(__name__)


class Effect(Protocol):
    """What messages set in motion. It is prepared and written as often as it takes."""

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        """Read and decide; `again` after a conflict, when nothing remembered may be trusted.

        None: these messages have no effect.
        """
        ...

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        """Write within the transaction. Raises ConflictError where the driver knows of none."""
        ...

    def done(self, prepared: object) -> None:
        """The transaction is committed."""
        ...


@dataclass(frozen=True, slots=True)
class WithLetters:
    """What a batch sets in motion, and those of its messages that are parked."""

    prepared: object | None
    held: list[Message]


class DeadLetterEffect:
    """The dead letters of one consumer, around its effect."""

    def __init__(
        self,
        db: Database,
        consumer: str,
        effect: Effect,
        now: Callable[[], datetime],
        *,
        careful: bool = False,
    ) -> None:
        self.suspicion = RetryTracker(db, consumer, now, careful=careful)
        self.effect = effect
        self._db = db
        self._consumer = consumer
        self._now = now
        self._first: dict[Lane, dict[str, int]] = {}
        self._why: dict[tuple[Lane, int], Why] = {}

    async def stand(self, lane: Lane, pos: int) -> None:
        """Learn what is parked and what is suspected in a lane."""
        markers = self._db.parked_keys.find(lane_fields(self._consumer, lane))
        parked = {marker["key"]: marker["first"] async for marker in markers}
        if parked:
            self._first[lane] = parked
        else:
            self._first.pop(lane, None)
        self._why = {place: why for place, why in self._why.items() if place[0] != lane}
        await self.suspicion.stand(lane, pos)

    async def before(self, messages: Sequence[Message]) -> None:
        """What was tried often enough is parked by the next `prepare` and `write`."""
        why = await self.suspicion.before(messages)
        if why is not None:
            [message] = messages
            self._first.setdefault(message.lane, {}).setdefault(message.key, message.pos)
            self._why[message.lane, message.pos] = why

    def _is_parked(self, message: Message) -> bool:
        """What lies before a key's first letter was handled before; it came again."""
        keys = self._first.get(message.lane)
        first = keys.get(message.key) if keys else None
        return first is not None and message.pos >= first

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        if not self._first:
            return await self.effect.prepare(messages, again=again)
        held: list[Message] = []
        others: list[Message] = []
        for message in messages:
            (held if self._is_parked(message) else others).append(message)
        if not held:
            return await self.effect.prepare(messages, again=again)
        prepared = await self.effect.prepare(others, again=again) if others else None
        return WithLetters(prepared, held)

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        if isinstance(prepared, WithLetters):
            await self._park(prepared.held, session)
            prepared = prepared.prepared
        if prepared is not None:
            await self.effect.write(prepared, session)

    async def _park(self, messages: Sequence[Message], session: AsyncClientSession) -> None:
        """Raises FencedError if a key has been freed meanwhile."""
        now = self._now()
        letters, steps, letters_of_keys = [], [], dict[str, list[Message]]()
        for message in messages:
            why = self._why.get((message.lane, message.pos), Why())
            letter = letter_of(self._consumer, message, why, now)
            letter["_id"] = letter_id(self._consumer, message)
            steps.append(step_of("parked", letter, self._consumer, why.error, now))
            named = {"_id": letter.pop("_id")}
            letters.append(UpdateOne(named, {"$setOnInsert": letter}, upsert=True))
            marker = marker_id(self._consumer, message.lane, message.key)
            letters_of_keys.setdefault(marker, []).append(message)
        for marker, some in letters_of_keys.items():
            await self._mark(marker, some, now, session)
        await self._db.dead_letters.bulk_write(letters, session=session)
        await self._db.letter_steps.insert_many(steps, session=session)

    async def _mark(
        self, marker: str, messages: Sequence[Message], now: datetime, session: AsyncClientSession
    ) -> None:
        first = messages[0]
        begins = (first.lane, first.pos) in self._why
        birth: Document = {
            **lane_fields(self._consumer, first.lane),
            "key": first.key,
            "first": first.pos,
            "since": now,
            "asked": None,
            "claimed": NEVER,
        }
        written = await self._db.parked_keys.update_one(
            {"_id": marker},
            {"$inc": {"letters": len(messages)}, **({"$setOnInsert": birth} if begins else {})},
            upsert=begins,
            session=session,
        )
        if not written.matched_count and not begins:
            raise FencedError(marker)

    def done(self, prepared: object) -> None:
        if isinstance(prepared, WithLetters):
            for message in prepared.held:
                why = self._why.pop((message.lane, message.pos), None)
                if why is not None:
                    log.error(
                        "%s: %s: position %d (%s) is parked after %d attempts, with what follows "
                        "of its key: %s; see dead-letters",
                        self._consumer, message.lane, message.pos, message.name, why.attempts,
                        why.error,
                    )  # fmt: skip
            prepared = prepared.prepared
        if prepared is not None:
            self.effect.done(prepared)
