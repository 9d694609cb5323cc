"""Events and documents as the audit keeps them, by user, until they are compared."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

BERLIN = ZoneInfo("Europe/Berlin")

type Body = dict[str, Any]


class LoggedEvent(msgspec.Struct, array_like=True, tag=True, dict=True, frozen=True):
    """`pos` is 0 for an event without a position; `seconds` is the server's time of storing."""

    log: str
    stream: str
    version: int
    part: int
    pos: int
    id: str
    cause: str | None
    seconds: int
    name: str
    data: str

    @cached_property
    def body(self) -> Body:
        body: Body = msgspec.json.decode(self.data)
        return body

    @property
    def commit(self) -> str:
        return self.id.partition(".")[0]


class StoredDocument(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """A document of a read model; `seen` is the position by lane up to which it is folded."""

    model: str
    key: str
    fields: Body
    seen: dict[str, int]


@dataclass(slots=True)
class User:
    """Everything about one user, each stream in the order of its versions."""

    key: str
    streams: dict[str, list[LoggedEvent]] = field(default_factory=lambda: defaultdict(list))
    documents: list[StoredDocument] = field(default_factory=list)

    @classmethod
    def of(cls, key: str, rows: Sequence[LoggedEvent | StoredDocument]) -> "User":
        user = cls(key)
        for row in rows:
            if isinstance(row, LoggedEvent):
                user.streams[row.stream].append(row)
            else:
                user.documents.append(row)
        for stream in user.streams.values():
            stream.sort(key=lambda event: event.version)
        return user

    def of_log(self, log: str) -> list[LoggedEvent]:
        return [event for stream in self.streams.values() for event in stream if event.log == log]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day_in_berlin(text: str) -> date:
    return instant(text).astimezone(BERLIN).date()
