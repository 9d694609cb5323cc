"""An event as the audit of the business keeps it: from any log, by user, until it is compared."""

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


class Told(msgspec.Struct, array_like=True, tag=True, dict=True, frozen=True):
    """`pos` is 0 as long as the event has no position; `seconds` is when the server stored it."""

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


class Shown(msgspec.Struct, array_like=True, tag=True, frozen=True):
    """A document of a read model; `seen` says by lane up to which position it is folded."""

    model: str
    key: str
    fields: Body
    seen: dict[str, int]


@dataclass(slots=True)
class User:
    """All that was told of one user, each stream in the order of its versions."""

    key: str
    streams: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    shown: list[Shown] = field(default_factory=list)

    @classmethod
    def of(cls, key: str, rows: Sequence[Told | Shown]) -> "User":
        user = cls(key)
        for row in rows:
            if isinstance(row, Told):
                user.streams[row.stream].append(row)
            else:
                user.shown.append(row)
        for stream in user.streams.values():
            stream.sort(key=lambda told: told.version)
        return user

    def of_log(self, log: str) -> list[Told]:
        return [told for stream in self.streams.values() for told in stream if told.log == log]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day_in_berlin(text: str) -> date:
    return instant(text).astimezone(BERLIN).date()
