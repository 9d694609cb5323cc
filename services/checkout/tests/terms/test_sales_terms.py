"""A dealer's terms of sale, by version."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from checkout.terms.limits import (
    MAX_APPROVAL_DAYS,
    MAX_CANCELLATIONS,
    MAX_RETURN_DAYS,
    MAX_SHIPPING_CENTS,
)
from checkout.terms.refusals import TermsInvalidError, TermsOvertakenError
from checkout.terms.sales_terms import SALES_TERMS_DECIDER, SetSalesTerms
from zugabe_events.contracts.checkout import SalesTerms, SalesTermsSet, ShippingTerms
from zugabe_testing.deciders import given

NOON = datetime(2026, 3, 1, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
GERMANY = ShippingTerms("DE", 490, 5_000)
AUSTRIA = ShippingTerms("AT", 990)
TERMS = SalesTerms(shipping=(AUSTRIA, GERMANY), points_on="shipped")
FIRST = SalesTermsSet("d1", 1, TERMS, NOON)


def test_terms_are_in_force_from_now_on() -> None:
    given(SALES_TERMS_DECIDER).when(SetSalesTerms("d1", TERMS, NOON)).then(FIRST)


def test_terms_that_are_in_force_are_not_set_again() -> None:
    same = replace(TERMS, shipping=(GERMANY, AUSTRIA))
    given(SALES_TERMS_DECIDER, FIRST).when(SetSalesTerms("d1", same, NOON + HOUR)).then()
    given(SALES_TERMS_DECIDER).when(SetSalesTerms("d1", SalesTerms(), NOON)).then()


def test_changed_terms_are_another_version_and_default_ones_as_well() -> None:
    given(SALES_TERMS_DECIDER, FIRST).when(SetSalesTerms("d1", SalesTerms(), NOON + HOUR)).then(
        SalesTermsSet("d1", 2, SalesTerms(), NOON + HOUR)
    )


def test_a_version_follows_the_last_one_even_by_a_clock_that_is_slow() -> None:
    """X-40"""
    changed = SetSalesTerms("d1", SalesTerms(), NOON - HOUR)
    given(SALES_TERMS_DECIDER, FIRST).when(changed).then(SalesTermsSet("d1", 2, SalesTerms(), NOON))


def test_history_is_set_up_in_order_and_never_before_the_last_version() -> None:
    """X-40: orders that were placed under a version keep it."""
    past = SetSalesTerms("d1", TERMS, NOON, NOON - HOUR)
    given(SALES_TERMS_DECIDER).when(past).then(replace(FIRST, effective_at=NOON - HOUR))
    late = SetSalesTerms("d1", SalesTerms(), NOON + HOUR, NOON - HOUR)
    refused = given(SALES_TERMS_DECIDER, FIRST).when(late).refused(TermsOvertakenError)
    assert refused.facts == {"in_force_since": "2026-03-01T11:00:00+00:00"}


def problems(terms: SalesTerms) -> list[tuple[str, str]]:
    asked = given(SALES_TERMS_DECIDER).when(SetSalesTerms("d1", terms, NOON))
    refused = asked.refused(TermsInvalidError, "terms-invalid")
    return [(one["field"], one["code"]) for one in refused.lists["fields"]]


def test_all_that_is_wrong_is_said_at_once() -> None:
    """X-7"""
    wrong = SalesTerms(
        shipping=(
            ShippingTerms("de", 490),
            ShippingTerms("AT", -1, 0),
            ShippingTerms("AT", MAX_SHIPPING_CENTS + 1),
        ),
        earning_minimum_cents=-1,
        return_days=0,
        approval_days=MAX_APPROVAL_DAYS + 1,
        review_order_cents=0,
        review_day_cents=10**13,
        alarm_after_cancellations=0,
    )
    assert problems(wrong) == [
        ("shipping.0.country", "country-invalid"),
        ("shipping.1.country", "country-repeated"),
        ("shipping.1.cost_cents", "amount-out-of-range"),
        ("shipping.1.free_from_cents", "amount-out-of-range"),
        ("shipping.2.country", "country-repeated"),
        ("shipping.2.cost_cents", "amount-out-of-range"),
        ("earning_minimum_cents", "amount-out-of-range"),
        ("review_order_cents", "amount-out-of-range"),
        ("review_day_cents", "amount-out-of-range"),
        ("return_days", "number-out-of-range"),
        ("approval_days", "number-out-of-range"),
        ("alarm_after_cancellations", "number-out-of-range"),
    ]


@pytest.mark.parametrize("country", ["D", "DEU", "D1", "dE", "ÄÖ", ""])
def test_a_country_has_two_capital_letters(country: str) -> None:
    terms = SalesTerms(shipping=(ShippingTerms(country, 0),))
    assert problems(terms) == [("shipping.0.country", "country-invalid")]


LARGEST = SalesTerms(
    shipping=(ShippingTerms("DE", 0, 1), ShippingTerms("FR", MAX_SHIPPING_CENTS)),
    return_days=MAX_RETURN_DAYS,
    approval_days=MAX_APPROVAL_DAYS,
    review_order_cents=1,
    alarm_after_cancellations=MAX_CANCELLATIONS,
)


@pytest.mark.parametrize(
    "terms",
    [
        LARGEST,
        replace(LARGEST, return_days=1, approval_days=1, alarm_after_cancellations=1),
        replace(LARGEST, return_days=None, alarm_after_cancellations=None),
    ],
)
def test_the_limits_themselves_are_possible(terms: SalesTerms) -> None:
    given(SALES_TERMS_DECIDER).when(SetSalesTerms("d1", terms, NOON)).then(
        SalesTermsSet("d1", 1, terms, NOON)
    )
