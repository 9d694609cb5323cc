"""The stored form of a commit."""

import msgspec
from bson.timestamp import Timestamp

from zugabe_events.domain.errors import TooLargeError
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.partitioning import part_of
from zugabe_events.encryption.plaintext_guard import refuse_plain
from zugabe_events.mongo.client import Document

MAX_EVENT_BYTES = 900_000
MAX_COMMIT_BYTES = 4_000_000


def commit_document(commit: Commit, parts: int) -> Document:
    """The document of a commit; the server sets `at`. Events are stored as sent, as JSON texts."""
    context = commit.context
    return {
        "_id": commit.id,
        "stream": commit.stream.id,
        "version": commit.version,
        "part": part_of(commit.stream.key, parts),
        "key": commit.stream.key,
        "at": Timestamp(0, 0),
        "recorded": context.at,
        "events": [
            {"name": event.stored_as, "schema": event.schema_version, "data": data}
            for event, data in zip(commit.events, encode_events(commit), strict=True)
        ],
        "actor": context.actor,
        "role": context.role,
        "dealer": context.tenant,
        "reason": context.reason,
        "correlation": context.correlation,
        "causation": context.causation,
        "traceparent": context.traceparent,
        "body": commit.body,
    }


def encode_events(commit: Commit) -> list[str]:
    """Encode events as stored and sent. Raises TooLargeError and PlainTextError."""
    refuse_plain(commit.events)
    encoded = [msgspec.json.encode(event) for event in commit.events]
    for event, data in zip(commit.events, encoded, strict=True):
        if len(data) > MAX_EVENT_BYTES:
            message = f"{event.stored_as} takes {len(data)} bytes, more than {MAX_EVENT_BYTES}"
            raise TooLargeError(message)
    if (size := sum(map(len, encoded))) > MAX_COMMIT_BYTES:
        message = f"a commit to {commit.stream.id} takes {size} bytes, more than {MAX_COMMIT_BYTES}"
        raise TooLargeError(message)
    return [data.decode() for data in encoded]
