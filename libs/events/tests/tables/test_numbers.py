"""Numbers and days as Germans write them, exact or refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from zugabe_events.tables.numbers import WrittenWrongError, day_of, decimal_of

DECIMALS = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=4
)


def grouped(number: Decimal) -> str:
    """`1.234,5600`"""
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("1.234,5600", "1234.5600"),
        ("3,49", "3.49"),
        ("3.49", "3.49"),
        ("3,49 €", "3.49"),
        ("€ 3,49", "3.49"),
        ("3,49 EUR", "3.49"),
        ("-0,05", "-0.05"),
        ("−5", "-5"),
        ("+7", "7"),
        ("1.234.567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1,234", "1.234"),
        ("0042", "42"),
        (" 5\u00a0€ ", "5"),
    ],
)
def test_a_number_is_read_exactly(text: str, exact: str) -> None:
    """X-38"""
    number = decimal_of(text)
    assert (number, number.as_tuple()) == (Decimal(exact), Decimal(exact).as_tuple())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1.234", "mehrdeutig.*1234 oder 1,234"),
        ("-12.500", "mehrdeutig"),
        ("1,234.56", "englisch"),
        ("1,234,567", "englisch"),
        ("12.34,5", "wie 1.234,56"),
        ("1.23.456", "wie 1.234,56"),
        ("1.2345,6", "wie 1.234,56"),
        ("1,2,3", "wie 1.234,56"),
        ("3,", "wie 1.234,56"),
        (",5", "wie 1.234,56"),
        ("3,49-", "wie 1.234,56"),
        ("4,00638E+12", "verkürzt"),
        ("1e5", "wie 1.234,56"),
        ("٣", "wie 1.234,56"),
        ("", "wie 1.234,56"),
        ("NaN", "wie 1.234,56"),
        ("1_000", "wie 1.234,56"),
        ("€", "wie 1.234,56"),
        ("1" * 31, "zu viele Stellen"),
    ],
)
def test_what_is_no_number_or_could_be_two_is_refused(text: str, sentence: str) -> None:
    """X-38"""
    with pytest.raises(WrittenWrongError, match=sentence):
        decimal_of(text)


@examples(DECIMALS)
def test_each_way_to_write_a_number_gives_the_same_exact_one(number: Decimal) -> None:
    """X-38: it never goes through a float."""
    written = f"{number:f}"
    assert decimal_of(grouped(number)) == number
    assert decimal_of(written.replace(".", ",")) == number
    assert decimal_of(f"{grouped(number)} €") == number
    assert decimal_of(written) == number
    assert isinstance(decimal_of(written), Decimal)


@examples(st.text(max_size=12))
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    """X-10"""
    try:
        assert decimal_of(text).is_finite()
    except WrittenWrongError as error:
        reason = str(error)
    else:
        reason = "none"
    assert reason


@pytest.mark.parametrize(
    "text",
    ["31.12.2026", "2026-12-31", " 31.12.2026 ", "31.12.2026 00:00", "2026-12-31T00:00:00"],
)
def test_a_day_is_written_in_two_ways(text: str) -> None:
    """X-38"""
    assert day_of(text) == date(2026, 12, 31)
    assert day_of("1.2.2026") == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31.12.26", "wie 31.12.2026"),
        ("12/31/2026", "wie 31.12.2026"),
        ("31.12.2026 14:05", "wie 31.12.2026"),
        ("46387", "wie 31.12.2026"),
        ("31. Dezember 2026", "wie 31.12.2026"),
        ("30.02.2026", "gibt es nicht"),
        ("2026-13-01", "gibt es nicht"),
        ("00.00.0000", "gibt es nicht"),
    ],
)
def test_what_is_no_day_is_refused(text: str, sentence: str) -> None:
    """X-38"""
    with pytest.raises(WrittenWrongError, match=sentence):
        day_of(text)


@examples(st.dates())
def test_every_day_is_read_as_it_was_written(day: date) -> None:
    """X-38"""
    assert day_of(day.isoformat()) == day
    assert day_of(f"{day.day:02}.{day.month:02}.{day.year:04}") == day
