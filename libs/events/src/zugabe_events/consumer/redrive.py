"""Parked events are handled again when somebody asks for it: a key's letters in their order, each
together with its removal in one transaction, until none is left or one fails again."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING

from zugabe_events.consumer.consumer import ConflictError
from zugabe_events.consumer.dead_letters import (
    NEVER,
    DeadLetterGoneError,
    Why,
    failure,
    lane_of_letter,
    message_of_letter,
    step_of,
    take_away,
)
from zugabe_events.consumer.parking import Effect
from zugabe_events.consumer.transient_errors import is_transient
from zugabe_events.domain.backoff import Backoff
from zugabe_events.mongo.client import Database, Document
from zugabe_events.mongo.transaction import transaction
from zugabe_events.mongo.work_queue import WorkQueue

log = logging.getLogger(__name__)

BACKOFF = Backoff(0.04, 5.0)
CLAIM_TTL = timedelta(seconds=30)
POLL_INTERVAL_SECONDS = 2.0


class RedriveWorker:
    """One consumer's redriving, until stopped. Replicas keep off each other's toes by a claim on
    the key; what keeps the order is that each letter must be its key's first when it is removed.
    """

    def __init__(
        self, db: Database, source: Callable[[], tuple[str, Effect]], now: Callable[[], datetime]
    ) -> None:
        """`source` tells the consumer as its positions have it, and its effect, at present."""
        self._db = db
        self._queue = WorkQueue(db.parked_keys, "claimed", CLAIM_TTL)
        self._source = source
        self._now = now

    async def run(self) -> None:
        await run_redrive_worker(self._db, [self])

    async def redrive_one_key(self) -> bool:
        """False: nobody has asked for any that is free."""
        consumer, effect = self._source()
        now = self._now()
        marker = await self._queue.claim(now, {"consumer": consumer, "asked": {"$ne": None}})
        if marker is None:
            return False
        if "handling" in marker:
            letter = await self._db.dead_letters.find_one({"_id": marker["handling"]})
            if letter is not None:
                why = Why("crash", 1, "the process ended while this event was redriven")
                await self._give_up(marker, letter, why)
                return True
        try:
            await self._redrive(marker, effect)
        except asyncio.CancelledError:
            await self._db.parked_keys.update_one({"_id": marker["_id"]}, HANDED_BACK)
            raise
        return True

    async def _redrive(self, marker: Document, effect: Effect) -> None:
        tried = 0
        while letter := await self._next_of(marker):
            try:
                if not await self._redrive_one(marker, letter, effect):
                    return
                tried = 0
            except DeadLetterGoneError:
                await self._db.parked_keys.update_one({"_id": marker["_id"]}, HANDED_BACK)
                return
            except Exception as error:
                tried += 1
                if not (is_transient(error) or isinstance(error, ConflictError)):
                    return await self._give_up(marker, letter, failure(error, 1))
                log.warning("redriving: try %d: %s: %s", tried, type(error).__name__, error)
                await asyncio.sleep(BACKOFF.wait(tried))

    async def _next_of(self, marker: Document) -> Document | None:
        """The first letter of a key, noted as in hand: an attempt that ends the process is the
        last one."""
        lane = {name: marker[name] for name in ("consumer", "log", "log_id", "part", "key")}
        letter = await self._db.dead_letters.find_one(lane, sort=[("pos", ASCENDING)])
        if letter is None:
            return None
        held = await self._db.parked_keys.update_one(
            {"_id": marker["_id"], "asked": {"$ne": None}, "first": letter["pos"]},
            {"$set": {"handling": letter["_id"], "claimed": self._now() + CLAIM_TTL}},
        )
        return letter if held.matched_count else None

    async def _redrive_one(self, marker: Document, letter: Document, effect: Effect) -> bool:
        """False: it was the last one of its key."""
        prepared = await effect.prepare([message_of_letter(letter)], again=True)
        asked = marker["asked"]
        step = step_of("redriven", letter, asked["by"], asked["why"], self._now())
        async with transaction(self._db) as session:
            first = await self._db.parked_keys.update_one(
                {"_id": marker["_id"], "first": letter["pos"]},
                {"$set": {"redriven_at": self._now()}},
                session=session,
            )
            if not first.matched_count:
                raise DeadLetterGoneError(str(letter["_id"]))
            more = await take_away(self._db, letter, session)
            await self._db.letter_steps.insert_one(step, session=session)
            if prepared is not None:
                await effect.write(prepared, session)
        if prepared is not None:
            effect.done(prepared)
        log.info(
            "%s: %s: position %d (%s) is redriven",
            letter["consumer"], lane_of_letter(letter), letter["pos"], letter["name"],
        )  # fmt: skip
        return more

    async def _give_up(self, marker: Document, letter: Document, why: Why) -> None:
        """The key waits again for somebody to ask."""
        log.error(
            "%s: %s: position %d (%s) failed again: %s",
            letter["consumer"], lane_of_letter(letter), letter["pos"], letter["name"], why.error,
        )  # fmt: skip
        said = {"cause": why.cause, "error": why.error, "trace": why.trace}
        step = step_of("failed", letter, marker["asked"]["by"], why.error, self._now())
        async with transaction(self._db) as session:
            await self._db.dead_letters.update_one(
                {"_id": letter["_id"]}, {"$set": said, "$inc": {"attempts": 1}}, session=session
            )
            await self._db.parked_keys.update_one(
                {"_id": marker["_id"]},
                {"$set": {"asked": None, "claimed": NEVER}, "$unset": {"handling": 1}},
                session=session,
            )
            await self._db.letter_steps.insert_one(step, session=session)


HANDED_BACK = {"$set": {"claimed": NEVER}, "$unset": {"handling": 1}}
"""Whoever comes next may go on at once."""


async def run_redrive_worker(db: Database, all_of_them: Sequence[RedriveWorker]) -> None:
    """One look for all consumers of a process, until stopped."""
    while True:
        try:
            while await db.parked_keys.find_one({"asked": {"$ne": None}}, {"_id": 1}):
                if not any([await one.redrive_one_key() for one in all_of_them]):
                    break
        except Exception as error:
            log.warning("redriving: %s: %s", type(error).__name__, error)
        await asyncio.sleep(POLL_INTERVAL_SECONDS)
