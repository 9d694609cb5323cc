"""Customers are enabled one by one, and keep the right to redeem when they are disabled."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bonus_tests.samples import CUSTOMER, DEALER, MARCH_1, TAKES_PART, programme

from bonus.customer.decider import (
    CUSTOMER_DECIDER,
    AdoptCustomer,
    CustomerEvent,
    DisableCustomer,
    EnableCustomer,
    Membership,
    ProgrammeNotRunningError,
)
from bonus.programme.run_off import run_off_until
from bonus.programme.versions import Draft, Versions
from zugabe_events.contracts.bonus import CustomerDisabled, CustomerEnabled
from zugabe_testing.deciders import given

RUNNING = Versions((programme(),))
ENABLE = EnableCustomer(DEALER, CUSTOMER, MARCH_1, RUNNING)
ENABLED = CustomerEnabled(DEALER, CUSTOMER, MARCH_1)
MAY = MARCH_1 + timedelta(days=61)
DISABLED = CustomerDisabled(DEALER, CUSTOMER, MAY, date(2027, 12, 31))
SECOND = timedelta(seconds=1)


def after(*events: CustomerEvent) -> Membership:
    return CUSTOMER_DECIDER.fold(events)


def test_a_customer_is_enabled_once_the_programme_runs() -> None:
    """BO-4, BO-28"""
    given(CUSTOMER_DECIDER).when(ENABLE).then(ENABLED)
    given(CUSTOMER_DECIDER, ENABLED).when(ENABLE).then()
    draft = EnableCustomer(DEALER, CUSTOMER, MARCH_1, Versions((Draft(),)))
    given(CUSTOMER_DECIDER).when(draft).refused(ProgrammeNotRunningError)


def test_orders_earn_from_enabling_to_disabling() -> None:
    """BO-11: by the instant of the order."""
    both = after(ENABLED, DISABLED)
    assert [both.collects(at) for at in (MARCH_1 - SECOND, MARCH_1, MAY - SECOND, MAY)] == [
        False,
        True,
        True,
        False,
    ]
    assert not Membership().collects(MARCH_1)


def test_a_disabled_customer_redeems_to_the_end_of_the_following_year() -> None:
    """BO-12"""
    disable = DisableCustomer(DEALER, CUSTOMER, MAY)
    given(CUSTOMER_DECIDER, ENABLED).when(disable).then(DISABLED)
    given(CUSTOMER_DECIDER, ENABLED, DISABLED).when(disable).then()
    given(CUSTOMER_DECIDER).when(disable).then()
    both = after(ENABLED, DISABLED)
    assert both.redeems(date(2027, 12, 31))
    assert not both.redeems(date(2028, 1, 1))
    assert not Membership().redeems(date(2026, 3, 1))


@pytest.mark.parametrize(
    ("ended_at", "last_day"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2027, 12, 31)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2028, 12, 31)),
    ],
)
def test_the_year_is_that_of_berlin(ended_at: datetime, last_day: date) -> None:
    """BO-12"""
    assert run_off_until(ended_at) == last_day


def test_a_customer_takes_part_again() -> None:
    later = MAY + timedelta(days=1)
    again = CustomerEnabled(DEALER, CUSTOMER, later)
    enable = EnableCustomer(DEALER, CUSTOMER, later, RUNNING)
    given(CUSTOMER_DECIDER, ENABLED, DISABLED).when(enable).then(again)
    thrice = after(ENABLED, DISABLED, again)
    assert not thrice.collects(later - SECOND)
    assert thrice.collects(later)
    assert thrice.redeems(date(2030, 1, 1))


def test_a_clock_behind_the_last_change_changes_no_order_of_things() -> None:
    early = DisableCustomer(DEALER, CUSTOMER, MARCH_1 - SECOND)
    disabled = CustomerDisabled(DEALER, CUSTOMER, MARCH_1, date(2027, 12, 31))
    given(CUSTOMER_DECIDER, ENABLED).when(early).then(disabled)
    given(CUSTOMER_DECIDER, ENABLED, DISABLED).when(ENABLE).then(
        CustomerEnabled(DEALER, CUSTOMER, MAY)
    )


def test_who_had_points_before_takes_part_since_ever() -> None:
    adopt = AdoptCustomer(DEALER, CUSTOMER)
    given(CUSTOMER_DECIDER).when(adopt).then(CustomerEnabled(DEALER, CUSTOMER))
    given(CUSTOMER_DECIDER, ENABLED, DISABLED).when(adopt).then()
    assert after(CustomerEnabled(DEALER, CUSTOMER)) == TAKES_PART
