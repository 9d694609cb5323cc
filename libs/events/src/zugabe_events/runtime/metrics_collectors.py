"""Gauges that a service reads from its database when it is scraped: lag, backlogs, dead letters."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bson.timestamp import Timestamp
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from zugabe_events.consumer.checkpoints import position_id
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import Database
from zugabe_events.observability import metrics
from zugabe_events.projections.read_your_writes import Heads

log = logging.getLogger(__name__)

COLLECTOR_TIMEOUT_SECONDS = 2.0
"""A collector that takes longer is left out of the answer."""

HEAD_TIMEOUT_SECONDS = 1.0

type Collector = Callable[[], Awaitable[Sequence[Metric]]]

LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001


class Collectors:
    """All metrics for Prometheus: counters of the process, and gauges of the collectors."""

    def __init__(self, collectors: Iterable[Collector] = ()) -> None:
        self._collectors = tuple(collectors)

    async def text(self) -> bytes:
        families = await asyncio.gather(*map(collect, self._collectors))
        return generate_latest(metrics.REGISTRY) + generate_latest(Families(families))


@dataclass(frozen=True, slots=True)
class Families:
    """A registry for `generate_latest`."""

    families: Sequence[Sequence[Metric]]

    def collect(self) -> Iterable[Metric]:
        return (family for some in self.families for family in some)


async def collect(collector: Collector) -> Sequence[Metric]:
    try:
        async with asyncio.timeout(COLLECTOR_TIMEOUT_SECONDS):
            return await collector()
    except Exception as error:
        log.warning("metrics cannot be collected: %s: %s", type(error).__name__, error)
        return ()


def gauge(name: str, help_text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"zugabe_{name}", help_text, labels=labels)


class Lag:
    """Events between the head of each log and the position of each consumer of this service.

    Uses the last known head of a log whose owner does not answer.
    """

    def __init__(
        self,
        db: Database,
        subscriptions: Sequence[tuple[Consumer, Sequence[str]]],
        heads: Callable[[str], Awaitable[Heads]],
    ) -> None:
        self._db = db
        self._subscriptions = subscriptions
        self._ask = heads
        self._heads: dict[str, Heads] = {}

    async def __call__(self) -> Sequence[Metric]:
        await asyncio.gather(
            *map(self._look, {log for _, logs in self._subscriptions for log in logs})
        )
        lanes = [
            (consumer, Lane(name, heads.log_id, part), last)
            for consumer, names in self._subscriptions
            for name in names
            if (heads := self._heads.get(name))
            for part, last in heads.last.items()
        ]
        ids = [position_id(consumer.checkpoints.consumer, lane) for consumer, lane, _ in lanes]
        found = self._db.positions.find({"_id": {"$in": ids}}, {"pos": 1})
        written = {document["_id"]: document["pos"] async for document in found}
        lag = gauge(
            "consumer_lag_events",
            "Events by which a consumer is behind the log.",
            "consumer",
            "log",
            "part",
        )
        for id_, (consumer, lane, last) in zip(ids, lanes, strict=True):
            position = max(written.get(id_, 0), consumer.position(lane) or 0)
            lag.add_metric([consumer.name, lane.log, str(lane.part)], max(0, last - position))
        holes = gauge("consumer_holes", "Parts in which a consumer waits for events.", "consumer")
        for consumer, _ in self._subscriptions:
            holes.add_metric([consumer.name], len(consumer.gaps))
        return [lag, holes]

    async def _look(self, name: str) -> None:
        try:
            async with asyncio.timeout(HEAD_TIMEOUT_SECONDS):
                self._heads[name] = await self._ask(name)
        except Exception as error:
            log.warning("the head of %s is unknown: %s", name, type(error).__name__)


def own_log(db: Database, parts: int, now: Callable[[], datetime]) -> Collector:
    """The sequencer's backlog, measured here because a stopped sequencer reports nothing."""

    async def look() -> Sequence[Metric]:
        lease = await db.sequencers.find_one({"_id": "lease"}) or {}
        through = lease.get("through") or Timestamp(0, 0)
        oldest = await db.commits.find_one(
            {"part": {"$in": list(range(parts))}, "at": {"$gt": through}},
            {"at": 1},
            sort=[("at", 1)],
        )
        age = gauge("oldest_unsequenced_seconds", "Age of the oldest commit without a position.")
        seconds = now().timestamp() - oldest["at"].time if oldest else 0.0
        age.add_metric([], max(0.0, seconds))
        waiting = gauge("unacknowledged_events", "Events with a position that Kafka lacks.")
        last, acked = lease.get("last", {}), lease.get("acked", {})
        waiting.add_metric([], sum(pos - acked.get(part, 0) for part, pos in last.items()))
        return [age, waiting]

    return look


def timers(db: Database, rules: Sequence[str], now: Callable[[], datetime]) -> Collector:
    """Open timers by rule."""

    async def look() -> Sequence[Metric]:
        open_ = gauge("alarms_open", "Timers scheduled and neither fired nor cancelled.", "rule")
        delay = gauge("alarm_delay_seconds", "Delay of the oldest timer that is due.", "rule")
        for rule in rules:
            wanted = {"rule": rule, "open": True}
            open_.add_metric([rule], await db.timers.count_documents(wanted))
            first = await db.timers.find_one(wanted, {"at": 1}, sort=[("claimed", 1)])
            late = (now() - first["at"]).total_seconds() if first else 0.0
            delay.add_metric([rule], max(0.0, late))
        return [open_, delay]

    return look


def outbox(db: Database, now: Callable[[], datetime]) -> Collector:
    async def look() -> Sequence[Metric]:
        wanted = {"waiting": True, "next": {"$gt": LONG_AGO}}
        waiting = gauge("outbox_waiting", "Mails waiting to be sent.")
        waiting.add_metric([], await db.outbox.count_documents(wanted))
        first = await db.outbox.find_one(wanted, {"created": 1}, sort=[("next", 1)])
        age = gauge("outbox_wait_seconds", "Age of the next mail to be sent.")
        age.add_metric([], (now() - first["created"]).total_seconds() if first else 0.0)
        return [waiting, age]

    return look


def dead_letters(db: Database, now: Callable[[], datetime]) -> Collector:
    async def look() -> Sequence[Metric]:
        parked = gauge("dead_letters", "Dead letters, which wait for an operator.", "consumer")
        age = gauge("dead_letter_seconds", "Age of the oldest dead letter.", "consumer")
        grouped = {"_id": "$consumer", "n": {"$sum": 1}, "first": {"$min": "$parked_at"}}
        async for found in await db.dead_letters.aggregate([{"$group": grouped}]):
            parked.add_metric([found["_id"]], found["n"])
            age.add_metric([found["_id"]], (now() - found["first"]).total_seconds())
        return [parked, age]

    return look
