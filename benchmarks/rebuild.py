"""Rebuild of the bonus accounts from a million events, against raw reads and bulk writes of the
same documents."""

import time
from datetime import date, timedelta

import msgspec
import psutil

from benchmarks.measuring import Result, console, in_turns
from benchmarks.samples import NOON, bare_rebuild, fresh_log, one_event, write_log
from bonus.account.view import ACCOUNTS, project
from zugabe.testing import Parts
from zugabe_events.contracts.bonus import BonusEvent, LinePoints, PointsAccrued
from zugabe_events.domain.event import EventTypes
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.projections.mongo_views import to_document
from zugabe_events.projections.rebuild import Rebuild

EVENTS = 1_000_000
USERS = 100_000
MIN_EVENTS_PER_SECOND = 15_000
TYPES = EventTypes.of(BonusEvent)


def accrued(user: str, ordinal: int) -> PointsAccrued:
    placed = NOON + timedelta(days=ordinal)
    return PointsAccrued(
        lot_id=f"o-{user}-{ordinal}",
        ordinal=ordinal,
        order_id=f"o-{user}-{ordinal}",
        dealer="d1",
        customer="c1",
        user=user,
        points=80,
        settled=0,
        active_from=date(2026, 6, 1) + timedelta(days=ordinal),
        placed_at=placed,
        lines=(LinePoints(1, 5_000, 50, 1, None), LinePoints(2, 3_000, 30, 1, None)),
        programme_version=1,
        explanation="80 Punkte für 80 volle Euro",
    )


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity):
        identity = LogIdentity("bonus", identity.id, identity.parts)
        await fill(db, identity)
        memory: list[float] = []

        async def ours() -> float:
            began = time.perf_counter()
            await Rebuild(db, identity, parts.kafka, ACCOUNTS, TYPES).run()
            seconds = time.perf_counter() - began
            memory.append(psutil.Process().memory_info().rss / 2**20)
            return EVENTS / seconds

        async def raw() -> float:
            return await by_hand(db, identity)

        result = await in_turns("rebuild", ours, raw, bar=0.5, rounds=3)
        result.more = {
            "events": EVENTS,
            "at_least_per_second": MIN_EVENTS_PER_SECOND,
            "memory_mib_after_first": memory[0],
            "memory_mib_after_last": memory[-1],
        }
        return [result]


async def fill(db: Database, identity: LogIdentity) -> None:
    """Write a log in which the orders of each user are spread evenly."""
    last: dict[int, int] = {}
    versions: dict[str, int] = {}
    for first in range(0, EVENTS, 10_000):
        commits: list[Document] = []
        with console.status(f"writing the log: {first:,} of {EVENTS:,} events"):
            for number in range(first, first + 10_000):
                user = f"u{number * 7919 % USERS}"
                version = versions[user] = versions.get(user, 0) + 1
                key, event = f"d1/{user}", accrued(user, version)
                commits.append(one_event(f"account/{key}", key, version, event, identity.parts))
            await write_log(db, commits, last)


async def by_hand(db: Database, identity: LogIdentity) -> float:
    """Measure the events per second of a bare rebuild that writes what a fold leaves."""
    view = None
    for ordinal in range(1, EVENTS // USERS + 1):
        view = project(view, accrued("u0", ordinal))
    document = to_document("d1/u0", view, {"bonus:12345678:0": EVENTS})
    decoders = {PointsAccrued.stored_as: msgspec.json.Decoder(PointsAccrued)}
    began = time.perf_counter()
    await bare_rebuild(db, identity.parts, decoders, document)
    return EVENTS / (time.perf_counter() - began)
