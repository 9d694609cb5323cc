"""Events keep their stored names, are read tolerantly, and are named by their cause."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.event import Event, EventTypes, Instant, derived_id, event_id
from zugabe_events.schemas.publishers import events_of, publishers


class BellRung(Event, frozen=True):
    stored_as: ClassVar[str] = "bell-rung"

    by: str
    at: Instant | None = None


class BellTolled(Event, frozen=True):
    stored_as: ClassVar[str] = "bell-rung"

    by: str


type BellEvent = BellRung | BellTolled

ALL = [event for module in publishers().values() for event in events_of(module)]


def test_two_events_cannot_share_a_stored_name() -> None:
    with pytest.raises(TypeError, match="bell-rung"):
        EventTypes.of(BellEvent)


def test_all_contracts_together_share_no_stored_name() -> None:
    assert len(EventTypes(ALL).by_name) == len(ALL)


@pytest.mark.parametrize("event", ALL, ids=lambda event: event.stored_as)
def test_an_event_of_a_contract_has_a_sentence_and_a_name_of_words(event: type[Event]) -> None:
    assert (event.__doc__ or "").strip().partition("\n")[0]
    assert event.stored_as == event.stored_as.lower()
    assert event.stored_as.replace("-", "").isalpha()
    assert event.schema_version >= 1


def test_a_reader_ignores_fields_it_does_not_know() -> None:
    types = EventTypes([BellRung])
    assert types.decode("bell-rung", b'{"by": "anna", "loud": true}', 1) == BellRung(by="anna")


def test_a_name_that_is_not_known_is_nothing() -> None:
    assert EventTypes([BellRung]).decode("bell-cast", b"not even JSON", 1) is None


@pytest.mark.parametrize("data", [b"{}", b'{"by": 7}', b'{"by": "a", "at": "2026-01-01T00:00:00"}'])
def test_a_broken_event_is_not_read_as_another(data: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        EventTypes([BellRung]).decode("bell-rung", data, 1)


def test_an_event_cannot_be_changed() -> None:
    bell: Any = BellRung(by="anna")
    with pytest.raises(AttributeError):
        bell.by = "bert"


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_one_cause_gives_one_id(parts: list[str]) -> None:
    assert derived_id(*parts) == derived_id(*parts)
    assert derived_id(*parts) != derived_id(*parts, "more")


def test_ids_that_were_given_out_stay_as_they_are() -> None:
    assert derived_id("a", "b") == UUID("a3dbc3dd-2fd4-5f4c-94e2-7693b1fb04a7")
    assert event_id(UUID(int=1), 2) == "00000000-0000-0000-0000-000000000001.2"
