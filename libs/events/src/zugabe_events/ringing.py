"""Timers in MongoDB: alarms survive restarts, and any replica may ring them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING, ReturnDocument, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from zugabe_events.consuming import ConflictError
from zugabe_events.envelope import Context, EventTypes
from zugabe_events.messages import Message
from zugabe_events.mongo import Database, Document
from zugabe_events.store import EventStore
from zugabe_events.timers import Due, Settled, TimerRule

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=30)
LOOK_SECONDS = 1.0


class TimerEffect:
    """Alarms are set and settled in the transaction of the position of the event that says so."""

    def __init__(self, db: Database, rule: TimerRule, types: EventTypes) -> None:
        self._timers = db.timers
        self._rule = rule
        self._types = types

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        writes: list[UpdateOne] = []
        for message in messages:
            heard = message.heard(self._types)
            match heard and self._rule.due(heard):
                case Due(key, at):
                    writes.append(
                        UpdateOne(
                            {"_id": f"{self._rule.name}/{key}"},
                            {
                                "$setOnInsert": {
                                    "rule": self._rule.name,
                                    "key": key,
                                    "at": at,
                                    "open": True,
                                    "claimed": at,
                                    "cause": message.id,
                                    "correlation": message.headers["ce_correlationid"].decode(),
                                    "dealer": message.headers["ce_dealer"].decode(),
                                }
                            },
                            upsert=True,
                        )
                    )
                case Settled(key):
                    writes.append(
                        UpdateOne({"_id": f"{self._rule.name}/{key}"}, {"$set": {"open": False}})
                    )
        return writes or None

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        assert isinstance(prepared, list)
        try:
            await self._timers.bulk_write(prepared, session=session)
        except PyMongoError as error:
            if error.has_error_label("TransientTransactionError"):
                raise ConflictError(self._rule.name) from error
            raise

    def done(self, prepared: object) -> None:
        pass


async def deploy_timers(db: Database) -> None:
    if "timers" not in await db.list_collection_names():
        await db.create_collection("timers")
    await db.timers.create_index(
        [("rule", ASCENDING), ("claimed", ASCENDING)], partialFilterExpression={"open": True}
    )


class Ringing:
    """Fires due alarms of one rule until stopped. A claim keeps replicas off each other's toes;
    what was claimed by a replica that died rings again."""

    def __init__(
        self, db: Database, rule: TimerRule, store: EventStore, now: Callable[[], datetime]
    ) -> None:
        self._timers = db.timers
        self._rule = rule
        self._store = store
        self._now = now

    async def run(self) -> None:
        while True:
            try:
                while await self.ring_one():
                    pass
            except Exception as error:
                log.warning("%s: %s: %s", self._rule.name, type(error).__name__, error)
            await asyncio.sleep(LOOK_SECONDS)

    async def ring_one(self) -> bool:
        """False: nothing is due."""
        now = self._now()
        alarm: Document | None = await self._timers.find_one_and_update(
            {"rule": self._rule.name, "open": True, "claimed": {"$lte": now}},
            {"$set": {"claimed": now + CLAIM}},
            sort=[("claimed", ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        if alarm is None:
            return False
        context = Context(
            actor=self._rule.name,
            role="timer",
            dealer=alarm["dealer"],
            at=now,
            correlation=alarm["correlation"],
            causation=alarm["cause"],
        )
        await self._rule.fire(self._store, alarm["key"], context)
        await self._timers.update_one({"_id": alarm["_id"]}, {"$set": {"open": False}})
        return True
