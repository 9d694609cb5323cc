"""MACs on messages (S2): a record counts as an event only if a sequencer has sent it.

The last header, `ce_mac`, is a MAC of key, body and all headers before it, and so of the event's
id, log, part and position: no record can be changed, or moved to another log or position.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from zugabe_events.domain.mac import MacKeys, WrongMacError, secrets_of
from zugabe_events.messaging.message import (
    Headers,
    MalformedMessageError,
    Message,
    OutgoingMessage,
    incoming,
)

MAC = "ce_mac"
PURPOSE = b"zugabe messages"


class ForgedMessageError(MalformedMessageError):
    """A record without the MAC of a sequencer."""

    def __init__(self, record: Any, reason: str) -> None:
        super().__init__(f"offset {record.offset} of {record.topic}/{record.partition}: {reason}")
        self.reason = reason


class Authentication:
    """The keys by which messages are signed and believed.

    Without keys nothing is signed, and everything believed; `accepts_unsigned` believes messages
    without a MAC beside signed ones, while the sequencers change over.
    """

    def __init__(self, keys: MacKeys | None = None, *, accepts_unsigned: bool = False) -> None:
        self._keys = keys
        self._accepts_unsigned = accepts_unsigned

    def signed(self, message: OutgoingMessage) -> Headers:
        """The headers of a message, with its MAC."""
        if self._keys is None:
            return message.headers
        content = content_of(message.key, message.value, message.headers)
        return [*message.headers, (MAC, self._keys.make(content))]

    def read(self, record: Any) -> Message:
        """Read a Kafka record. Raises MalformedMessageError for one that no sequencer has sent."""
        message = incoming(record)
        if self._keys is None:
            return message
        raw = record.headers
        name, mac = raw[-1]
        if name != MAC:
            if self._accepts_unsigned:
                return message
            raise ForgedMessageError(record, "no-mac")
        try:
            # A header may have no value.
            self._keys.check(content_of(record.key, record.value, raw[:-1]), mac or b"")
        except WrongMacError as error:
            raise ForgedMessageError(record, error.reason) from error
        return message


def content_of(key: Any, value: Any, headers: Any) -> bytes:
    """The signed bytes; no two different records have the same."""
    return msgspec.msgpack.encode((key, value, headers))


TRUSTING = Authentication()


def authentication_of(kafka: str) -> Authentication:
    """By the address of Kafka, which names the file with the keys.

    Raises OSError and ValueError for a file that is not as it should be.
    """
    options = dict(parse_qsl(kafka.partition("?")[2]))
    if "mac_keys" not in options:
        return TRUSTING
    secrets = Path(options["mac_keys"]).read_text()
    return _authentication(secrets, accepts_unsigned="unsigned" in options)


@lru_cache(maxsize=8)
def _authentication(secrets: str, *, accepts_unsigned: bool) -> Authentication:
    keys = MacKeys(secrets_of(secrets), PURPOSE)
    return Authentication(keys, accepts_unsigned=accepts_unsigned)
