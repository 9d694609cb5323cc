"""Entries of the media plan: set, changed, removed; begun and ended once each, however late."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from catalog_shops.media_plan.decider import (
    PLAN_ENTRY_DECIDER,
    EntryKey,
    RemovePlanEntry,
    SetPlanEntry,
    TellPlanEntry,
)
from catalog_shops.media_plan.refusals import (
    EntryEndedError,
    EntryInvalidError,
    EntryNotFoundError,
    EntryPastError,
)
from zugabe_events.contracts.catalog_shops import (
    MediaPlanEvent,
    PlanEntry,
    PlanEntryBegan,
    PlanEntryEnded,
    PlanEntryRemoved,
    PlanEntrySet,
    PlannedShop,
    PlannedStrike,
    ShopRef,
)
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

KEY = EntryKey("acme", "xmas")
XMAS = PlannedShop("theme", ShopRef("acme", "weihnachten"), 1)
ENTRY = PlanEntry("Weihnachten", date(2026, 11, 25), date(2026, 12, 24), (XMAS,))
BEFORE = datetime(2026, 11, 1, 12, tzinfo=UTC)
BEGIN = datetime(2026, 11, 24, 23, tzinfo=UTC)
"""The first moment of 25 November in Berlin."""

DURING = datetime(2026, 12, 1, 12, tzinfo=UTC)
END = datetime(2026, 12, 24, 23, tzinfo=UTC)
AFTER = datetime(2027, 1, 7, tzinfo=UTC)

SET = PlanEntrySet("acme", "xmas", 1, ENTRY, BEFORE)
BEGAN = PlanEntryBegan("acme", "xmas", 1, ENTRY, BEGIN)
ENDED = PlanEntryEnded("acme", "xmas", 1, ENTRY, END)


def put(entry: PlanEntry = ENTRY, at: datetime = BEFORE) -> SetPlanEntry:
    return SetPlanEntry(KEY, entry, at)


def tell(at: datetime, version: int = 1) -> TellPlanEntry:
    return TellPlanEntry(KEY, version, at)


def test_an_entry_is_planned_before_it_begins() -> None:
    """CS-44"""
    given(PLAN_ENTRY_DECIDER).when(put()).then(SET)
    given(PLAN_ENTRY_DECIDER, SET).when(put(at=DURING)).then()


def test_it_begins_and_ends_to_the_moment_and_once() -> None:
    """CS-44, N-12"""
    just_before = BEGIN - timedelta(microseconds=1)
    given(PLAN_ENTRY_DECIDER, SET).when(tell(just_before)).then()
    given(PLAN_ENTRY_DECIDER, SET).when(tell(BEGIN)).then(BEGAN)
    given(PLAN_ENTRY_DECIDER, SET, BEGAN).when(tell(DURING)).then()
    given(PLAN_ENTRY_DECIDER, SET, BEGAN).when(tell(END)).then(ENDED)
    given(PLAN_ENTRY_DECIDER, SET, BEGAN, ENDED).when(tell(AFTER)).then()


def test_a_timer_that_is_late_tells_when_it_really_began_and_ended() -> None:
    """N-12"""
    given(PLAN_ENTRY_DECIDER, SET).when(tell(DURING)).then(BEGAN)
    given(PLAN_ENTRY_DECIDER, SET).when(tell(AFTER)).then(BEGAN, ENDED)


def test_an_entry_that_is_set_while_it_runs_begins_at_once() -> None:
    """CS-44"""
    given(PLAN_ENTRY_DECIDER).when(put(at=DURING)).then(
        PlanEntrySet("acme", "xmas", 1, ENTRY, DURING),
        PlanEntryBegan("acme", "xmas", 1, ENTRY, DURING),
    )


def test_a_running_entry_that_is_changed_ends_and_begins_anew() -> None:
    """CS-44"""
    other = replace(ENTRY, title="Advent")
    given(PLAN_ENTRY_DECIDER, SET, BEGAN).when(put(other, DURING)).then(
        PlanEntryEnded("acme", "xmas", 1, ENTRY, DURING),
        PlanEntrySet("acme", "xmas", 2, other, DURING),
        PlanEntryBegan("acme", "xmas", 2, other, DURING),
    )
    later = replace(ENTRY, first_day=date(2026, 12, 6))
    given(PLAN_ENTRY_DECIDER, SET).when(put(later, DURING)).then(
        BEGAN,
        PlanEntryEnded("acme", "xmas", 1, ENTRY, DURING),
        PlanEntrySet("acme", "xmas", 2, later, DURING),
    )


def test_the_timer_of_an_older_version_does_nothing() -> None:
    """N-12"""
    later = replace(ENTRY, first_day=date(2026, 12, 6))
    changed = PlanEntrySet("acme", "xmas", 2, later, BEFORE)
    given(PLAN_ENTRY_DECIDER, SET, changed).when(tell(DURING)).then()
    given(PLAN_ENTRY_DECIDER, SET, changed).when(tell(DURING, 2)).then()
    given(PLAN_ENTRY_DECIDER).when(tell(DURING)).then()


def test_an_entry_is_removed_and_ends_if_it_runs() -> None:
    """CS-44"""
    remove = RemovePlanEntry(KEY, DURING)
    removed = PlanEntryRemoved("acme", "xmas", 1, DURING)
    given(PLAN_ENTRY_DECIDER, SET, BEGAN).when(remove).then(
        PlanEntryEnded("acme", "xmas", 1, ENTRY, DURING), removed
    )
    given(PLAN_ENTRY_DECIDER, SET, BEGAN, ENDED).when(remove).then(removed)
    given(PLAN_ENTRY_DECIDER, SET, removed).when(remove).then()
    given(PLAN_ENTRY_DECIDER, SET, removed).when(tell(AFTER)).then()
    given(PLAN_ENTRY_DECIDER).when(remove).refused(EntryNotFoundError, "plan-entry-not-found")
    again = PlanEntrySet("acme", "xmas", 2, ENTRY, BEFORE)
    given(PLAN_ENTRY_DECIDER, SET, removed).when(put()).then(again)


def test_nothing_is_planned_for_the_past_and_what_was_stays() -> None:
    """CS-44"""
    given(PLAN_ENTRY_DECIDER).when(put(at=END - timedelta(seconds=1))).then(
        PlanEntrySet("acme", "xmas", 1, ENTRY, END - timedelta(seconds=1)),
        PlanEntryBegan("acme", "xmas", 1, ENTRY, END - timedelta(seconds=1)),
    )
    given(PLAN_ENTRY_DECIDER).when(put(at=END)).refused(EntryPastError, "plan-entry-past")
    longer = replace(ENTRY, last_day=date(2027, 1, 31))
    given(PLAN_ENTRY_DECIDER, SET, BEGAN, ENDED).when(put(longer, AFTER)).refused(
        EntryEndedError, "plan-entry-ended"
    )


def test_an_entry_without_a_last_day_never_ends() -> None:
    """CS-45: brand shops may stay long."""
    open_ended = replace(ENTRY, last_day=None)
    planned = PlanEntrySet("acme", "xmas", 1, open_ended, BEFORE)
    far = datetime(2199, 1, 1, tzinfo=UTC)
    given(PLAN_ENTRY_DECIDER, planned).when(tell(far)).then(
        PlanEntryBegan("acme", "xmas", 1, open_ended, BEGIN)
    )


OTHER = ShopRef("acme", "karneval")


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (replace(ENTRY, last_day=date(2026, 11, 24)), "validity-reversed"),
        (replace(ENTRY, shops=()), "plan-entry-empty"),
        (replace(ENTRY, shops=(XMAS, replace(XMAS, position=2))), "plan-item-twice"),
        (replace(ENTRY, shops_off=(replace(XMAS, position=None),)), "plan-item-twice"),
        (replace(ENTRY, banners=("a", "a")), "plan-item-twice"),
        (replace(ENTRY, shops=(replace(XMAS, replaces=OTHER),)), "plan-place-ambiguous"),
        (
            replace(ENTRY, shops=(replace(XMAS, position=None, replaces=XMAS.shop),)),
            "plan-place-own",
        ),
        (replace(ENTRY, shops=(replace(XMAS, position=0),)), "plan-place-invalid"),
        (
            replace(ENTRY, banners=tuple(f"{at}".rjust(64, "x") for at in range(300))),
            "plan-entry-too-large",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_entry_that_contradicts_itself_is_refused(entry: PlanEntry, code: str) -> None:
    """CS-44"""
    given(PLAN_ENTRY_DECIDER).when(put(entry)).refused(EntryInvalidError, code)


def test_a_planned_strike_price_is_a_price() -> None:
    """CS-25, X-34"""
    strike = PlannedStrike("theme", XMAS.shop, "1", Decimal("3.4900"))
    [event] = PLAN_ENTRY_DECIDER.decide(
        put(replace(ENTRY, strikes=(strike,))), PLAN_ENTRY_DECIDER.initial
    )
    assert isinstance(event, PlanEntrySet)
    assert str(event.entry.strikes[0].strike_price) == "3.49"
    free = replace(ENTRY, strikes=(replace(strike, strike_price=Decimal(0)),))
    given(PLAN_ENTRY_DECIDER).when(put(free)).refused(InvalidError, "price-out-of-range")


DAYS = st.dates(date(2026, 3, 20), date(2026, 11, 5))
TIMES = st.datetimes(datetime(2026, 3, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


@for_all(DAYS, st.integers(0, 60), st.lists(TIMES, min_size=1, max_size=12))
def test_whenever_timers_fire_each_entry_begins_and_ends_once_and_in_its_order(
    first: date, days: int, times: list[datetime]
) -> None:
    """N-12, X-11: across both changes of the clock."""
    last = first + timedelta(days=days)
    entry = replace(ENTRY, first_day=first, last_day=last)
    set_at = datetime(2026, 3, 1, tzinfo=UTC)
    log: list[MediaPlanEvent] = [PlanEntrySet("acme", "xmas", 1, entry, set_at)]
    for at in times:
        log += PLAN_ENTRY_DECIDER.decide(tell(at), PLAN_ENTRY_DECIDER.fold(log))
    latest = max(times)
    began, ended = start_of(first), start_of(last + timedelta(days=1))
    expected: list[MediaPlanEvent] = []
    if latest >= began:
        expected.append(PlanEntryBegan("acme", "xmas", 1, entry, began))
    if latest >= ended:
        expected.append(PlanEntryEnded("acme", "xmas", 1, entry, ended))
    assert log[1:] == expected
