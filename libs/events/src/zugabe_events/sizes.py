"""What the log refuses to take, so that nothing later chokes on it."""

import msgspec

from zugabe_events.errors import TooLargeError
from zugabe_events.people.personal import refuse_plain
from zugabe_events.store import Commit

EVENT_BYTES = 900_000
COMMIT_BYTES = 4_000_000


def encode_events(commit: Commit) -> list[str]:
    """The events as stored and sent. Raises TooLargeError and PlainTextError."""
    refuse_plain(commit.events)
    encoded = [msgspec.json.encode(event) for event in commit.events]
    for event, data in zip(commit.events, encoded, strict=True):
        if len(data) > EVENT_BYTES:
            message = f"{event.stored_as} takes {len(data)} bytes, more than {EVENT_BYTES}"
            raise TooLargeError(message)
    if (size := sum(map(len, encoded))) > COMMIT_BYTES:
        message = f"a commit to {commit.stream.id} takes {size} bytes, more than {COMMIT_BYTES}"
        raise TooLargeError(message)
    return [data.decode() for data in encoded]
