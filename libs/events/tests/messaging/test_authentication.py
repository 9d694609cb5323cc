"""S2: a record is believed only if a sequencer has signed it, as it is and where it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from zugabe_events.consumer.feed import sorted_by_lane
from zugabe_events.domain.mac import MacKeys
from zugabe_events.messaging.authentication import (
    PURPOSE,
    Authentication,
    ForgedMessageError,
    authentication_of,
)
from zugabe_events.messaging.kafka_security import security_of
from zugabe_events.messaging.message import MalformedMessageError, OutgoingMessage
from zugabe_events.observability.metrics import REGISTRY

OLD, NEW = b"old" * 11, b"new" * 11


@dataclass(frozen=True)
class Record:
    headers: tuple[tuple[str, bytes], ...]
    value: bytes = b'{"points":7}'
    key: bytes = b"account-1"
    topic: str = "bonus"
    partition: int = 3
    offset: int = 9


def authentication(*secrets: bytes, accepts_unsigned: bool = False) -> Authentication:
    return Authentication(MacKeys(secrets, PURPOSE), accepts_unsigned=accepts_unsigned)


def message(pos: int = 5) -> OutgoingMessage:
    headers = [
        ("ce_id", b"c1.0"),
        ("ce_type", b"points-earned"),
        ("ce_sequence", b"3.%d" % pos),
        ("ce_source", b"/zugabe/bonus/l1"),
        ("ce_dataschema", b"urn:zugabe:points-earned:1"),
        *((name, b"x") for name in ("ce_subject", "ce_time", "ce_correlationid", "ce_dealer")),
    ]
    return OutgoingMessage(3, pos, "points-earned", b"account-1", b'{"points":7}', headers)


def sent(by: Authentication, pos: int = 5) -> Record:
    return Record(tuple(by.signed(message(pos))))


def test_what_a_sequencer_signed_is_believed() -> None:
    """S2"""
    sequencer, consumer = authentication(NEW), authentication(NEW)
    read = consumer.read(sent(sequencer))
    assert (read.lane.log_id, read.pos, read.body) == ("l1", 5, b'{"points":7}')


def with_header(name: str, value: bytes) -> Callable[[Record], Record]:
    def changed(record: Record) -> Record:
        headers = tuple((one, value if one == name else its) for one, its in record.headers)
        assert headers != record.headers
        return replace(record, headers=headers)

    return changed


@pytest.mark.parametrize(
    "forge",
    [
        lambda record: replace(record, value=b'{"points":10000000}'),
        lambda record: replace(record, key=b"account-2"),
        with_header("ce_id", b"c2.0"),
        with_header("ce_sequence", b"3.6"),
        with_header("ce_source", b"/zugabe/bonus/l2"),
        with_header("ce_type", b"points-spent"),
        with_header("ce_subject", b"y"),
        with_header("ce_mac", b""),
        with_header("ce_mac", b"00000000.00000000000000000000000000000000"),
        lambda record: replace(record, headers=record.headers[:-1]),
        lambda record: replace(record, headers=(*record.headers, ("ce_continues", b"l0.9"))),
        lambda record: replace(
            record, headers=(*record.headers[:-1], ("ce_continues", b"l0.9"), record.headers[-1])
        ),
        lambda record: replace(record, headers=(*record.headers[:-1], ("ce_mac", None))),
    ],
)
def test_whatever_is_changed_is_forged(forge: Callable[[Record], Record]) -> None:
    """S2: also a new log id, or a header that says which log is continued"""
    keys = authentication(NEW)
    with pytest.raises(ForgedMessageError):
        keys.read(forge(sent(keys)))


def test_keys_rotate() -> None:
    """S2"""
    before, after = sent(authentication(OLD)), sent(authentication(NEW, OLD))
    both = authentication(OLD, NEW)
    assert both.read(before).pos == both.read(after).pos == 5
    with pytest.raises(ForgedMessageError, match="unknown-key"):
        authentication(NEW).read(before)


def test_messages_without_a_mac_are_believed_only_for_the_change_over() -> None:
    """S2: and a wrong MAC is never right"""
    unsigned = Record(tuple(message().headers))
    meanwhile = authentication(NEW, accepts_unsigned=True)
    assert meanwhile.read(unsigned).pos == 5
    with pytest.raises(ForgedMessageError):
        meanwhile.read(sent(authentication(OLD)))
    with pytest.raises(ForgedMessageError, match="no-mac"):
        authentication(NEW).read(unsigned)


def count(reason: str) -> float:
    labels = {"log": "bonus", "reason": reason}
    return REGISTRY.get_sample_value("zugabe_refused_records_total", labels) or 0.0


def test_forged_records_are_counted_and_passed_over() -> None:
    """S2"""
    keys = authentication(NEW)
    before = {reason: count(reason) for reason in ("malformed", "no-mac", "unknown-key")}
    records: list[Any] = [
        sent(keys, 5),
        Record(tuple(message(6).headers)),
        Record(()),
        sent(authentication(OLD), 6),
        sent(keys, 6),
    ]
    by_lane = sorted_by_lane(records, keys)
    [messages] = by_lane.values()
    assert [found.pos for found in messages] == [5, 6]
    assert {reason: count(reason) - was for reason, was in before.items()} == dict.fromkeys(
        before, 1
    )


def test_the_address_of_kafka_names_the_keys(tmp_path: Path) -> None:
    """S2: without TLS as with it"""
    file = tmp_path / "keys"
    file.write_bytes(NEW + b"\n" + OLD)
    address = f"localhost:9092?mac_keys={file}"
    assert security_of(address) is None
    assert authentication_of(address).read(sent(authentication(OLD))).pos == 5
    with pytest.raises(MalformedMessageError):
        authentication_of(address).read(Record(tuple(message().headers)))
    assert authentication_of(f"{address}&unsigned=1").read(Record(tuple(message().headers)))
    assert authentication_of("localhost:9092").read(Record(tuple(message().headers)))
