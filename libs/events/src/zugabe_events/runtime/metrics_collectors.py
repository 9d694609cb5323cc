"""What a service looks up when somebody watches: how far it is behind, and what waits."""

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

SOURCE_SECONDS = 2.0
"""How long one source may take; without it the others are shown all the same."""

HEAD_SECONDS = 1.0

type Source = Callable[[], Awaitable[Sequence[Metric]]]

LONG_AGO = datetime(1970, 1, 1)  # noqa: DTZ001


class Watched:
    """The text that Prometheus reads: counters of the process, and gauges from their sources."""

    def __init__(self, sources: Iterable[Source] = ()) -> None:
        self._sources = tuple(sources)

    async def text(self) -> bytes:
        found = await asyncio.gather(*map(asked, self._sources))
        return generate_latest(metrics.REGISTRY) + generate_latest(Found(found))


@dataclass(frozen=True, slots=True)
class Found:
    """As `generate_latest` reads a registry."""

    families: Sequence[Sequence[Metric]]

    def collect(self) -> Iterable[Metric]:
        return (family for some in self.families for family in some)


async def asked(source: Source) -> Sequence[Metric]:
    try:
        async with asyncio.timeout(SOURCE_SECONDS):
            return await source()
    except Exception as error:
        log.warning("what is watched cannot be looked up: %s: %s", type(error).__name__, error)
        return ()


def gauge(name: str, says: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"zugabe_{name}", says, labels=labels)


class Lag:
    """Events between the head of a log and each consumer's position, whoever consumes it.

    A log whose owner does not answer is shown as it was last known.
    """

    def __init__(
        self,
        db: Database,
        hears: Sequence[tuple[Consumer, Sequence[str]]],
        heads: Callable[[str], Awaitable[Heads]],
    ) -> None:
        self._db = db
        self._hears = hears
        self._ask = heads
        self._heads: dict[str, Heads] = {}

    async def __call__(self) -> Sequence[Metric]:
        await asyncio.gather(*map(self._look, {log for _, logs in self._hears for log in logs}))
        lanes = [
            (consuming, Lane(name, heads.log_id, part), last)
            for consuming, names in self._hears
            for name in names
            if (heads := self._heads.get(name))
            for part, last in heads.last.items()
        ]
        ids = [position_id(one.checkpoints.consumer, lane) for one, lane, _ in lanes]
        found = self._db.positions.find({"_id": {"$in": ids}}, {"pos": 1})
        written = {document["_id"]: document["pos"] async for document in found}
        lag = gauge(
            "consumer_lag_events", "Events a consumer is behind.", "consumer", "log", "part"
        )
        for id_, (consuming, lane, last) in zip(ids, lanes, strict=True):
            known = max(written.get(id_, 0), consuming.position(lane) or 0)
            lag.add_metric([consuming.name, lane.log, str(lane.part)], max(0, last - known))
        holes = gauge("consumer_holes", "Parts in which a consumer waits for events.", "consumer")
        for consuming, _ in self._hears:
            holes.add_metric([consuming.name], len(consuming.gaps))
        return [lag, holes]

    async def _look(self, name: str) -> None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                self._heads[name] = await self._ask(name)
        except Exception as error:
            log.warning("the head of %s is unknown: %s", name, type(error).__name__)


def own_log(db: Database, parts: int, now: Callable[[], datetime]) -> Source:
    """Seen here, since a sequencer that is gone tells nothing."""

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


def alarms(db: Database, rules: Sequence[str], now: Callable[[], datetime]) -> Source:
    """An attempt of a checkout that may hold something has an alarm open."""

    async def look() -> Sequence[Metric]:
        open_ = gauge("alarms_open", "Alarms that were set and not settled.", "rule")
        delay = gauge("alarm_delay_seconds", "How long the oldest due alarm waits.", "rule")
        for rule in rules:
            wanted = {"rule": rule, "open": True}
            open_.add_metric([rule], await db.timers.count_documents(wanted))
            first = await db.timers.find_one(wanted, {"at": 1}, sort=[("claimed", 1)])
            late = (now() - first["at"]).total_seconds() if first else 0.0
            delay.add_metric([rule], max(0.0, late))
        return [open_, delay]

    return look


def outbox(db: Database, now: Callable[[], datetime]) -> Source:
    async def look() -> Sequence[Metric]:
        wanted = {"waiting": True, "next": {"$gt": LONG_AGO}}
        waiting = gauge("outbox_waiting", "Mails that are still to be sent.")
        waiting.add_metric([], await db.outbox.count_documents(wanted))
        first = await db.outbox.find_one(wanted, {"created": 1}, sort=[("next", 1)])
        age = gauge("outbox_wait_seconds", "How long the mail whose turn it is has waited.")
        age.add_metric([], (now() - first["created"]).total_seconds() if first else 0.0)
        return [waiting, age]

    return look


def dead_letters(db: Database, now: Callable[[], datetime]) -> Source:
    async def look() -> Sequence[Metric]:
        parked = gauge("dead_letters", "Events set aside for a person to look at.", "consumer")
        age = gauge("dead_letter_seconds", "How long the oldest of them is there.", "consumer")
        grouped = {"_id": "$consumer", "n": {"$sum": 1}, "first": {"$min": "$parked_at"}}
        async for found in await db.dead_letters.aggregate([{"$group": grouped}]):
            parked.add_metric([found["_id"]], found["n"])
            age.add_metric([found["_id"]], (now() - found["first"]).total_seconds())
        return [parked, age]

    return look
