"""The board's view of a brand, at every point of its onboarding."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce

import pytest
from msgspec.structs import replace
from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    GOING_LIVE,
    IN_CONTENT,
    IN_LOGISTICS,
    LINK,
    MANAGER,
    NOON,
    ORGANISED,
    PARTNER,
    STEPS,
    brand_opened,
    done,
    opened,
    started,
    warehouse_chosen,
)

from onboarding.board.listing import TABLE
from onboarding.board.overview import OverviewView
from onboarding.board.shapes import Status
from onboarding.board.view import BoardView, keys, project
from onboarding.brand.state import WaitsFor
from zugabe_events.contracts.onboarding import (
    BrandWentLive,
    DataModelAvailable,
    DataModelsOverdue,
    DataModelsRequested,
    LinkSent,
    Manager,
    ManagerAssigned,
    OnboardingClosed,
    OnboardingPaused,
    OnboardingResumed,
    PartnerReminded,
    Phase,
    StepDone,
)
from zugabe_events.domain.event import Event

DAY = timedelta(days=1)
BRANDS = (BRAND,)
LIVE = BrandWentLive(PARTNER, BRAND, "Nordkap", CONTACT, ("otto",), 2, NOON)
DUE = date(2026, 6, 1)
REQUESTED = DataModelsRequested(
    PARTNER, BRAND, "Nordkap", "r1", ("muetze",), ("Mütze",), MANAGER, 0, NOON, DUE, NOON + 28 * DAY
)
OVERDUE = DataModelsOverdue(PARTNER, BRAND, "r1", ("muetze",), DUE)


def shown(*events: Event) -> BoardView:
    none: BoardView | None = None
    view = reduce(project, events, none)
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("events", "status", "phase", "whom"),
    [
        ((brand_opened,), "prepared", None, "nobody"),
        ((brand_opened, started("organisation")), "running", "organisation", "partner"),
        (ORGANISED, "running", "organisation", "central"),
        (IN_CONTENT, "running", "content", "partner"),
        (IN_LOGISTICS, "running", "logistics", "partner"),
        (GOING_LIVE, "running", "live", "central"),
        ((*GOING_LIVE, LIVE), "live", "live", "nobody"),
    ],
    ids=["prepared", "organisation", "organised", "content", "logistics", "going-live", "live"],
)
def test_a_brand_shows_its_phase_and_who_owes_something(
    events: Sequence[Event], status: Status, phase: Phase | None, whom: WaitsFor
) -> None:
    """ON-1, N-11"""
    view = shown(*events)
    assert (view.status, view.phase, view.waits_for) == (status, phase, whom)
    assert (view.waiting_since is None) is (whom == "nobody")


def test_it_waits_since_the_last_form_came_and_not_since_the_phase_began() -> None:
    """N-11, ON-14: events that change no turn change no time."""
    forms = [done(step, NOON + number * DAY) for number, step in enumerate(STEPS, 1)]
    view = shown(brand_opened, started("organisation"), *forms[:4])
    assert (view.waits_for, view.waiting_since) == ("partner", NOON)
    view = shown(brand_opened, started("organisation"), *forms)
    assert (view.waits_for, view.waiting_since) == ("central", NOON + 5 * DAY)
    assert [one.requirement for one in view.missing] == ["warehouse"]
    assert shown(brand_opened, started("organisation"), *forms, warehouse_chosen).missing == ()


def test_a_step_of_the_partner_is_heard_twice_and_counts_once() -> None:
    """Q15: their own history says it, and then the brand's."""
    of_both = StepDone(PARTNER, (BRAND, "suedkap"), "contacts", NOON)
    once = shown(brand_opened, started("organisation"), of_both)
    assert once == shown(brand_opened, started("organisation"), of_both, done("contacts"))


def test_nothing_is_waited_for_while_it_is_paused() -> None:
    paused = OnboardingPaused(PARTNER, BRANDS, "Inventur", NOON + 2 * DAY)
    resumed = OnboardingResumed(PARTNER, BRANDS, NOON + 9 * DAY)
    begun = brand_opened, started("organisation")
    view = shown(*begun, paused)
    assert (view.status, view.waits_for, view.waiting_since) == ("paused", "nobody", None)
    assert view.missing, "and it still says what is missing"
    view = shown(*begun, paused, resumed)
    assert (view.status, view.waits_for) == ("running", "partner")
    assert view.waiting_since == NOON + 9 * DAY
    after = view.waiting.until(NOON + 10 * DAY, view.waits_for).total
    assert after.partner_seconds == 3 * 86_400


def test_a_closed_onboarding_ends_what_is_not_live() -> None:
    closed = OnboardingClosed(PARTNER, BRANDS, "Insolvenz", NOON + DAY)
    view = shown(*IN_CONTENT, closed)
    assert (view.status, view.waits_for, view.missing) == ("closed", "nobody", ())
    assert shown(*GOING_LIVE, LIVE, closed).status == "live"


def test_a_data_model_is_overdue_until_it_is_there() -> None:
    """ON-28"""
    view = shown(*ORGANISED, REQUESTED)
    assert not view.overdue
    view = shown(*ORGANISED, REQUESTED, OVERDUE)
    assert (view.overdue, view.overdue_data_models) == (True, ("muetze",))
    there = DataModelAvailable(PARTNER, BRAND, "muetze", NOON + 30 * DAY)
    assert not shown(*ORGANISED, REQUESTED, OVERDUE, there).overdue


def test_phases_have_their_dates_and_reminders_are_counted() -> None:
    reminded = PartnerReminded(
        PARTNER, BRAND, "Nordkap", "content", CONTACT, (), automatic=True, reminded_at=NOON + DAY
    )
    view = shown(*IN_CONTENT, reminded)
    assert [(one.phase, one.completed_at) for one in view.phases] == [
        ("organisation", NOON),
        ("content", None),
    ]
    assert (view.reminders, view.reminded_at) == (1, NOON + DAY)
    assert shown(*IN_CONTENT, reminded, reminded).reminders == 2
    assert shown(*IN_CONTENT).reminders == 0


def test_a_manager_is_handed_over_on_all_brands() -> None:
    """ON-12"""
    handed = ManagerAssigned(PARTNER, BRANDS, Manager("ina", MANAGER.name, MANAGER.email), "maxi")
    assert shown(brand_opened).manager == "maxi"
    assert shown(brand_opened, handed).manager == "ina"
    assert keys(handed) == [f"{PARTNER}/{BRAND}"]


def test_an_odd_event_leaves_the_view_as_it_is() -> None:
    assert project(None, started("content")) is None
    view = shown(*ORGANISED)
    assert project(view, opened) == view
    assert keys(LinkSent(PARTNER, CONTACT, LINK, NOON)) == []


def test_a_row_says_it_in_german() -> None:
    """X-18"""
    row = {column.title: column.cell(shown(brand_opened, started("content"))) for column in
           TABLE.columns}  # fmt: skip
    assert (row["Status"], row["Phase"], row["Wartet auf"]) == ("läuft", "Content", "Partner")
    assert row["Es fehlt"] == "Registrierung der Artikel"


@pytest.mark.parametrize(
    ("brands", "status"),
    [
        ((), "running"),
        (("live",), "live"),
        (("live", "live"), "live"),
        (("live", "running"), "running"),
        (("live", "closed"), "running"),
    ],
)
def test_a_partner_is_live_when_all_of_their_brands_are(
    brands: Sequence[Status], status: Status
) -> None:
    """ON-10: a summary of all brands says no more than each of them"""
    lines = {
        f"b{number}": replace(shown(brand_opened), status=each)
        for number, each in enumerate(brands)
    }
    view = OverviewView(PARTNER, "Nordwind GmbH", CONTACT, welcomed=True, brands=lines)
    assert view.status == status
