"""Schemas of events: what is written passes them, and what was released stays readable."""

import json
from datetime import UTC, date
from importlib.resources import files
from typing import Any, ClassVar, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator, meta

from zugabe_events.domain.event import Event, EventTypes, Fact, Instant, Personal
from zugabe_events.schemas.json_schema import schema_of
from zugabe_events.schemas.publishers import events_of, publishers
from zugabe_events.schemas.released import released, services

EVENTS = [event for contract in publishers().values() for event in events_of(contract)]
TYPES = EventTypes(EVENTS)
RELEASED = [schema for service in services() for schema in released(service).values()]


class Guest(Fact, frozen=True):
    """Who comes.

    And whom they bring.
    """

    name: Personal
    seats: int = 1


class PartyHeld(Event, frozen=True):
    """There was a party."""

    stored_as: ClassVar[str] = "party-held"

    guests: tuple[Guest, ...]
    on: date
    at: Instant
    mood: Literal["glad", "sad"] | None
    price_cents: int | None
    songs: dict[str, int] = msgspec.field(default_factory=dict)


PARTY = schema_of(PartyHeld)


def checked(schema: Any) -> Draft202012Validator:
    return Draft202012Validator(schema, validate_formats=True)


def test_a_schema_says_what_the_contract_says() -> None:
    """X-14"""
    assert PARTY["$id"] == "urn:zugabe:party-held:1"
    assert PARTY["description"] == "There was a party."
    assert PARTY["required"] == ["guests", "on", "at", "mood", "price_cents"]
    assert PARTY["additionalProperties"] is True
    fields = PARTY["properties"]
    assert fields["on"] == {"type": "string", "format": "date"}
    assert fields["at"] == {"type": "string", "format": "date-time"}
    assert fields["mood"] == {"anyOf": [{"enum": ["glad", "sad"]}, {"type": "null"}]}
    assert fields["price_cents"]["x-unit"] == "euro cents"
    assert fields["songs"]["default"] == {}
    guest = PARTY["$defs"]["Guest"]
    assert guest["description"] == "Who comes.\n\nAnd whom they bring."
    assert guest["properties"]["name"] == {"type": "string", "x-personal": True}
    assert guest["additionalProperties"] is True


@given(
    st.builds(
        PartyHeld,
        guests=st.lists(st.builds(Guest, name=st.text(), seats=st.integers(0, 2**40))).map(tuple),
        on=st.dates(),
        at=st.datetimes(timezones=st.just(UTC)),
        mood=st.sampled_from(["glad", "sad", None]),
        price_cents=st.none() | st.integers(-(2**40), 2**40),
        songs=st.dictionaries(st.text(), st.integers(-9, 9)),
    )
)
def test_what_is_written_passes_its_schema(party: PartyHeld) -> None:
    written = json.loads(msgspec.json.encode(party))
    checked(PARTY).validate(written)
    checked(PARTY).validate(written | {"loud": True})


@pytest.mark.parametrize(
    "wrong",
    [
        {"guests": [{}]},
        {"on": "4. Mai"},
        {"at": "gestern"},
        {"mood": "angry"},
        {"price_cents": "12"},
        {"price_cents": 1.5},
        {"songs": {"one": "two"}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_another_body_does_not_pass(wrong: dict[str, Any]) -> None:
    assert checked(PARTY).is_valid(PARTY["examples"][0])
    assert not checked(PARTY).is_valid(PARTY["examples"][0] | wrong)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.stored_as)
def test_every_contract_has_a_schema_that_its_samples_pass(event: type[Event]) -> None:
    schema = schema_of(event)
    meta.validate(schema)
    full, least = schema["examples"]
    assert full.keys() == schema["properties"].keys()
    assert list(least) == schema.get("required", [])
    for body in (full, least):
        checked(schema).validate(body)
        read = msgspec.json.decode(msgspec.json.encode(body), type=event)
        checked(schema).validate(json.loads(msgspec.json.encode(read)))


@pytest.mark.parametrize("schema", RELEASED, ids=lambda schema: schema["$id"])
def test_what_was_written_under_a_released_schema_is_read_for_ever(schema: dict[str, Any]) -> None:
    """The bytes are those of the day of the release; the code is of today."""
    name, version = schema["x-stored-as"], schema["x-schema-version"]
    for body in schema["examples"]:
        checked(schema).validate(body)
        event = TYPES.decode(name, json.dumps(body), version)
        assert isinstance(event, TYPES.by_name[name])
        again = json.loads(msgspec.json.encode(event))
        if version == event.schema_version:
            assert holds(again, body)


def holds(found: Any, written: Any) -> bool:
    """True if everything written is still there, beside defaults of what was left out."""
    match written:
        case dict():
            return all(name in found and holds(found[name], part) for name, part in written.items())
        case list():
            return len(found) == len(written) and all(map(holds, found, written))
        case _:
            return bool(found == written)


def test_the_package_holds_nothing_but_schemas() -> None:
    for place in files("zugabe_schemas").iterdir():
        if place.is_dir() and place.name != "__pycache__":
            assert place.name in publishers()
            for file in place.iterdir():
                assert file.name.endswith(".json")
        elif place.is_file():
            assert place.read_bytes() == b""
