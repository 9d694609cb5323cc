"""Liability of 100,000 accounts: one day against a bare read of its documents, and its rebuild."""

import time
from datetime import timedelta

import msgspec

from benchmarks.measuring import Result, console, in_turns
from benchmarks.rebuild import accrued
from benchmarks.samples import NOON, bare_rebuild, fresh_log, one_event, write_log
from bonus.liability.figures import LiabilityViews, on_day
from bonus.liability.view import CUSTOMER_LIABILITY, LIABILITY, MonthView
from zugabe.testing import Parts
from zugabe_events.contracts.bonus import BonusEvent, PointsAccrued
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import ReadModel
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MongoViews, deploy_views, to_document
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.rebuild import Rebuild

ACCOUNTS, CUSTOMERS, EVENTS, READS = 100_000, 1_000, 200_000, 50
DAYS = 730
BARS = {LIABILITY.name: 1 / 2, CUSTOMER_LIABILITY.name: 1 / 3}
TYPES = EventTypes.of(BonusEvent)
DAY = day_of(NOON) + timedelta(days=DAYS // 2)


def event_of(number: int) -> PointsAccrued:
    """Of some account, on some day of two years."""
    user = f"u{number % ACCOUNTS}"
    ordinal = number * 7919 % DAYS
    customer = f"c{number % CUSTOMERS}"
    return msgspec.structs.replace(accrued(user, ordinal), customer=customer)


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity):
        identity = LogIdentity("bonus", identity.id, identity.parts)
        await fill(db, identity)
        for model in (LIABILITY, CUSTOMER_LIABILITY):
            await deploy_views(db, model, 1)
        rebuilt = [
            await rebuild(parts, db, identity, model) for model in (LIABILITY, CUSTOMER_LIABILITY)
        ]
        return [await one_day(db, identity), *rebuilt]


async def fill(db: Database, identity: LogIdentity) -> None:
    last: dict[int, int] = {}
    for first in range(0, EVENTS, 10_000):
        with console.status(f"writing the log: {first:,} of {EVENTS:,} events"):
            commits: list[Document] = []
            for number in range(first, first + 10_000):
                event = event_of(number)
                key, version = f"d1/{event.user}", number // ACCOUNTS + 1
                commits.append(one_event(f"account/{key}", key, version, event, identity.parts))
            await write_log(db, commits, last)


async def one_day(db: Database, identity: LogIdentity) -> Result:
    """The days of half the events are over, and all documents of the dealer are read by an index.

    A third of the bare rate is the goal: our side decodes what it reads, and adds it up.
    """

    async def nobody(token: Token) -> LanePosition:
        raise AssertionError(token)

    serving = ReadYourWrites(db, identity, {}, nobody)
    dealers, customers = (
        MongoViews(db, model, serving) for model in (LIABILITY, CUSTOMER_LIABILITY)
    )
    views = LiabilityViews(dealers, customers)
    stored = db[build_of(LIABILITY, await serving.registry.queried(LIABILITY))]
    plan = await stored.find({"dealer": "d1"}).sort("month").explain()
    stats = plan["executionStats"]
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])
    assert stats["totalDocsExamined"] == await stored.count_documents({}) <= DAYS / 28 + 3

    expected = points_until_day()

    async def ours() -> float:
        began = time.perf_counter()
        for _ in range(READS):
            figures = on_day(await views.months("d1", None), DAY)
        seconds = time.perf_counter() - began
        assert figures.active + figures.pending == expected
        return READS / seconds

    async def raw() -> float:
        began = time.perf_counter()
        for _ in range(READS):
            assert await stored.find({"dealer": "d1"}).sort("month").to_list()
        return READS / (time.perf_counter() - began)

    result = await in_turns("liability of a day", ours, raw, bar=1 / 3, rounds=5)
    result.more = {"accounts": ACCOUNTS, "documents": stats["totalDocsExamined"]}
    return result


def points_until_day() -> int:
    """Counted event by event."""
    return sum(
        event.points for event in map(event_of, range(EVENTS)) if day_of(event.placed_at) <= DAY
    )


async def rebuild(
    parts: Parts, db: Database, identity: LogIdentity, model: ReadModel[MonthView]
) -> Result:
    """Each event changes two days, often in two months: by customer, that is most of the work."""

    async def ours() -> float:
        began = time.perf_counter()
        await Rebuild(db, identity, parts.kafka, model, TYPES).run()
        return EVENTS / (time.perf_counter() - began)

    async def raw() -> float:
        return await by_hand(db, identity, model)

    return await in_turns(f"rebuild of {model.name}", ours, raw, bar=BARS[model.name], rounds=3)


async def by_hand(db: Database, identity: LogIdentity, model: ReadModel[MonthView]) -> float:
    """Measure the events per second of a bare rebuild that writes what two events leave."""
    view = None
    [key, *_] = model.keys(event_of(0))
    for number in (0, ACCOUNTS):
        view = model.folded(key, view, event_of(number))
    document = to_document(key, view, {"bonus:12345678:0": EVENTS})
    decoders = {PointsAccrued.stored_as: msgspec.json.Decoder(PointsAccrued)}
    began = time.perf_counter()
    await bare_rebuild(db, identity.parts, decoders, document)
    return EVENTS / (time.perf_counter() - began)
