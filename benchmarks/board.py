"""The board of 5,000 onboardings: a page over HTTP, and a rebuild against raw reads and writes."""

import resource
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import quantiles

import httpx
import msgspec

from benchmarks.measuring import Result, absolute, console, in_turns
from benchmarks.samples import NOON, bare_rebuild, fresh_log, one_event, write_log
from onboarding.access import RIGHTS
from onboarding.board.api import board_api
from onboarding.board.lead_times import LEAD_TIMES
from onboarding.board.view import BOARD, project
from zugabe.testing import Parts
from zugabe_events.contracts.onboarding import (
    Article,
    ArticlesRegistered,
    BrandOpened,
    Contact,
    ContentCreated,
    OnboardingEvent,
    Phase,
    PhaseCompleted,
    PhaseStarted,
    PlatformsChosen,
    ProductTypesNeeded,
    ReleaseGranted,
    ReleaseRequested,
    Step,
    StepDone,
    Waited,
    WarehouseChosen,
)
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Event, EventTypes
from zugabe_events.export.response import Exports
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.projections.mongo_views import MongoViews, deploy_views, to_document
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.rebuild import Rebuild
from zugabe_testing.callers import known, signed_in

BRANDS = 5_000
PER_PARTNER = 2
PAGES = 1_000
TYPES = EventTypes.of(OnboardingEvent)
STEPS: tuple[Step, ...] = ("releases", "contacts", "data-models", "warehouse", "customer-service")
USUAL: dict[Phase, int] = {"organisation": 28, "content": 42, "logistics": 21, "live": 14}
SEALED = "~zp1:onboarding:p1/kim:name:" + "A" * 60 + "~"
QUERIES = (
    "",
    "?phase=content",
    "?status=running&waits_for=partner",
    "?manager=m3",
    "?overdue=false&limit=100",
    "?sort=-waiting_since",
    "?sort=since&limit=100",
)
STAFF = Principal("carla", "central")


def events_of(number: int) -> Iterator[Event]:
    """Yield the history of a brand; some are still in organisation, others nearly live."""
    partner, brand, name = f"p{number // PER_PARTNER}", f"b{number}", f"Brand {number}"
    at = NOON + timedelta(hours=number % 700)
    contact = Contact("kim", SEALED, SEALED)
    yield BrandOpened(partner, f"Firm {partner}", brand, name, (), f"m{number % 9}", contact)

    def started(phase: Phase) -> PhaseStarted:
        return PhaseStarted(partner, brand, name, phase, contact, at, at + timedelta(days=14))

    def completed(phase: Phase) -> PhaseCompleted:
        return PhaseCompleted(partner, brand, phase, at, at, Waited(3_600, 7_200))

    yield started("organisation")
    yield ProductTypesNeeded(partner, brand, ("hose", "jacke"), ("muetze",), at)
    for step in STEPS[: 1 + number % 9]:
        yield StepDone(partner, (brand,), step, at)
    if number % 3:
        yield WarehouseChosen(partner, brand, "hamburg", "Hamburg", at)
        yield completed("organisation")
        yield started("content")
        yield PlatformsChosen(partner, brand, ("amazon", "otto"), at)
        for platform in ("amazon", "otto"):
            yield ReleaseRequested(partner, brand, platform, at)
            yield ReleaseGranted(partner, brand, platform, at)
        articles = tuple(Article(f"{number}-{index}", "hose") for index in range(20))
        yield ArticlesRegistered(partner, brand, articles, at)
    if number % 3 == 2:
        names = tuple(article.article for article in articles)
        yield ContentCreated(partner, brand, names, names, at)
        yield completed("content")
        yield started("logistics")


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity):
        console.print(f"writing the log of {BRANDS:,} brands")
        identity = LogIdentity("onboarding", identity.id, identity.parts)
        count = await fill(db, identity)
        for model in (BOARD, LEAD_TIMES):
            await deploy_views(db, model, 1)
            await Rebuild(db, identity, parts.kafka, model, TYPES).run()

        async def ours() -> float:
            began = time.perf_counter()
            await Rebuild(db, identity, parts.kafka, BOARD, TYPES).run()
            return count / (time.perf_counter() - began)

        async def raw() -> float:
            return count / await by_hand(db, identity)

        page = await pages(db, identity)
        rebuilt = await in_turns("board rebuild", ours, raw, bar=0.5, rounds=3)
        rebuilt.more = {
            "events": count,
            "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        return [page, rebuilt]


async def pages(db: Database, identity: LogIdentity) -> Result:
    """Measure the API in this process, without a network: only our code and MongoDB."""

    async def nobody(token: Token) -> LanePosition:
        raise AssertionError(token)

    serving = ReadYourWrites(db, identity, {}, nobody)
    access = Access(known(STAFF), RIGHTS)
    board, times = (MongoViews(db, model, serving) for model in (BOARD, LEAD_TIMES))
    app = http_app("onboarding", [board_api(board, times, USUAL, access, Exports())])
    took: list[float] = []
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://onboarding") as http:
        for number in range(PAGES + len(QUERIES)):
            began = time.perf_counter()
            url = f"/board{QUERIES[number % len(QUERIES)]}"
            answer = await http.get(url, headers=signed_in(STAFF))
            assert answer.status_code == httpx.codes.OK, answer.text
            took.append((time.perf_counter() - began) * 1_000)
    warm = quantiles(took[len(QUERIES) :], n=100)
    more = {"p50_ms": warm[49], "p95_ms": warm[94], "brands": BRANDS}
    return absolute("board page p99", warm[98], " ms", at_most=50, more=more)


async def fill(db: Database, identity: LogIdentity) -> int:
    """Write one event per commit, brand by brand."""
    last: dict[int, int] = {}
    for first in range(0, BRANDS, 500):
        brands = range(first, min(first + 500, BRANDS))
        commits = [commit for number in brands for commit in commits_of(number, identity)]
        await write_log(db, commits, last)
    return sum(last.values())


def commits_of(number: int, identity: LogIdentity) -> Iterator[Document]:
    partner = f"p{number // PER_PARTNER}"
    for version, event in enumerate(events_of(number), 1):
        yield one_event(f"brand/{partner}/b{number}", partner, version, event, identity.parts)


async def by_hand(db: Database, identity: LogIdentity) -> float:
    """Measure the seconds of a bare rebuild that writes documents like that of the last brand."""
    pattern = None
    for event in events_of(BRANDS - 1):
        pattern = project(pattern, event)
    document = to_document("pattern", pattern, {"onboarding/x/0": 1})
    kinds = {type(event) for number in range(3) for event in events_of(number)}
    decoders = {kind.stored_as: msgspec.json.Decoder(kind) for kind in kinds}
    began = time.perf_counter()
    await bare_rebuild(db, identity.parts, decoders, document)
    return time.perf_counter() - began
