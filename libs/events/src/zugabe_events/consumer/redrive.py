"""Redriving: parked events are handled again when an operator asks for it.

The letters of a key are handled in order, each together with its removal in one transaction, until
none is left or one fails again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from zugabe_events.consumer.dead_letters import (
    NEVER,
    DeadLetterGoneError,
    Reason,
    audit_entry,
    failure,
    first_letter,
    lane_of_letter,
    message_of_letter,
    remove_letter,
)
from zugabe_events.consumer.effect import AnyEffect, ConflictError
from zugabe_events.consumer.transient_errors import is_transient
from zugabe_events.domain.backoff import Backoff
from zugabe_events.mongo.client import Database, Document
from zugabe_events.mongo.transaction import transaction
from zugabe_events.mongo.work_queue import WorkQueue
from zugabe_events.mongo.work_watch import Work

log = logging.getLogger(__name__)

BACKOFF = Backoff(0.04, 5.0)
CLAIM_TTL = timedelta(seconds=30)


class RedriveWorker:
    """Redrives the letters of one consumer. A claim keeps other replicas off a key; what keeps the
    order is that each letter must be its key's first when it is removed."""

    def __init__(
        self, db: Database, source: Callable[[], tuple[str, AnyEffect]], now: Callable[[], datetime]
    ) -> None:
        """`source` returns the name under which the consumer's checkpoints are stored now, and its
        effect."""
        self._db = db
        self._queue = WorkQueue(db.parked_keys, "claimed", CLAIM_TTL)
        self._source = source
        self._now = now

    async def redrive_one_key(self) -> bool:
        """False: no key is due."""
        consumer, effect = self._source()
        now = self._now()
        marker = await self._queue.claim(now, {"consumer": consumer, "asked": {"$ne": None}})
        if marker is None:
            return False
        if "handling" in marker:
            letter = await self._db.dead_letters.find_one({"_id": marker["handling"]})
            if letter is not None:
                reason = Reason("crash", 1, "the process ended while this event was redriven")
                await self._give_up(marker, letter, reason)
                return True
        try:
            await self._redrive(marker, effect)
        except asyncio.CancelledError:
            await self._db.parked_keys.update_one({"_id": marker["_id"]}, RELEASED)
            raise
        return True

    async def _redrive(self, marker: Document, effect: AnyEffect) -> None:
        attempt = 0
        while letter := await self._next_of(marker):
            try:
                if not await self._redrive_one(marker, letter, effect):
                    return
                attempt = 0
            except DeadLetterGoneError:
                await self._db.parked_keys.update_one({"_id": marker["_id"]}, RELEASED)
                return
            except Exception as error:
                attempt += 1
                if not (is_transient(error) or isinstance(error, ConflictError)):
                    return await self._give_up(marker, letter, failure(error, 1))
                log.warning(
                    "redriving: attempt %d failed, retrying: %s: %s",
                    attempt, type(error).__name__, error,
                )  # fmt: skip
                await asyncio.sleep(BACKOFF.wait(attempt))

    async def _next_of(self, marker: Document) -> Document | None:
        """The first letter of a key, recorded as being handled: if the attempt kills the process,
        it was the last one."""
        letter = await first_letter(self._db, marker)
        if letter is None:
            return None
        claimed = await self._db.parked_keys.update_one(
            {"_id": marker["_id"], "asked": {"$ne": None}, "first": letter["pos"]},
            {"$set": {"handling": letter["_id"], "claimed": self._now() + CLAIM_TTL}},
        )
        return letter if claimed.matched_count else None

    async def _redrive_one(self, marker: Document, letter: Document, effect: AnyEffect) -> bool:
        """False: that was the key's last letter."""
        prepared = await effect.prepare([message_of_letter(letter)], again=True)
        asked = marker["asked"]
        entry = audit_entry("redriven", letter, asked["by"], asked["why"], self._now())
        async with transaction(self._db) as session:
            first = await self._db.parked_keys.update_one(
                {"_id": marker["_id"], "first": letter["pos"]},
                {"$set": {"redriven_at": self._now()}},
                session=session,
            )
            if not first.matched_count:
                raise DeadLetterGoneError(str(letter["_id"]))
            more = await remove_letter(self._db, letter, session)
            await self._db.letter_steps.insert_one(entry, session=session)
            if prepared is not None:
                await effect.write(prepared, session)
        if prepared is not None:
            effect.done(prepared)
        log.info(
            "%s: %s: position %d (%s) was redriven",
            letter["consumer"], lane_of_letter(letter), letter["pos"], letter["name"],
        )  # fmt: skip
        return more

    async def _give_up(self, marker: Document, letter: Document, reason: Reason) -> None:
        """The key waits until an operator asks again."""
        log.error(
            "%s: %s: position %d (%s) failed again and stays parked: %s",
            letter["consumer"], lane_of_letter(letter), letter["pos"], letter["name"], reason.error,
        )  # fmt: skip
        failed = {"cause": reason.cause, "error": reason.error, "trace": reason.trace}
        entry = audit_entry("failed", letter, marker["asked"]["by"], reason.error, self._now())
        async with transaction(self._db) as session:
            await self._db.dead_letters.update_one(
                {"_id": letter["_id"]}, {"$set": failed, "$inc": {"attempts": 1}}, session=session
            )
            await self._db.parked_keys.update_one(
                {"_id": marker["_id"]},
                {"$set": {"asked": None, "claimed": NEVER}, "$unset": {"handling": 1}},
                session=session,
            )
            await self._db.letter_steps.insert_one(entry, session=session)


RELEASED = {"$set": {"claimed": NEVER}, "$unset": {"handling": 1}}
"""Fields that release a key to any worker immediately."""


def redriving(workers: Sequence[RedriveWorker], now: Callable[[], datetime]) -> Work:
    """Redrive for all consumers of a process."""

    async def redrive() -> None:
        while any([await worker.redrive_one_key() for worker in workers]):
            pass

    def due() -> Document:
        return {"asked": {"$ne": None}, "claimed": {"$lte": now()}}

    return Work("redriving", "parked_keys", due, redrive)
