"""Messages: CloudEvents 1.0 over Kafka in binary mode, with their positions in the log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from zugabe_events.domain.event import EventTypes, event_id, schema_id
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.mongo.client import Document, LogIdentity

type Headers = list[tuple[str, bytes]]

HOT = ID, TYPE, SEQUENCE, SOURCE, DATASCHEMA = (
    "ce_id", "ce_type", "ce_sequence", "ce_source", "ce_dataschema",
)  # fmt: skip
"""Headers that consumers read of every message; the sequencer puts them first."""

SEQUENCE_FORMAT = b"%d.%016d"
"""Of one width in a part, since CloudEvents compares them as text. Old messages lack the zeros."""

REQUIRED = (*HOT, "ce_subject", "ce_time", "ce_correlationid", "ce_dealer")
NO_HEADERS: Mapping[int, Headers] = {}


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One event on its way to Kafka. `pos` counts the events of its part from 1."""

    part: int
    pos: int
    name: str
    key: bytes
    value: bytes
    headers: Headers


class Message(msgspec.Struct, frozen=True, gc=False):
    """One event as it arrives; body and headers are raw, the body in version `schema`.

    `late`: it was parked, and later ones of its lane have been handled before it.
    """

    lane: "Lane"
    pos: int
    offset: int
    name: str
    body: bytes
    raw_headers: Sequence[tuple[str, bytes]]
    schema: int
    late: bool = False

    @property
    def headers(self) -> dict[str, bytes]:
        return dict(self.raw_headers)

    @property
    def id(self) -> str:
        return self.headers["ce_id"].decode()

    @property
    def key(self) -> str:
        """Messages of one key are handled in order, even when one of them cannot be handled."""
        return self.headers.get("ce_partitionkey", b"").decode("utf-8", "replace")

    @property
    def correlation(self) -> str | None:
        """The id of the request that caused it; None when it was read from the log itself."""
        correlation = self.headers.get("ce_correlationid")
        return correlation.decode("utf-8", "replace") if correlation else None

    def received(self, types: EventTypes) -> ReceivedEvent | None:
        """None for an event that is not in `types`."""
        event = types.decode(self.name, self.body, self.schema)
        if event is None:
            return None
        headers = self.headers
        return ReceivedEvent(
            headers["ce_id"].decode(),
            event,
            headers["ce_subject"].decode(),
            datetime.fromisoformat(headers["ce_time"].decode()),
        )


@dataclass(frozen=True, slots=True)
class Lane:
    """One part of one history of one log; its events are in order."""

    log: str
    log_id: str
    part: int

    def __str__(self) -> str:
        return f"{self.log}/{self.log_id}/{self.part}"


class MalformedMessageError(Exception):
    """A record that was not sent by a sequencer. `reason` is for metrics."""

    reason = "malformed"


def source_of(identity: LogIdentity) -> str:
    return f"/zugabe/{identity.name}/{identity.id}"


def continues_of(identity: LogIdentity) -> dict[int, Headers]:
    """By part, the header of a log with earlier ids: the lanes that its messages continue, with
    the last common positions."""
    if not identity.before:
        return {}
    return {
        part: [
            (
                "ce_continues",
                " ".join(f"{log.id}.{log.last.get(part, 0)}" for log in identity.before).encode(),
            )
        ]
        for part in range(identity.parts)
    }


def outgoing(
    commit: Document, first_pos: int, source: bytes, continues: Mapping[int, Headers] = NO_HEADERS
) -> Iterable[OutgoingMessage]:
    """The events of a stored commit, the first one at `first_pos` of its part."""
    part, commit_id = commit["part"], commit["_id"]
    key = commit["key"].encode()
    shared = shared_headers(commit, key) + continues.get(part, [])
    for index, stored in enumerate(commit["events"]):
        name = stored["name"]
        pos = first_pos + index
        yield OutgoingMessage(
            part,
            pos,
            name,
            key,
            stored["data"].encode(),
            [
                ("ce_id", event_id(commit_id, index).encode()),
                ("ce_type", name.encode()),
                ("ce_sequence", SEQUENCE_FORMAT % (part, pos)),
                ("ce_source", source),
                ("ce_dataschema", schema_id(name, stored["schema"]).encode()),
                ("ce_streamversion", b"%d" % (commit["version"] + index)),
                *shared,
            ],
        )


def shared_headers(commit: Document, key: bytes) -> Headers:
    headers: Headers = [
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_subject", commit["stream"].encode()),
        ("ce_time", commit["recorded"].isoformat().encode()),
        ("ce_partitionkey", key),
        ("ce_correlationid", commit["correlation"].encode()),
        ("ce_actor", commit["actor"].encode()),
        ("ce_role", commit["role"].encode()),
        ("ce_dealer", commit["dealer"].encode()),
    ]
    optional = (
        ("ce_causationid", "causation"),
        ("ce_reason", "reason"),
        ("traceparent", "traceparent"),
    )
    return headers + [
        (header, commit[field].encode()) for header, field in optional if commit.get(field)
    ]


def incoming(record: Any) -> Message:
    """Read a Kafka record. Raises MalformedMessageError for one that no sequencer has sent."""
    raw = record.headers
    try:
        (one, _), (two, name), (three, sequence), (four, source), (five, dataschema) = raw[:5]
        if (
            one != ID or two != TYPE or three != SEQUENCE or four != SOURCE or five != DATASCHEMA
        ) or len(raw) < len(REQUIRED):
            headers = dict[str, bytes](raw)
            _, name, sequence, source, dataschema, *_ = (
                headers[header].strip() for header in REQUIRED
            )
        part, _, pos = sequence.partition(b".")
        lane = lane_of(source, part)
        if lane.part != record.partition or lane.log != record.topic or record.value is None:
            raise ValueError
        name, schema = type_of(name, dataschema)
        return Message(lane, int(pos), record.offset, name, record.value, raw, schema)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"offset {record.offset} of {record.topic}/{record.partition} is not an event"
        raise MalformedMessageError(message) from error


@lru_cache(maxsize=4096)
def lane_of(source: bytes, part: bytes) -> Lane:
    """Raises ValueError for a source that is not a log."""
    _, _, log, log_id = source.decode().split("/")
    return Lane(log, log_id, int(part))


@lru_cache(maxsize=4096)
def type_of(name: bytes, dataschema: bytes) -> tuple[str, int]:
    """The name of an event, and the version at the end of its `schema_id`. Raises ValueError for
    anything else."""
    version = int(dataschema.rpartition(b":")[2])
    if version < 1:
        raise ValueError
    return name.decode(), version


class LoggedMessage(Message, frozen=True, gc=False):
    """An event read from the log itself; its id is its only header, and formatted on demand."""

    commit_id: bytes = b""
    index: int = 0

    @property
    def headers(self) -> dict[str, bytes]:
        return {"ce_id": self.id.encode()}

    @property
    def id(self) -> str:
        return event_id(UUID(bytes=self.commit_id), self.index)


def from_log(commit: Document, first_pos: int, lane: Lane) -> Iterable[Message]:
    """The same events, read from the log itself with `BARE_IDS`."""
    commit_id = commit["_id"]
    for index, stored in enumerate(commit["events"]):
        pos, body, schema = first_pos + index, stored["data"].encode(), stored["schema"]
        yield LoggedMessage(
            lane, pos, -1, stored["name"], body, (), schema, False, commit_id, index
        )
