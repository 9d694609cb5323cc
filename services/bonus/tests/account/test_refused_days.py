"""Rewards are refused before the programme begins and after its run-off, to the day."""

from datetime import UTC, date, datetime

import pytest
from bonus_tests.samples import MARCH_1, TAKES_PART, TERMS, programme
from msgspec.structs import replace

from bonus.account.refusals import Wish, refusals
from bonus.account.state import Account
from bonus.programme.versions import Programme, RunOff


def codes(rules: Programme, placed_at: datetime) -> list[str]:
    wish = Wish("five", (9_000,), placed_at, 9_000)
    return [refusal.code for refusal in refusals(wish, rules, TAKES_PART, Account())]


@pytest.mark.parametrize(
    ("placed_at", "is_over"),
    [
        (datetime(2027, 12, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2027, 12, 31, 23, 0, tzinfo=UTC), True),
    ],
)
def test_the_last_day_of_the_run_off_counts_to_its_end_in_berlin(
    placed_at: datetime, is_over: bool
) -> None:
    """BO-12"""
    active = programme()
    run_off = RunOff(
        5, TERMS, active.rewards, active.promotions, MARCH_1, 0, MARCH_1, date(2027, 12, 31)
    )
    assert ("programme-ended" in codes(run_off, placed_at)) == is_over


@pytest.mark.parametrize(
    ("placed_at", "has_begun"),
    [
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 31, 22, 0, tzinfo=UTC), True),
    ],
)
def test_the_first_day_of_the_programme_counts_from_its_begin_in_berlin(
    placed_at: datetime, has_begun: bool
) -> None:
    """BO-9"""
    starting = programme(terms=replace(TERMS, starts_on=date(2026, 4, 1)))
    assert ("programme-not-active" not in codes(starting, placed_at)) == has_begun
