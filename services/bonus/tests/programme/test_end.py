"""The end of a programme: deactivated, in its run-off, activated again, closed."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, MARCH_1, TERMS

from bonus.programme.decider import (
    PROGRAMME_DECIDER,
    Activate,
    Command,
    IncompleteError,
    ProgrammeClosedError,
    SetTerms,
)
from bonus.programme.end import (
    Close,
    Deactivate,
    EndRunOff,
    PointsLeftError,
    ProgrammeNeverActiveError,
    ProgrammeNotDeactivatedError,
)
from bonus.programme.entries import (
    AddReward,
    EndPromotion,
    LastRewardError,
    WithdrawReward,
)
from bonus.programme.versions import Active, Closed, ProgrammeEvent, RunOff
from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeClosed,
    ProgrammeDeactivated,
    ProgrammeSetUp,
)
from zugabe_testing.deciders import given

RUNNING = (
    ProgrammeSetUp(DEALER, 1, TERMS, MARCH_1),
    msgspec.structs.replace(FIVE_EUROS, effective_at=MARCH_1),
    ProgrammeActivated(DEALER, 3, MARCH_1),
)
LAST_DAY = date(2027, 12, 31)
deactivated = ProgrammeDeactivated(DEALER, 4, LAST_DAY, APRIL_1)
ENDING = (*RUNNING, deactivated)
LAST_MOMENT = datetime(2027, 12, 31, 22, 59, 59, 999_000, tzinfo=UTC)
NEW_YEAR = datetime(2027, 12, 31, 23, tzinfo=UTC)


def test_a_deactivated_programme_runs_off_until_the_end_of_the_following_year() -> None:
    """BO-12"""
    given(PROGRAMME_DECIDER, *RUNNING).when(Deactivate(DEALER, APRIL_1)).then(deactivated)
    given(PROGRAMME_DECIDER, *ENDING).when(Deactivate(DEALER, APRIL_1)).then()


@pytest.mark.parametrize(
    ("at", "year"),
    [
        (datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC), 2027),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), 2028),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), 2027),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), 2027),
    ],
)
def test_the_year_is_that_of_berlin(at: datetime, year: int) -> None:
    """BO-12, X-11: over New Year's Eve and both changes of the clock."""
    last = date(year, 12, 31)
    given(PROGRAMME_DECIDER, *RUNNING).when(Deactivate(DEALER, at)).then(
        ProgrammeDeactivated(DEALER, 4, last, at)
    )


def test_only_a_programme_that_runs_is_deactivated() -> None:
    """BO-12"""
    given(PROGRAMME_DECIDER, *RUNNING[:2]).when(Deactivate(DEALER, APRIL_1)).refused(
        ProgrammeNeverActiveError, "programme-never-active"
    )


def test_a_programme_in_its_run_off_can_be_activated_again() -> None:
    """BO-12"""
    later = APRIL_1 + timedelta(days=30)
    again = ProgrammeActivated(DEALER, 5, later)
    given(PROGRAMME_DECIDER, *ENDING).when(Activate(DEALER, later)).then(again)
    versions = PROGRAMME_DECIDER.fold([*ENDING, again])
    assert isinstance(versions.present, Active)
    assert isinstance(versions.at(later - timedelta(seconds=1)), RunOff)
    given(PROGRAMME_DECIDER, *ENDING, again).when(EndRunOff(DEALER, NEW_YEAR)).then()


def test_the_run_off_ends_with_the_last_day_and_never_before() -> None:
    """BO-12"""
    given(PROGRAMME_DECIDER, *ENDING).when(EndRunOff(DEALER, LAST_MOMENT)).then()
    closed = ProgrammeClosed(DEALER, 5, NEW_YEAR)
    given(PROGRAMME_DECIDER, *ENDING).when(EndRunOff(DEALER, NEW_YEAR)).then(closed)
    given(PROGRAMME_DECIDER, *ENDING, closed).when(EndRunOff(DEALER, NEW_YEAR)).then()
    assert isinstance(PROGRAMME_DECIDER.fold([*ENDING, closed]).present, Closed)
    given(PROGRAMME_DECIDER, *RUNNING).when(EndRunOff(DEALER, NEW_YEAR)).then()


def test_a_programme_is_closed_earlier_when_nobody_has_points() -> None:
    """BO-12"""
    refused = (
        given(PROGRAMME_DECIDER, *ENDING)
        .when(Close(DEALER, 1_000, APRIL_1))
        .refused(PointsLeftError, "points-left")
    )
    assert refused.facts == {"holders": 1_000, "run_off_until": "2027-12-31"}
    assert refused.detail == (
        "1.000 Benutzer haben noch Punkte und das Recht, sie bis zum 31.12.2027 einzulösen."
    )
    one = given(PROGRAMME_DECIDER, *ENDING).when(Close(DEALER, 1, APRIL_1)).refused(PointsLeftError)
    assert one.detail.startswith("1 Benutzer hat noch Punkte")
    many = given(PROGRAMME_DECIDER, *ENDING).when(Close(DEALER, 1_001, APRIL_1))
    assert many.refused(PointsLeftError).detail.startswith("Mehr als 1.000 Benutzer haben")
    closed = ProgrammeClosed(DEALER, 5, APRIL_1)
    given(PROGRAMME_DECIDER, *ENDING).when(Close(DEALER, 0, APRIL_1)).then(closed)
    given(PROGRAMME_DECIDER, *ENDING, closed).when(Close(DEALER, 0, APRIL_1)).then()


def test_a_programme_that_runs_is_not_closed_at_once() -> None:
    """BO-12"""
    given(PROGRAMME_DECIDER, *RUNNING).when(Close(DEALER, 0, APRIL_1)).refused(
        ProgrammeNotDeactivatedError, "programme-not-deactivated"
    )


CHANGES: list[Command] = [
    SetTerms(DEALER, TERMS, NEW_YEAR),
    AddReward(FIVE_EUROS, NEW_YEAR),
    WithdrawReward(DEALER, "five", NEW_YEAR),
    EndPromotion(DEALER, "p", NEW_YEAR),
    Activate(DEALER, NEW_YEAR),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_told", [True, False])
def test_a_closed_programme_stays_as_it_is(change: Command, *, is_told: bool) -> None:
    """BO-12: from the first moment on, even if its timer is late."""
    history: list[ProgrammeEvent] = [
        *ENDING,
        *([ProgrammeClosed(DEALER, 5, NEW_YEAR)] if is_told else []),
    ]
    given(PROGRAMME_DECIDER, *history).when(change).refused(
        ProgrammeClosedError, "programme-closed"
    )


def test_orders_follow_the_programme_that_ran_when_they_were_placed() -> None:
    """X-40, Q20"""
    versions = PROGRAMME_DECIDER.fold([*ENDING, ProgrammeClosed(DEALER, 5, NEW_YEAR)])
    late = NEW_YEAR + timedelta(days=1)
    before = versions.for_order(APRIL_1 - timedelta(seconds=1), late)
    assert isinstance(before, Active)
    assert isinstance(versions.for_order(APRIL_1, late), RunOff)
    assert isinstance(versions.for_order(NEW_YEAR, late), Closed)


def test_users_of_a_programme_in_its_run_off_can_choose_a_reward() -> None:
    """BO-12: the last one stays."""
    given(PROGRAMME_DECIDER, *ENDING).when(WithdrawReward(DEALER, "five", APRIL_1)).refused(
        LastRewardError, "last-reward"
    )


def test_the_last_reward_of_a_run_off_is_not_limited_to_the_past() -> None:
    """BO-12: nor is it in a programme that runs."""
    over = msgspec.structs.replace(FIVE_EUROS, valid_until=date(2026, 3, 31))
    for history in (RUNNING, ENDING):
        given(PROGRAMME_DECIDER, *history).when(AddReward(over, APRIL_1)).refused(
            LastRewardError, "last-reward"
        )
    today = msgspec.structs.replace(FIVE_EUROS, valid_until=date(2026, 4, 1))
    assert PROGRAMME_DECIDER.decide(AddReward(today, APRIL_1), PROGRAMME_DECIDER.fold(ENDING))


def test_a_programme_without_a_reward_that_is_offered_is_not_activated_again() -> None:
    """BO-10"""
    over = msgspec.structs.replace(FIVE_EUROS, version=5, valid_until=date(2026, 4, 30))
    refused = (
        given(PROGRAMME_DECIDER, *ENDING, over)
        .when(Activate(DEALER, APRIL_1 + timedelta(days=30)))
        .refused(IncompleteError)
    )
    assert refused.facts["missing"] == "rewards"
