"""What an event is, who caused it, and what names it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, TypeAliasType, get_args
from uuid import UUID, uuid5

import msgspec

type Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time with its zone; stored in UTC."""


class Fact(msgspec.Struct, frozen=True):
    """A part of an event: a value with named fields, without a life of its own."""


class Event(msgspec.Struct, frozen=True):
    """A fact, named in the past tense.

    `stored_as` is what is stored and sent; it never changes, even when the class is renamed or
    moved. `schema_version` grows when a field is added; readers ignore fields they do not know.
    """

    stored_as: ClassVar[str]
    schema_version: ClassVar[int] = 1


PERSONAL = msgspec.Meta(extra={"personal": True}, extra_json_schema={"x-personal": True})
"""Marks a field of a contract that says something about a person."""

type Personal = Annotated[str, PERSONAL]


class EventTypes:
    """The events of one or several contracts by their stored names."""

    def __init__(self, types: Iterable[type[Event]]) -> None:
        self.by_name: dict[str, type[Event]] = {}
        for cls in types:
            if self.by_name.setdefault(cls.stored_as, cls) is not cls:
                message = f"two events are stored as {cls.stored_as!r}"
                raise TypeError(message)
        self._decoders = {name: msgspec.json.Decoder(cls) for name, cls in self.by_name.items()}

    @classmethod
    def of(cls, *unions: TypeAliasType) -> "EventTypes":
        """The members of contracts' closing unions, such as `CheckoutEvent`."""
        return cls(member for union in unions for member in get_args(union.__value__))

    def decode(self, name: str, data: str | bytes) -> Event | None:
        """None for a name that these contracts do not hold."""
        decoder = self._decoders.get(name)
        return None if decoder is None else decoder.decode(data)


@dataclass(frozen=True, slots=True)
class Context:
    """Who wants something, why, since when, and from where (X-13)."""

    actor: str
    role: str
    dealer: str
    at: datetime
    correlation: str
    causation: str | None = None
    reason: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """A history: its id, and the partition key that its first commit fixes for ever.

    What must be seen in order shares a key.
    """

    id: str
    key: str


def event_id(commit_id: UUID, index: int) -> str:
    """Events are named by their commit and their place in it."""
    return f"{commit_id}.{index}"


NAMESPACE = UUID("6b0a8c56-1f4f-5f0e-9d60-2f1c3f8a7e11")


def derived_id(*parts: str) -> UUID:
    """One id for one cause: the same parts give the same id, everywhere and always."""
    return uuid5(NAMESPACE, "\x1f".join(parts))
