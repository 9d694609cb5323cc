"""Kafka records become messages, whatever the order of their headers; others are refused."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from zugabe_events.domain.event import event_id
from zugabe_events.messaging.message import (
    HOT,
    REQUIRED,
    Lane,
    MalformedMessageError,
    from_log,
    incoming,
)

VALUES = {
    "ce_type": b"points-accrued",
    "ce_sequence": b"3.17",
    "ce_source": b"/zugabe/bonus/0198",
    "ce_dataschema": b"/schemas/points-accrued:2",
}
HEADERS = tuple((name, VALUES.get(name, b"x")) for name in REQUIRED)


def record(*headers: tuple[str, bytes], **other: Any) -> Any:
    usual = {"topic": "bonus", "partition": 3, "offset": 40, "value": b"{}", "headers": headers}
    return SimpleNamespace(**usual | other)


@pytest.mark.parametrize("headers", [HEADERS, HEADERS[::-1]])
def test_headers_may_have_any_order(headers: tuple[tuple[str, bytes], ...]) -> None:
    message = incoming(record(*headers))
    assert message.lane == Lane("bonus", "0198", 3)
    assert (message.pos, message.offset) == (17, 40)
    assert (message.name, message.schema, message.body) == ("points-accrued", 2, b"{}")


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_record_without_one_of_our_headers_is_refused(missing: str) -> None:
    headers = [header for header in HEADERS if header[0] != missing]
    with pytest.raises(MalformedMessageError, match="offset 40 of bonus/3"):
        incoming(record(*headers))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce_sequence", b"17"),
        ("ce_sequence", b"4.17"),
        ("ce_sequence", b"3.x"),
        ("ce_source", b"/zugabe/checkout/0198"),
        ("ce_source", b"elsewhere"),
        ("ce_dataschema", b"points-accrued"),
        ("ce_dataschema", b"points-accrued:0"),
        ("ce_type", b"\xff"),
    ],
)
def test_a_record_that_contradicts_its_place_is_refused(header: str, value: bytes) -> None:
    headers = [(name, value if name == header else found) for name, found in HEADERS]
    assert header in HOT
    with pytest.raises(MalformedMessageError):
        incoming(record(*headers))


def test_a_record_without_headers_or_body_is_refused() -> None:
    for malformed in (record(), record(*HEADERS, value=None)):
        with pytest.raises(MalformedMessageError):
            incoming(malformed)


def test_an_event_read_from_the_log_has_the_id_that_its_record_has() -> None:
    commit_id = UUID("0198c0de-0000-7000-8000-0123456789ab")
    stored = [{"name": "points-accrued", "schema": 2, "data": "{}"}] * 2
    commit = {"_id": commit_id.bytes, "events": stored}
    lane = Lane("bonus", "0198", 3)
    messages = list(from_log(commit, 17, lane))
    assert [message.pos for message in messages] == [17, 18]
    assert [message.id for message in messages] == [event_id(commit_id, n) for n in (0, 1)]
    assert messages[1].headers == {"ce_id": event_id(commit_id, 1).encode()}
