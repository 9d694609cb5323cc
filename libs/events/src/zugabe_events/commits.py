"""How a commit lies in the log."""

from bson.timestamp import Timestamp

from zugabe_events.mongo import Document
from zugabe_events.parts import part_of
from zugabe_events.sizes import encode_events
from zugabe_events.store import Commit


def commit_document(commit: Commit, parts: int) -> Document:
    """`at` is filled by the server. The events are stored as they are sent: as JSON texts."""
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
        "dealer": context.dealer,
        "reason": context.reason,
        "correlation": context.correlation,
        "causation": context.causation,
        "traceparent": context.traceparent,
        "body": commit.body,
    }
