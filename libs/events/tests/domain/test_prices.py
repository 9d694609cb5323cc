"""Prices: which one counts, and what a line costs."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.prices import (
    MAX_VERSIONS,
    Price,
    PriceStep,
    PriceVersion,
    exact_net,
    first_net,
    german_amount,
    line_net_cents,
    listed_price,
    lowest_price,
    price_for,
    unit_net,
    valid_price,
    with_version,
)
from zugabe_events.domain.versions import version_at

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def price(*steps: tuple[int, str], unit: int = 1, **validity: date) -> Price:
    found = tuple(PriceStep(quantity, Decimal(amount)) for quantity, amount in steps)
    return Price(found, unit, validity.get("valid_from"), validity.get("valid_until"))


def version(number: int, at: datetime, *prices: Price) -> PriceVersion:
    return PriceVersion(number, at, prices)


def test_250_screws_at_349_per_100() -> None:
    """X-34: 8,725 € is 8,73 €, rounded once for the line."""
    screws = price((1, "3.49"), unit=100)
    assert line_net_cents(screws, 250) == 873
    assert exact_net(screws, 250) == Fraction("8.725")
    assert unit_net(screws, 250) == Decimal("0.0349")


def test_four_decimals_per_unit() -> None:
    """X-34"""
    sheets = price((1, "0.0333"))
    assert line_net_cents(sheets, 1) == 3
    assert line_net_cents(sheets, 1_000) == 3330
    assert unit_net(price((1, "1"), unit=3), 1) == Decimal("0.3333")


def test_a_step_counts_from_its_quantity_on_for_all_units() -> None:
    """Q34"""
    pens = price((1, "1.00"), (10, "0.90"), (100, "0.80"))
    assert [line_net_cents(pens, n) for n in (1, 9, 10, 99, 100)] == [100, 900, 900, 8910, 8000]


def test_below_the_lowest_step_there_is_no_price() -> None:
    crates = price((6, "1.00"))
    with pytest.raises(ValueError, match="no price for 5"):
        line_net_cents(crates, 5)
    assert price_for(NOON, 5, central=[version(1, NOON, crates)]) is None
    assert price_for(NOON, 6, central=[version(1, NOON, crates)]) is not None


amounts = st.decimals(Decimal("0.0001"), Decimal(10_000_000), places=4)
quantities = st.integers(1, 1_000_000)


@given(amounts, st.integers(1, 1_000_000), quantities, quantities)
def test_a_line_is_exact_and_never_cheaper_for_more_of_one_step(
    amount: Decimal, unit: int, one: int, other: int
) -> None:
    """X-34: the nearest cent to the fraction, half up, and monotone within a step."""
    found = Price((PriceStep(1, amount),), unit)
    few, many = sorted((one, other))
    assert line_net_cents(found, few) <= line_net_cents(found, many)
    exact = Fraction(int(amount * 10_000), 10_000) * many / unit * 100
    cents = line_net_cents(found, many)
    assert -Fraction(1, 2) < cents - exact <= Fraction(1, 2)


def test_the_dealers_price_replaces_the_central_one_while_it_is_valid() -> None:
    """Q34"""
    central = [version(1, NOON - 9 * DAY, price((1, "5")))]
    dealer = [version(3, NOON - DAY, price((1, "6"), valid_until=date(2026, 5, 5)))]
    found = price_for(NOON, 1, central=central, dealer=dealer)
    assert found is not None
    assert (found.source, found.version, found.price.steps[0].amount) == ("dealer", 3, Decimal(6))
    later = price_for(NOON + 2 * DAY, 1, central=central, dealer=dealer)
    assert later is not None
    assert (later.source, later.version) == ("central", 1)
    withdrawn = [*dealer, version(4, NOON)]
    assert listed_price(NOON, central, withdrawn) == later


def test_an_agreed_price_counts_from_its_quantity_on_even_if_it_is_higher() -> None:
    """Q34"""
    central = [version(1, NOON, price((1, "5")))]
    agreed = [version(1, NOON, price((10, "7")))]
    sources = [
        found.source
        for quantity in (9, 10)
        if (found := price_for(NOON, quantity, central=central, customer=agreed))
    ]
    assert sources == ["central", "customer"]


def test_of_prices_that_overlap_the_one_that_begins_last_counts() -> None:
    always, june = price((1, "5")), price((1, "4"), valid_from=date(2026, 6, 1))
    sale = price((1, "3"), valid_from=date(2026, 6, 10), valid_until=date(2026, 6, 12))
    found = [
        valid_price((sale, always, june), datetime(2026, month, day, 12, tzinfo=UTC))
        for month, day in ((5, 31), (6, 1), (6, 10), (6, 12), (6, 13))
    ]
    assert found == [always, june, sale, sale, june]


def test_days_begin_and_end_in_berlin() -> None:
    """X-11"""
    may = price((1, "5"), valid_from=date(2026, 5, 1), valid_until=date(2026, 5, 31))
    assert valid_price((may,), datetime(2026, 4, 30, 21, 59, tzinfo=UTC)) is None
    assert valid_price((may,), datetime(2026, 4, 30, 22, 0, tzinfo=UTC)) is may
    assert valid_price((may,), datetime(2026, 5, 31, 21, 59, tzinfo=UTC)) is may
    assert valid_price((may,), datetime(2026, 5, 31, 22, 0, tzinfo=UTC)) is None


def test_an_order_of_the_past_has_the_price_of_its_time() -> None:
    """X-40"""
    versions = [version(1, NOON - 2 * DAY, price((1, "5"))), version(2, NOON, price((1, "6")))]
    assert version_at(versions, NOON - 3 * DAY) is None
    assert version_at(versions, NOON - timedelta(seconds=1)) == versions[0]
    assert version_at(versions, NOON) == versions[1]


def test_versions_are_kept_in_order_once_each_and_the_latest_ones_only() -> None:
    versions: tuple[PriceVersion, ...] = ()
    for number in (2, 1, 2, *range(3, MAX_VERSIONS + 3)):
        versions = with_version(versions, version(number, NOON + number * DAY))
    assert [one.version for one in versions] == list(range(3, MAX_VERSIONS + 3))


def test_the_lowest_price_of_30_days_looks_at_all_that_was_charged() -> None:
    """Q13: what was charged in the 30 days before, dealer over central, by piece."""
    central = [version(1, NOON - 90 * DAY, price((1, "5")))]
    dealer = [
        version(1, NOON - 60 * DAY, price((1, "1"))),
        version(2, NOON - 31 * DAY, price((1, "600"), unit=100)),
        version(3, NOON - 9 * DAY, price((1, "4.50"), (10, "0.10"))),
        version(4, NOON - 8 * DAY, price((1, "7"))),
        version(5, NOON, price((1, "2"))),
    ]
    found = lowest_price(NOON, central=central, dealer=dealer)
    assert found is not None
    assert first_net(found) == Fraction("4.50")
    before = lowest_price(NOON - 9 * DAY, central=central, dealer=dealer)
    assert before is not None
    assert first_net(before) == 1  # until 31 days ago, so within the 30 days before
    assert lowest_price(NOON - 90 * DAY, central=central, dealer=dealer) is None


def test_a_sale_of_one_day_is_the_lowest_price_of_the_30_days_after_it() -> None:
    """Q13"""
    day = date(2026, 5, 4)
    sale = price((1, "3"), valid_from=day, valid_until=day)
    versions = [version(1, NOON - 90 * DAY, price((1, "5")), sale)]

    def lowest(at: datetime) -> Fraction:
        found = lowest_price(at, dealer=versions)
        assert found is not None
        return first_net(found)

    assert lowest(NOON - DAY) == 5
    assert lowest(NOON + DAY) == 3
    assert lowest(datetime(2026, 6, 3, 21, 59, tzinfo=UTC)) == 3
    assert lowest(datetime(2026, 6, 3, 22, 1, tzinfo=UTC)) == 5


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("3.49", "3,49 €"),
        ("3.4900", "3,49 €"),
        ("0.0349", "0,0349 €"),
        ("1234.5", "1.234,50 €"),
        ("10000000", "10.000.000,00 €"),
    ],
)
def test_prices_in_german(amount: str, text: str) -> None:
    assert german_amount(Decimal(amount)) == text
