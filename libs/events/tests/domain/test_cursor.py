"""A cursor survives its way through a client; nothing else is taken for one (X-18)."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.cursor import SortValue, decode_cursor, encode_cursor
from zugabe_events.domain.errors import InvalidError

values = (
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.text(max_size=20)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
)


@given(value=values, key=st.text(max_size=20), sort=st.none() | st.text(max_size=20))
def test_a_cursor_is_read_as_it_was_written(value: SortValue, key: str, sort: str | None) -> None:
    """X-18"""
    read, read_key = decode_cursor(encode_cursor(value, key, sort), sort)
    assert (read, type(read), read_key) == (value, type(value), key)


def made_of(told: object) -> str:
    return urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "====",
        "ü",
        "a" * 2001,
        "W" * 1999,
        made_of({"$gt": ""}),
        made_of([{"$gt": ""}, "k"]),
        made_of([["a"], "k"]),
        made_of(["a", 1]),
        made_of(["a"]),
        made_of(["a", "k", "more"]),
        made_of([1.5, "k"]),
        made_of([2**63, "k"]),
        made_of([{"day": "2026-13-01"}, "k"]),
        made_of([{"day": {"$gt": 1}}, "k"]),
        made_of([{"instant": "2026-01-01T00:00:00"}, "k"]),
        made_of([{"instant": "0001-01-01T00:00:00+23:59"}, "k"]),
        made_of([{"instant": "9999-12-31T23:59:59-23:59"}, "k"]),
        made_of([{"day": "2026-01-01", "$gt": 1}, "k"]),
    ],
)
def test_no_other_text_is_a_cursor(cursor: str) -> None:
    with pytest.raises(InvalidError) as caught:
        decode_cursor(cursor)
    assert caught.value.code == "cursor-invalid"


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda b: urlsafe_b64encode(b).decode()))
def test_no_text_is_a_bug(text: str) -> None:
    try:
        value, key = decode_cursor(text)
    except InvalidError:
        return
    assert isinstance(key, str)
    assert value is None or isinstance(value, str | int | bool | date | datetime)


def test_a_cursor_is_of_one_sort_only() -> None:
    """X-18: with another sort it would silently begin at the wrong place."""
    for made, asked in ((None, "fee"), ("fee", None), ("fee", "-fee")):
        with pytest.raises(InvalidError):
            decode_cursor(encode_cursor(1, "k", made), asked)
