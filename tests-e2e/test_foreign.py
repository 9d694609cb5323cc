"""The foreign client sees what is wrong; otherwise its silence would prove nothing."""

import json
from dataclasses import dataclass
from importlib.resources import files

import pytest
from stories.foreign import faults, validators

SCHEMA = json.loads((files("zugabe_schemas") / "checkout" / "order-placed.json").read_text())
HEADERS = {
    "content-type": "application/json",
    "ce_id": "1.0",
    "ce_type": "order-placed",
    "ce_source": "/zugabe/checkout/1",
    "ce_specversion": "1.0",
    "ce_subject": "order/1",
    "ce_time": "2026-05-04T12:00:00.123000+00:00",
    "ce_dataschema": "urn:zugabe:order-placed:1",
    "ce_partitionkey": "anna",
    "ce_sequence": "3.17",
}


@dataclass(frozen=True)
class Record:
    headers: list[tuple[str, bytes]]
    value: bytes
    key: bytes = b"anna"
    partition: int = 3


def found(headers: dict[str, str] | None = None, **body: object) -> list[str]:
    told = {name: value for name, value in (HEADERS | (headers or {})).items() if value != "none"}
    value = json.dumps(SCHEMA["examples"][0] | body).encode()
    record = Record([(name, text.encode()) for name, text in told.items()], value)
    return list(faults(record, validators()))


def test_a_message_as_announced_has_no_fault() -> None:
    assert found() == []
    assert found(later="a field of tomorrow") == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("ce_id", "none", "no ce_id"),
        ("ce_time", "none", "no ce_time"),
        ("ce_specversion", "0.3", "another ce_specversion"),
        ("content-type", "text/plain", "another content-type"),
        ("ce_time", "2026-05-04T12:00:00", "ce_time without a zone"),
        ("ce_partitionkey", "bert", "ce_partitionkey is not the key"),
        ("ce_sequence", "4.17", "ce_sequence names another partition"),
        ("ce_stream_version", "1", "ce_stream_version"),
        ("ce_dataschema", "urn:zugabe:order-placed:99", "a schema that was not released"),
        ("ce_dataschema", "/schemas/order-placed", "ce_dataschema is no URI"),
    ],
)
def test_another_header_is_a_fault(name: str, value: str, fault: str) -> None:
    assert fault in found({name: value})


def test_another_body_is_a_fault() -> None:
    assert found(net_cents="12")[0].startswith("net_cents: ")
    assert found(placed_at="gestern")[0].startswith("placed_at: ")
    assert found(lines=[{}])[0].startswith("lines/0: ")
