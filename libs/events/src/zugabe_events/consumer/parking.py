"""A decorator that parks what an effect cannot handle, with all later events of the same key.

Dead letters are written in the transaction of the checkpoint that passes over them. The order of a
key is kept: what comes after a parked event is parked behind it, until nothing of the key is left.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.consumer.checkpoints import FencedError, lane_fields
from zugabe_events.consumer.dead_letters import (
    NEVER,
    Reason,
    audit_entry,
    letter_id,
    letter_of,
    marker_id,
)
from zugabe_events.consumer.effect import Effect
from zugabe_events.consumer.joint_read import Reading, Wanted
from zugabe_events.consumer.poison_messages import RetryTracker
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database, Document

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WithDeadLetters[Prepared]:
    """The prepared effect of a batch, and those of its messages that are parked."""

    prepared: Prepared | None
    parked: list[Message]


class DeadLetterEffect[Prepared]:
    """The dead letters of one consumer, around its effect."""

    def __init__(
        self,
        db: Database,
        consumer: str,
        effect: Effect[Prepared],
        now: Callable[[], datetime],
        *,
        careful: bool = False,
    ) -> None:
        self.retries = RetryTracker(db, consumer, now, careful=careful)
        self.effect = effect
        self._reading = effect if isinstance(effect, Reading) else None
        self._db = db
        self._consumer = consumer
        self._now = now
        self._first: dict[Lane, dict[str, int]] = {}
        self._reasons: dict[tuple[Lane, int], Reason] = {}

    async def load(self, positions: Mapping[Lane, int]) -> None:
        """Read which keys of lanes are parked, and their retries behind positions."""
        for lane in positions:
            self._first.pop(lane, None)
        async for marker in self._db.parked_keys.find({"consumer": self._consumer}):
            lane = Lane(marker["log"], marker["log_id"], marker["part"])
            if lane in positions:
                self._first.setdefault(lane, {})[marker["key"]] = marker["first"]
        self._reasons = {at: why for at, why in self._reasons.items() if at[0] not in positions}
        await self.retries.load(positions)

    async def begin(self, messages: Sequence[Message]) -> None:
        """Record the attempt. A message that has used up its attempts is parked by the next
        `prepare` and `write`."""
        reason = await self.retries.record_attempt(messages)
        if reason is not None:
            [message] = messages
            self._first.setdefault(message.lane, {}).setdefault(message.key, message.pos)
            self._reasons[message.lane, message.pos] = reason

    def _is_parked(self, message: Message) -> bool:
        """Messages before a key's first letter were handled before, and have come again."""
        keys = self._first.get(message.lane)
        first = keys.get(message.key) if keys else None
        return first is not None and message.pos >= first

    async def prepare(
        self, messages: Sequence[Message], *, again: bool
    ) -> WithDeadLetters[Prepared] | None:
        parked: list[Message] = []
        if self._first:
            others: list[Message] = []
            for message in messages:
                (parked if self._is_parked(message) else others).append(message)
            messages = others
        prepared = await self.effect.prepare(messages, again=again) if messages else None
        return None if prepared is None and not parked else WithDeadLetters(prepared, parked)

    def wanted(self, batch: WithDeadLetters[Prepared]) -> Wanted | None:
        if self._reading is None or batch.prepared is None:
            return None
        return self._reading.wanted(batch.prepared)

    async def write(self, batch: WithDeadLetters[Prepared], session: AsyncClientSession) -> None:
        if batch.parked:
            await self._park(batch.parked, session)
        if batch.prepared is not None:
            await self.effect.write(batch.prepared, session)

    async def _park(self, messages: Sequence[Message], session: AsyncClientSession) -> None:
        """Raises FencedError if a key has been freed meanwhile."""
        now = self._now()
        letters, entries, by_marker = [], [], dict[str, list[Message]]()
        for message in messages:
            reason = self._reasons.get((message.lane, message.pos), Reason())
            letter = letter_of(self._consumer, message, reason, now)
            letter["_id"] = letter_id(self._consumer, message)
            entries.append(audit_entry("parked", letter, self._consumer, reason.error, now))
            named = {"_id": letter.pop("_id")}
            letters.append(UpdateOne(named, {"$setOnInsert": letter}, upsert=True))
            marker = marker_id(self._consumer, message.lane, message.key)
            by_marker.setdefault(marker, []).append(message)
        for marker, of_key in by_marker.items():
            await self._mark(marker, of_key, now, session)
        await self._db.dead_letters.bulk_write(letters, session=session)
        await self._db.letter_steps.insert_many(entries, session=session)

    async def _mark(
        self, marker: str, messages: Sequence[Message], now: datetime, session: AsyncClientSession
    ) -> None:
        first = messages[0]
        begins = (first.lane, first.pos) in self._reasons
        created: Document = {
            **lane_fields(self._consumer, first.lane),
            "key": first.key,
            "first": first.pos,
            "since": now,
            "asked": None,
            "claimed": NEVER,
        }
        written = await self._db.parked_keys.update_one(
            {"_id": marker},
            {"$inc": {"letters": len(messages)}, **({"$setOnInsert": created} if begins else {})},
            upsert=begins,
            session=session,
        )
        if not written.matched_count and not begins:
            raise FencedError(marker)

    def done(self, batch: WithDeadLetters[Prepared]) -> None:
        for message in batch.parked:
            reason = self._reasons.pop((message.lane, message.pos), None)
            if reason is not None:
                log.error(
                    "%s: %s: position %d (%s) is parked after %d attempts, with later events of "
                    "its key: %s; see dead-letters",
                    self._consumer, message.lane, message.pos, message.name, reason.attempts,
                    reason.error,
                )  # fmt: skip
        if batch.prepared is not None:
            self.effect.done(batch.prepared)
