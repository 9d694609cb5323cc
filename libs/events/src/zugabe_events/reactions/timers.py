"""Timers in MongoDB: alarms survive restarts, and any replica may ring them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING, UpdateOne

from zugabe_events.consumer.upsert_effect import UpsertEffect
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.timer import Cancel, Schedule, TimerRule
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import Database, create_missing
from zugabe_events.mongo.work_queue import WorkQueue
from zugabe_events.observability import tracing
from zugabe_events.observability.context import current_correlation

log = logging.getLogger(__name__)

CLAIM_TTL = timedelta(seconds=30)
POLL_INTERVAL_SECONDS = 1.0


def timer_effect(db: Database, rule: TimerRule, types: EventTypes) -> UpsertEffect:
    """Alarms are set and settled in the transaction of the position of the event that says so."""

    def set_or_settled(message: Message) -> UpdateOne | None:
        heard = message.heard(types)
        match heard and rule.due(heard):
            case Schedule(key, at):
                return UpdateOne(
                    {"_id": f"{rule.name}/{key}"},
                    {
                        "$setOnInsert": {
                            "rule": rule.name,
                            "key": key,
                            "at": at,
                            "open": True,
                            "claimed": at,
                            "cause": message.id,
                            "correlation": message.headers["ce_correlationid"].decode(),
                            "dealer": message.headers["ce_dealer"].decode(),
                            "traceparent": tracing.following(message, message.headers),
                        }
                    },
                    upsert=True,
                )
            case Cancel(key):
                return UpdateOne({"_id": f"{rule.name}/{key}"}, {"$set": {"open": False}})
        return None

    return UpsertEffect(db.timers, set_or_settled)


async def deploy_timers(db: Database) -> None:
    await create_missing(db, "timers")
    await db.timers.create_index(
        [("rule", ASCENDING), ("claimed", ASCENDING)], partialFilterExpression={"open": True}
    )


class TimerWorker:
    """Fires due alarms until stopped. A claim keeps replicas off each other's toes; what was
    claimed by a replica that died rings again."""

    def __init__(
        self,
        db: Database,
        rules: Sequence[TimerRule],
        store: EventStore,
        now: Callable[[], datetime],
    ) -> None:
        self._timers = db.timers
        self._queue = WorkQueue(db.timers, "claimed", CLAIM_TTL)
        self._rules = {rule.name: rule for rule in rules}
        self._store = store
        self._now = now

    async def run(self) -> None:
        while True:
            try:
                while await self.ring_one():
                    pass
            except Exception as error:
                log.warning("alarms: %s: %s", type(error).__name__, error)
            await asyncio.sleep(POLL_INTERVAL_SECONDS)

    async def ring_one(self) -> bool:
        """False: nothing is due."""
        now = self._now()
        alarm = await self._queue.claim(now, {"rule": {"$in": list(self._rules)}, "open": True})
        if alarm is None:
            return False
        rule = self._rules[alarm["rule"]]
        current_correlation.set(alarm["correlation"])
        context = Context(
            actor=rule.name,
            role="timer",
            tenant=alarm["dealer"],
            at=now,
            correlation=alarm["correlation"],
            causation=alarm["cause"],
            traceparent=alarm.get("traceparent"),
        )
        await rule.fire(self._store, alarm["key"], context)
        await self._timers.update_one({"_id": alarm["_id"]}, {"$set": {"open": False}})
        return True
