"""X-20: the rates of VAT in force on a day, as a setting has them."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from checkout.main import Settings
from checkout.pricing.vat_rates import GERMAN_RATES, GERMANY, parse_vat_rates
from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.domain.calendar import day_of


@pytest.mark.parametrize(
    ("tax", "day", "rate"),
    [
        ("standard", date(1998, 3, 31), 1500),
        ("standard", date(1998, 4, 1), 1600),
        ("standard", date(2006, 12, 31), 1600),
        ("standard", date(2007, 1, 1), 1900),
        ("standard", date(2020, 6, 30), 1900),
        ("standard", date(2020, 7, 1), 1600),
        ("standard", date(2020, 12, 31), 1600),
        ("standard", date(2021, 1, 1), 1900),
        ("reduced", date(2020, 6, 30), 700),
        ("reduced", date(2020, 7, 1), 500),
        ("reduced", date(2020, 12, 31), 500),
        ("reduced", date(2021, 1, 1), 700),
        ("zero", date(2026, 5, 4), 0),
    ],
)
def test_the_german_rates_are_those_of_the_day(tax: TaxClass, day: date, rate: int) -> None:
    """X-20"""
    assert GERMANY.rate_of(tax, day) == rate


@pytest.mark.parametrize(
    ("instant", "rate"),
    [
        (datetime(2006, 12, 31, 22, 59, tzinfo=UTC), 1600),
        (datetime(2006, 12, 31, 23, 0, tzinfo=UTC), 1900),
        (datetime(2020, 6, 30, 21, 59, tzinfo=UTC), 1900),
        (datetime(2020, 6, 30, 22, 0, tzinfo=UTC), 1600),
    ],
)
def test_a_rate_changes_at_midnight_in_berlin(instant: datetime, rate: int) -> None:
    """X-11, X-20"""
    assert GERMANY.rate_of("standard", day_of(instant)) == rate


def test_the_first_rate_holds_on_days_before_it() -> None:
    assert GERMANY.rate_of("standard", date(1970, 1, 1)) == 1500


def test_classes_that_are_not_named_keep_the_german_rates() -> None:
    rates = parse_vat_rates("standard=20@1984-01-01,standard=21.5@2030-01-01")
    assert rates.rate_of("standard", date(2026, 5, 4)) == 2000
    assert rates.rate_of("standard", date(2030, 1, 1)) == 2150
    assert rates.rate_of("reduced", date(2026, 5, 4)) == 700


def test_rates_are_printed_as_the_setting_is_written() -> None:
    assert str(GERMANY) == GERMAN_RATES
    for text in ("standard=7.5@2026-01-01", "standard=100@2026-01-01", "reduced=0.01@2026-01-01"):
        assert text in str(parse_vat_rates(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("19", "rate 1: not class=percent@day, like standard=19@2007-01-01"),
        ("standard=19@2007-01-01,", "rate 2: not class=percent@day"),
        ("standard=-1@2007-01-01", "rate 1: not class=percent@day"),
        ("standard=1e1@2007-01-01", "rate 1: not class=percent@day"),
        ("full=19@2007-01-01", "rate 1: the classes are standard, reduced, zero"),
        ("standard=19@2007-02-29", "rate 1: there is no such day"),
        ("standard=101@2007-01-01", "rate 1: 0 to 100 percent, with two decimals at most"),
        ("standard=7.125@2007-01-01", "rate 1: 0 to 100 percent, with two decimals at most"),
        ("zero=0@2007-01-01, zero=1@2007-01-01", "the days of zero do not ascend"),
    ],
)
def test_nonsense_keeps_checkout_from_starting(text: str, why: str) -> None:
    """X-20"""
    setting = TypeAdapter(Settings.__annotations__["vat_rates"])
    assert setting.validate_python(GERMAN_RATES) == GERMANY
    with pytest.raises(ValidationError) as refused:
        setting.validate_python(text)
    assert why in str(refused.value)
