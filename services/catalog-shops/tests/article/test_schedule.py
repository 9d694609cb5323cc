"""Prices that can be stored, and their one form."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from catalog_shops.article.schedule import MAX_AMOUNT, checked_prices
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.prices import Price, PriceStep


def price(*steps: tuple[int, str], **fields: object) -> Price:
    found = Price(tuple(PriceStep(quantity, Decimal(amount)) for quantity, amount in steps))
    return replace(found, **fields)


@pytest.mark.parametrize(
    ("written", "stored"),
    [("3.5", "3.50"), ("3.490", "3.49"), ("0.0349", "0.0349"), ("1E+2", "100.00"), ("7", "7.00")],
)
def test_an_amount_has_two_decimals_and_as_many_more_as_it_needs(written: str, stored: str) -> None:
    """X-34"""
    [checked] = checked_prices([price((1, written))])
    assert str(checked.steps[0].amount) == stored


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "price-out-of-range"),
        ("-0", "price-out-of-range"),
        ("-1", "price-out-of-range"),
        ("NaN", "price-out-of-range"),
        ("sNaN", "price-out-of-range"),
        ("Infinity", "price-out-of-range"),
        ("1E+400", "price-out-of-range"),
        ("10000000.01", "price-out-of-range"),
        ("1E-400", "price-too-precise"),
        ("0.00001", "price-too-precise"),
        ("1.00000000000000000000000000000000000001", "price-too-precise"),
    ],
)
def test_an_amount_that_is_no_price_is_refused(amount: str, code: str) -> None:
    """X-34"""
    with pytest.raises(InvalidError) as refused:
        checked_prices([price((1, amount))])
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("prices", "code"),
    [
        ([price()], "price-steps-number"),
        ([price(*((n, "1") for n in range(1, 22)))], "price-steps-number"),
        ([price((0, "1"))], "price-step-quantity-invalid"),
        ([price((1_000_001, "1"))], "price-step-quantity-invalid"),
        ([price((5, "1"), (5, "2"))], "price-steps-ambiguous"),
        ([price((1, "1"), quantity=0)], "price-unit-invalid"),
        ([price((1, "1"), quantity=1_000_001)], "price-unit-invalid"),
        ([price((1, "1")), price((1, "2"))], "prices-ambiguous"),
        ([price((1, "1"), valid_from=date(2026, 1, 1 + n)) for n in range(21)], "prices-too-many"),
        (
            [price((1, "1"), valid_from=date(2026, 5, 2), valid_until=date(2026, 5, 1))],
            "price-validity-reversed",
        ),
    ],
)
def test_prices_that_contradict_themselves_are_refused(prices: list[Price], code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked_prices(prices)
    assert refused.value.code == code


def test_prices_stand_in_the_order_of_their_validity_and_steps_ascend() -> None:
    later = price((10, "1"), (1, "2"), valid_from=date(2026, 6, 1))
    always = price((1, "3"), valid_until=date(9999, 12, 31))
    assert checked_prices([later, always]) == (
        price((1, "3.00")),
        price((1, "2.00"), (10, "1.00"), valid_from=date(2026, 6, 1)),
    )


def test_a_price_may_be_valid_for_a_single_day() -> None:
    """X-11: the first and the last day are the same."""
    day = date(2026, 5, 4)
    single = price((1, "1.00"), valid_from=day, valid_until=day)
    assert checked_prices([single]) == (single,)


def test_an_article_may_have_twenty_prices_of_twenty_steps() -> None:
    steps = [(n, "1.00") for n in range(1, 21)]
    prices = [price(*steps, valid_from=date(2026, 1, 1 + n)) for n in range(20)]
    assert checked_prices(prices) == tuple(prices)


amounts = st.decimals(Decimal("0.0001"), MAX_AMOUNT, places=4)


@given(st.lists(amounts, min_size=1, max_size=5), st.integers(1, 1_000_000))
def test_what_is_stored_is_exactly_what_was_given_and_stays_so(
    found: list[Decimal], quantity: int
) -> None:
    """X-34"""
    steps = tuple(PriceStep(n + 1, amount) for n, amount in enumerate(found))
    [checked] = checked_prices([Price(steps, quantity)])
    assert [step.amount for step in checked.steps] == found
    assert checked_prices([checked]) == (checked,)
