"""Timers in MongoDB: they survive restarts, and any replica may fire them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from pymongo import ASCENDING, UpdateOne

from zugabe_events.consumer.effect import UpsertEffect
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.timer import Cancel, Schedule, TimerRule
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import Database, Document, create_missing
from zugabe_events.mongo.work_queue import WorkQueue
from zugabe_events.mongo.work_watch import Work
from zugabe_events.observability import tracing
from zugabe_events.observability.context import current_correlation

CLAIM_TTL = timedelta(seconds=30)


def timer_effect(db: Database, rule: TimerRule, types: EventTypes) -> UpsertEffect:
    """Schedule and cancel timers in the transaction of the event's checkpoint."""

    def write_of(message: Message) -> UpdateOne | None:
        received = message.received(types)
        match received and rule.due(received):
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
                            "traceparent": tracing.traceparent_for(message, message.headers),
                        }
                    },
                    upsert=True,
                )
            case Cancel(key):
                return UpdateOne({"_id": f"{rule.name}/{key}"}, {"$set": {"open": False}})
        return None

    return UpsertEffect(db.timers, write_of)


async def deploy_timers(db: Database) -> None:
    await create_missing(db, "timers")
    await db.timers.create_index(
        [("rule", ASCENDING), ("claimed", ASCENDING)], partialFilterExpression={"open": True}
    )


class TimerWorker:
    """Fires due timers. A claim keeps other replicas off a timer; one that a
    replica had claimed when it died fires again."""

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
        self._open: Document = {"rule": {"$in": list(self._rules)}, "open": True}
        self._store = store
        self._now = now

    @property
    def work(self) -> Work:
        return Work("timers", "timers", lambda: self._queue.due(self._now(), self._open), self.fire)

    async def fire(self) -> None:
        """Until nothing is due."""
        while await self.fire_one():
            pass

    async def fire_one(self) -> bool:
        """False: nothing is due."""
        now = self._now()
        timer = await self._queue.claim(now, self._open)
        if timer is None:
            return False
        rule = self._rules[timer["rule"]]
        current_correlation.set(timer["correlation"])
        context = Context(
            actor=rule.name,
            role="timer",
            tenant=timer["dealer"],
            at=now,
            correlation=timer["correlation"],
            causation=timer["cause"],
            traceparent=timer.get("traceparent"),
        )
        await rule.fire(self._store, timer["key"], context)
        await self._timers.update_one({"_id": timer["_id"]}, {"$set": {"open": False}})
        return True
