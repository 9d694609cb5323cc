"""The board over HTTP, and a partner's view of their own onboarding."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import httpx
import pytest
from onboarding_tests.samples import (
    BRAND,
    GOING_LIVE,
    IN_CONTENT,
    IN_LOGISTICS,
    NOON,
    PARTNER,
    assigned,
    brand_added,
    brand_opened,
    completed,
    opened,
    started,
    welcomed,
)

from onboarding.access import RIGHTS
from onboarding.board.api import board_api
from onboarding.board.lead_times import LEAD_TIMES, MIN_FINISHED
from onboarding.board.listing import TABLE
from onboarding.board.overview import OVERVIEW
from onboarding.board.partner_api import overview_api
from onboarding.board.view import BOARD
from zugabe_events.contracts.onboarding import Contact, Manager, OnboardingEvent, Phase
from zugabe_events.domain.event import Context, Stream
from zugabe_events.domain.event_store import Commit
from zugabe_events.export.response import Exports
from zugabe_events.export.table import columns_of
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import known, signed_in
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.personal_data import in_memory_people
from zugabe_testing.views import InMemoryViews

USUAL: dict[Phase, int] = {"organisation": 20, "content": 30, "logistics": 15, "live": 10}
CENTRAL = Principal("carla", "central")
KIM = Principal("kim", "partner", partner=PARTNER)
OTHER = Principal("olga", "partner", partner="other")


class Desk:
    """A log that is written by hand, and the routes that show what it says."""

    def __init__(self) -> None:
        self.store = InMemoryEventStore("onboarding", lambda: NOON)
        self.people = in_memory_people("onboarding")
        access = Access(known(CENTRAL, KIM, OTHER), RIGHTS, now=lambda: NOON)
        board = InMemoryViews(BOARD, [self.store])
        overview = InMemoryViews(OVERVIEW, [self.store])
        times = InMemoryViews(LEAD_TIMES, [self.store])
        routers = [
            board_api(board, times, USUAL, access, Exports()),
            overview_api(overview, access, self.people),
        ]
        app = http_app("onboarding", routers)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://o")

    async def say(self, *events: OnboardingEvent, stream: str = "s") -> None:
        context = Context("carla", "central", PARTNER, NOON, "correlation")
        version = 1 + sum(
            len(commit.events) for commit, _ in self.store.commits if commit.stream.id == stream
        )
        await self.store.append(
            [Commit(uuid4(), Stream(stream, "k"), version, tuple(events), context)]
        )

    async def get(self, path: str, who: Principal = CENTRAL) -> httpx.Response:
        return await self.http.get(path, headers=signed_in(who))

    async def partner(self) -> Sequence[OnboardingEvent]:
        """With people whom somebody can open."""
        texts = {
            person: await self.people.seal(person, "letter", NOON, name=name, email=email)
            for person, name, email in (
                (f"{PARTNER}/kim", "Kim Kai", "kim@nord.example"),
                ("central/maxi", "Maxi Muster", "maxi@zugabe.example"),
            )
        }
        kim, maxi = (one or {} for one in texts.values())
        contact, manager = Contact("kim", **kim), Manager("maxi", **maxi)
        return (
            type(opened)(PARTNER, "Nordwind GmbH", contact),
            type(assigned)(PARTNER, (), manager),
            brand_added,
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_board_filters_sorts_and_forecasts(desk: Desk) -> None:
    """X-18, N-11"""
    await desk.say(*IN_CONTENT)
    await desk.say(type(brand_opened)("zeta", "Zeta", "zett", "Z", (), "ina", brand_opened.contact))
    found = (await desk.get("/board?phase=content")).json()["items"]
    assert [(one["brand"], one["forecast"]) for one in found] == [(BRAND, "2026-06-28")]
    found = (await desk.get("/board?sort=-partner")).json()["items"]
    assert [one["partner"] for one in found] == ["zeta", PARTNER]
    for query, brands in (
        ("status=prepared", ["zett"]),
        ("manager=maxi", [BRAND]),
        ("waits_for=partner", [BRAND]),
        ("waits_for=nobody", ["zett"]),
        ("overdue=true", []),
        ("partner=zeta", ["zett"]),
    ):
        found = (await desk.get(f"/board?{query}")).json()["items"]
        assert [one["brand"] for one in found] == brands, query
    assert (await desk.get("/board?sort=name")).status_code == 422


async def test_the_board_as_a_file_has_the_forecast_too(desk: Desk) -> None:
    """X-18"""
    await desk.say(*IN_CONTENT)
    text = (await desk.get("/board.csv")).content.decode("utf-8-sig")
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=";")
    [row] = list(reader)
    assert reader.fieldnames == [column.title for column in columns_of(TABLE)]
    assert row["Voraussichtlicher Livegang"] == "2026-06-28"
    assert (await desk.get("/board.xlsx")).status_code == 200


async def test_forecasts_follow_what_phases_took(desk: Desk) -> None:
    """N-11"""
    ends = [completed("logistics", NOON + timedelta(days=3), NOON) for _ in range(MIN_FINISHED)]
    for number, end in enumerate(ends):
        before = (await desk.get("/lead-times")).json()["phases"][2]
        assert (before["finished"], before["expected_days"]) == (number, 15)
        await desk.say(started("logistics"), end, stream=f"s{number}")
    [organisation, _, logistics, _] = (await desk.get("/lead-times")).json()["phases"]
    assert logistics["median_days"] == logistics["expected_days"] == 3
    assert (logistics["finished"], logistics["running"]) == (MIN_FINISHED, 0)
    assert (organisation["median_days"], organisation["expected_days"]) == (None, 20)


async def test_a_partner_knows_nothing_of_an_onboarding_before_the_welcome(desk: Desk) -> None:
    """ON-2, X-16"""
    assert (await desk.get(f"/partners/{PARTNER}")).status_code == 404
    await desk.say(*await desk.partner(), brand_opened)
    assert (await desk.get(f"/partners/{PARTNER}")).json()["status"] == "prepared"
    assert (await desk.get(f"/partners/{PARTNER}", KIM)).status_code == 404
    await desk.say(welcomed)
    assert (await desk.get(f"/partners/{PARTNER}", KIM)).status_code == 200
    assert (await desk.get(f"/partners/{PARTNER}", OTHER)).status_code == 403
    assert (await desk.get("/board", KIM)).status_code == 403


async def test_a_partner_sees_his_manager_his_brands_and_what_he_owes(desk: Desk) -> None:
    """ON-12, ON-13, ON-14, Q15"""
    await desk.say(*await desk.partner(), welcomed)
    await desk.say(*IN_CONTENT)
    told = (await desk.get(f"/partners/{PARTNER}", KIM)).json()
    assert told["manager"] == {"name": "Maxi Muster", "email": "maxi@zugabe.example"}
    assert told["contact"]["name"] == "Kim Kai"
    [brand] = told["brands"]
    assert (brand["phase"], brand["owed_by_partner"], brand["owed_by_central"]) == ("content", 1, 0)
    told = (await desk.get(f"/partners/{PARTNER}/brands/{BRAND}", KIM)).json()
    assert [one["status"] for one in told["phases"]] == ["done", "running", "open", "open"]
    assert all(one["done"] for one in told["steps"])
    assert [one["detail"] for one in told["missing"]] == ["Registrierung der Artikel"]
    assert (await desk.get(f"/partners/{PARTNER}/brands/none", KIM)).status_code == 404


async def test_neither_address_nor_conditions_are_in_an_overview(desk: Desk) -> None:
    """ON-31: not even when they are disclosed; their route is another one."""
    await desk.say(*await desk.partner(), welcomed)
    await desk.say(*IN_LOGISTICS)
    for path in ("", f"/brands/{BRAND}"):
        text = (await desk.get(f"/partners/{PARTNER}{path}", KIM)).text
        assert "Kai 1" not in text
        assert "Werktags" not in text


async def test_releases_are_shown_by_platform(desk: Desk) -> None:
    """ON-15"""
    await desk.say(*await desk.partner(), welcomed)
    await desk.say(*GOING_LIVE)
    told = (await desk.get(f"/partners/{PARTNER}/brands/{BRAND}", KIM)).json()
    assert told["releases"] == [
        {"platform": "otto", "status": "granted", "open": [], "live_articles": 0}
    ]
