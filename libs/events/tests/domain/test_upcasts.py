"""An event that was stored in an older shape is read in its present one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.errors import NewerSchemaError
from zugabe_events.domain.event import Event, EventTypes, Fact, Upcast

STORED = Path(__file__).with_name("stored") / "price-named.jsonl"


class Price(Fact, frozen=True):
    cents: int
    currency: str = "EUR"


def in_cents(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had whole euros."""
    return {**body, "cents": body["euros"] * 100}


def in_one_part(body: dict[str, Any]) -> dict[str, Any]:
    """Version 2 had the cents beside everything else, and said nothing of what it is for."""
    return {**body, "price": {"cents": body["cents"]}, "per": "piece"}


class PriceNamed(Event, frozen=True):
    stored_as: ClassVar[str] = "price-named"
    schema_version: ClassVar[int] = 3
    upcasts: ClassVar[Mapping[int, Upcast]] = {1: in_cents, 2: in_one_part}

    article: str
    price: Price
    per: Literal["piece", "box"]
    note: str = ""


class Shown(Event, frozen=True):
    stored_as: ClassVar[str] = "shown"


TYPES = EventTypes([PriceNamed, Shown])
LINES = [json.loads(line) for line in STORED.read_text().splitlines()]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['schema']}: {line['data']}")
def test_bytes_of_every_version_are_read(line: Mapping[str, Any]) -> None:
    """As they were stored, whatever code wrote them."""
    expected = msgspec.convert(line["means"], PriceNamed)
    assert TYPES.decode("price-named", line["data"], line["schema"]) == expected
    assert TYPES.decode("price-named", line["data"].encode(), line["schema"]) == expected


def test_the_stored_bytes_are_of_every_version() -> None:
    assert {line["schema"] for line in LINES} == {1, 2, 3}


@given(st.text(), st.integers(0, 2**40), st.text())
def test_one_fact_is_one_event_in_whatever_version_it_was_stored(
    article: str, euros: int, note: str
) -> None:
    first = {"article": article, "euros": euros, "note": note, "unknown": [note]}
    second = {"article": article, "cents": euros * 100, "note": note}
    third = PriceNamed(article, Price(euros * 100), "piece", note)
    for version, body in ((1, first), (2, second), (3, third)):
        stored = msgspec.json.encode(body)
        assert TYPES.decode("price-named", stored, version) == third


def test_an_older_body_that_is_broken_is_not_read_as_another() -> None:
    with pytest.raises(msgspec.ValidationError):
        TYPES.decode("price-named", '{"article": 7, "cents": 100}', 2)
    with pytest.raises(msgspec.DecodeError):
        TYPES.decode("price-named", "[", 2)


@pytest.mark.parametrize("version", [4, 0])
def test_a_version_that_this_code_does_not_know_is_not_guessed(version: int) -> None:
    """Half of what it says could be lost: whoever reads it waits for newer code."""
    with pytest.raises(NewerSchemaError, match="price-named"):
        TYPES.decode("price-named", '{"article": "a", "price": {"cents": 1}}', version)
    with pytest.raises(NewerSchemaError, match="shown has schema 2, known are 1 to 1"):
        TYPES.decode("shown", "{}", 2)


@pytest.mark.parametrize(
    "upcasts", [{}, {1: in_cents}, {2: in_one_part}, {1: in_cents, 2: in_one_part, 3: in_cents}]
)
def test_each_older_version_has_one_way_on(upcasts: Mapping[int, Any]) -> None:
    lacking = type("Lacking", (PriceNamed,), {"upcasts": upcasts})
    with pytest.raises(TypeError, match="price-named needs one upcast for each version"):
        EventTypes([lacking])
