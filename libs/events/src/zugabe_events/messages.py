"""How events travel: CloudEvents 1.0 over Kafka, binary mode, with their position in the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zugabe_events.envelope import EventTypes, event_id
from zugabe_events.mongo import Document, LogIdentity
from zugabe_events.policies import Heard

type Headers = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event on its way to Kafka. `pos` counts the events of its part from 1."""

    part: int
    pos: int
    key: bytes
    value: bytes
    headers: Headers


@dataclass(frozen=True, slots=True)
class Message:
    """One event as it arrives. `lane` is (log name, log id, part); body and headers are raw."""

    lane: "Lane"
    pos: int
    offset: int
    name: str
    body: bytes
    headers: dict[str, bytes]

    @property
    def id(self) -> str:
        return self.headers["ce_id"].decode()

    def heard(self, types: EventTypes) -> Heard | None:
        """None for an event that these contracts do not know."""
        event = types.decode(self.name, self.body)
        if event is None:
            return None
        return Heard(
            self.id,
            event,
            self.headers["ce_subject"].decode(),
            datetime.fromisoformat(self.headers["ce_time"].decode()),
        )


@dataclass(frozen=True, slots=True)
class Lane:
    """One part of one history of one log; its events are in order."""

    log: str
    log_id: str
    part: int

    def __str__(self) -> str:
        return f"{self.log}/{self.log_id}/{self.part}"


NEEDED = {
    "ce_id", "ce_type", "ce_subject", "ce_time", "ce_correlationid", "ce_dealer",
}  # fmt: skip
"""Headers that effects rely on; the sequencer always sends them."""


class MalformedMessageError(Exception):
    """A record that no sequencer of ours has sent."""


def source_of(identity: LogIdentity) -> str:
    return f"/zugabe/{identity.name}/{identity.id}"


def outgoing(commit: Document, first_pos: int, source: bytes) -> Iterable[Outgoing]:
    """The events of a stored commit, the first one at `first_pos` of its part."""
    part, commit_id = commit["part"], commit["_id"]
    key = commit["key"].encode()
    shared = shared_headers(commit, source, key)
    for index, stored in enumerate(commit["events"]):
        name = stored["name"]
        pos = first_pos + index
        yield Outgoing(
            part,
            pos,
            key,
            stored["data"].encode(),
            [
                ("ce_id", event_id(commit_id, index).encode()),
                ("ce_type", name.encode()),
                ("ce_sequence", b"%d.%d" % (part, pos)),
                ("ce_dataschema", f"/schemas/{name}/{stored['schema']}".encode()),
                ("ce_streamversion", b"%d" % (commit["version"] + index)),
                *shared,
            ],
        )


def shared_headers(commit: Document, source: bytes, key: bytes) -> Headers:
    headers: Headers = [
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_source", source),
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
    """Read a Kafka record. Raises MalformedMessageError."""
    headers = dict[str, bytes](record.headers)
    try:
        part, pos = headers["ce_sequence"].split(b".")
        _, _, log, log_id = headers["ce_source"].decode().split("/")
        lane = Lane(log, log_id, int(part))
        ours = (lane.log, lane.part) == (record.topic, record.partition)
        if ours and record.value is not None and headers.keys() >= NEEDED:
            name = headers["ce_type"].decode()
            return Message(lane, int(pos), record.offset, name, record.value, headers)
    except (KeyError, ValueError, AttributeError) as error:
        raise MalformedMessageError(what_is_not(record)) from error
    raise MalformedMessageError(what_is_not(record))


def what_is_not(record: Any) -> str:
    return f"offset {record.offset} of {record.topic}/{record.partition} is not an event"


def from_log(commits: Sequence[tuple[Document, int]], identity: LogIdentity) -> list[Message]:
    """The same messages, read from the log itself: commits with their first positions."""
    source = source_of(identity).encode()
    log_id = str(identity.id)
    return [
        Message(
            Lane(identity.name, log_id, sent.part),
            sent.pos,
            -1,
            dict(sent.headers)["ce_type"].decode(),
            sent.value,
            dict(sent.headers),
        )
        for commit, first_pos in commits
        for sent in outgoing(commit, first_pos, source)
    ]
