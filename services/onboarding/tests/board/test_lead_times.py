"""N-11: how long phases take, from events only, and what follows for those that run."""

from datetime import date, timedelta
from functools import reduce
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from onboarding_tests.samples import NOON, brand_opened, completed, started

from onboarding.board.forecast import forecast
from onboarding.board.lead_times import (
    MIN_FINISHED,
    LeadTimeView,
    expected_days,
    keys,
    median_days,
    project,
)
from onboarding.board.shapes import Status
from onboarding.board.view import BoardView
from onboarding.board.view import project as project_brand
from onboarding.brand.state import PHASES
from zugabe_events.contracts.onboarding import Phase, PhaseCompleted, Waited
from zugabe_events.domain.event import Event

USUAL: dict[Phase, int] = {"organisation": 20, "content": 30, "logistics": 15, "live": 10}
TODAY = date(2026, 5, 4)


def took(days: int, waited: Waited | None = None) -> PhaseCompleted:
    end = NOON + timedelta(days=days)
    return completed("content", end, NOON, waited=waited or Waited(0, 0))


def folded(*events: Event) -> LeadTimeView:
    none: LeadTimeView | None = None
    view = reduce(project, events, none)
    assert view is not None
    return view


@given(st.data(), st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_the_median_is_exact_in_whatever_order_phases_end(
    data: st.DataObject, days: list[int]
) -> None:
    events = [*map(took, days), *(started("content") for _ in days)]
    view = folded(*data.draw(st.permutations(events)))
    assert view == folded(*events)
    assert median_days(view) == median_low(days)
    assert (view.started, view.finished) == (len(days), len(days))


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=20))
def test_who_was_waited_for_adds_up(pairs: list[tuple[int, int]]) -> None:
    view = folded(*(took(1, Waited(*pair)) for pair in pairs))
    assert view.partner_seconds == sum(partner for partner, _ in pairs)
    assert view.central_seconds == sum(central for _, central in pairs)


def test_a_day_is_a_day_in_berlin_also_when_clocks_change() -> None:
    """X-11: from the evening before the change to the morning after it."""
    began = NOON.replace(month=3, day=28, hour=22)
    view = folded(completed("content", began + timedelta(hours=3), began))
    assert view.took == {"1": 1}


def test_until_enough_have_shown_it_a_phase_takes_what_is_usual() -> None:
    few = folded(*(took(3) for _ in range(MIN_FINISHED - 1)))
    assert expected_days(few, 30) == 30
    assert expected_days(folded(*(took(3) for _ in range(MIN_FINISHED))), 30) == 3
    assert expected_days(None, 30) == 30
    assert keys(brand_opened) == []


def running(phase: Phase) -> BoardView:
    view = project_brand(project_brand(None, brand_opened), started(phase))
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("phase", "days"), [*zip(PHASES, (75, 55, 25, 10), strict=True)], ids=PHASES
)
def test_what_is_left_of_a_brand_is_its_phase_and_those_after_it(phase: Phase, days: int) -> None:
    assert forecast(running(phase), USUAL, TODAY) == TODAY + timedelta(days=days)


@given(st.sampled_from(PHASES), st.integers(0, 3000))
def test_a_forecast_is_never_in_the_past_nor_earlier_on_a_later_day(
    phase: Phase, days: int
) -> None:
    today = TODAY + timedelta(days=days)
    now, tomorrow = (
        forecast(running(phase), USUAL, day) for day in (today, today + timedelta(days=1))
    )
    assert now is not None
    assert tomorrow is not None
    assert today <= now <= tomorrow


@pytest.mark.parametrize("status", ["prepared", "paused", "closed", "live"])
def test_what_does_not_run_has_no_forecast(status: Status) -> None:
    assert forecast(replace(running("content"), status=status), USUAL, TODAY) is None
