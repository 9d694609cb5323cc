"""Which orders wait for whom (X-26, S1)."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.approval.needs import end_of_waiting, needs
from checkout.pricing.sale import Sale
from zugabe_events.contracts.checkout import ApprovalNeed, SalesTerms

NOBODY: frozenset[ApprovalNeed] = frozenset()
CAPS = SalesTerms(review_order_cents=100_000, review_day_cents=150_000)


@pytest.mark.parametrize(
    ("sale", "goods", "expected"),
    [
        (Sale(), 10**9, ()),
        (Sale(approval="always"), 0, ("customer",)),
        (Sale(approval="above", approval_above_cents=50_000), 50_000, ()),
        (Sale(approval="above", approval_above_cents=50_000), 50_001, ("customer",)),
        (Sale(terms=CAPS), 100_000, ()),
        (Sale(terms=CAPS), 100_001, ("order-value",)),
        (Sale(terms=SalesTerms(review_order_cents=0)), 1, ("order-value",)),
    ],
)
def test_an_order_waits_for_whom_the_terms_say(
    sale: Sale, goods: int, expected: tuple[ApprovalNeed, ...]
) -> None:
    """X-26, S1: a limit is what may still be ordered without approval."""
    assert needs(sale, goods, 0, NOBODY) == expected


def test_orders_of_a_day_are_counted_together() -> None:
    """S1"""
    sale = Sale(terms=CAPS)
    assert needs(sale, 50_000, 100_000, NOBODY) == ()
    assert needs(sale, 50_001, 100_000, NOBODY) == ("day-value",)


def test_several_reasons_hold_at_once() -> None:
    sale = Sale(terms=CAPS, approval="always")
    assert needs(sale, 200_000, 0, NOBODY) == ("customer", "order-value", "day-value")


@given(st.sets(st.sampled_from(["customer", "order-value", "day-value"])))
def test_nobody_waits_for_an_approval_that_they_could_give(exempt: set[ApprovalNeed]) -> None:
    sale = Sale(terms=CAPS, approval="always")
    assert {*needs(sale, 200_000, 0, frozenset(exempt))} == {
        "customer",
        "order-value",
        "day-value",
    } - exempt


def test_an_order_waits_to_the_end_of_its_last_day_in_berlin() -> None:
    """X-11: also across the change to summer time."""
    noon = datetime(2026, 3, 20, 11, tzinfo=UTC)
    assert end_of_waiting(noon, 14) == datetime(2026, 4, 3, 22, tzinfo=UTC)
    late = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    assert end_of_waiting(late, 1) == datetime(2026, 3, 22, 23, tzinfo=UTC)
