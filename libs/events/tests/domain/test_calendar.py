"""X-11, Q11: days are inclusive calendar days in Berlin, summer time or not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.calendar import (
    BERLIN,
    day_of,
    days_after,
    german_date,
    is_within,
    noon_of,
    start_of,
)

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
DAY = timedelta(days=1)

days = st.dates(date(1990, 1, 1), date(2100, 1, 1)) | st.sampled_from([SPRING, AUTUMN])


@given(day=days)
def test_a_day_lasts_from_its_first_to_its_last_moment(day: date) -> None:
    """X-11"""
    first, next_first = start_of(day), start_of(day + DAY)
    tick = timedelta(microseconds=1)
    last = next_first.astimezone(UTC) - tick
    assert day_of(first) == day_of(last) == day_of(noon_of(day)) == day
    assert is_within(first.astimezone(UTC), day, day)
    assert is_within(last, day, day)
    assert not is_within(first.astimezone(UTC) - tick, day, day)
    assert not is_within(next_first, day, day)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 7, 1), 24)])
def test_the_days_on_which_clocks_change_are_shorter_and_longer(day: date, hours: int) -> None:
    """X-11"""
    length = start_of(day + DAY).astimezone(UTC) - start_of(day).astimezone(UTC)
    assert length == timedelta(hours=hours)


def test_a_voucher_valid_until_new_years_eve_is_valid_until_midnight_in_berlin() -> None:
    """Q11"""
    last = date(2026, 12, 31)
    assert is_within(datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), None, last)
    assert not is_within(datetime(2026, 12, 31, 23, tzinfo=UTC), None, last)
    assert is_within(datetime(2026, 12, 31, 23, tzinfo=UTC), date(2027, 1, 1), None)


@given(day=days)
def test_without_first_and_last_day_every_day_is_within(day: date) -> None:
    assert is_within(noon_of(day), None, None)


def test_both_hours_that_are_called_half_past_two_are_on_the_same_day() -> None:
    """X-11"""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0)
    second = first.replace(fold=1)
    assert first.astimezone(UTC) != second.astimezone(UTC)
    assert day_of(first) == day_of(second) == AUTUMN


def test_days_are_counted_by_the_calendar_not_by_the_clock() -> None:
    """X-11: the evening before the clocks change, plus one, is the day itself."""
    assert days_after(datetime(2026, 3, 28, 22, 30, tzinfo=UTC), 1) == SPRING
    assert days_after(datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 1) == SPRING + DAY


def test_dates_are_written_as_germans_do() -> None:
    assert german_date(date(2026, 5, 4)) == "04.05.2026"
