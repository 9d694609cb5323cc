"""Events, their context, and their identifiers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, TypeAliasType, get_args
from uuid import UUID, uuid5

import msgspec

from zugabe_events.domain.errors import NewerSchemaError
from zugabe_events.domain.pydantic_schema import ALWAYS_SENT, struct_schema

type Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time with its zone; stored in UTC."""


class Fact(msgspec.Struct, frozen=True):
    """A value with named fields: a part of an event, or of an answer of a route."""

    __pydantic_config__: ClassVar = ALWAYS_SENT

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: Any) -> Any:
        return struct_schema(cls, handler.generate_schema)


type Upcast = Callable[[dict[str, Any]], dict[str, Any]]
"""Converts a decoded JSON body from one schema version to the next."""


class Event(msgspec.Struct, frozen=True):
    """A fact, named in the past tense.

    `stored_as` is what is stored and sent; it never changes, even when the class is renamed or
    moved. Readers ignore fields they do not know, and a field with a default may be missing, so
    neither needs a new `schema_version`. It grows when older bodies no longer fit; then `upcasts`
    has, for each older version, the function that brings a body one version further.
    """

    stored_as: ClassVar[str]
    schema_version: ClassVar[int] = 1
    upcasts: ClassVar[Mapping[int, Upcast]] = MappingProxyType({})
    __pydantic_config__: ClassVar = ALWAYS_SENT

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: Any) -> Any:
        return struct_schema(cls, handler.generate_schema)


PERSONAL = msgspec.Meta(extra={"personal": True}, extra_json_schema={"x-personal": True})
"""Marks a contract's field with personal data, which the log accepts in sealed form only
(`encryption.sealed_text`)."""

type Personal = Annotated[str, PERSONAL]


class Reader:
    """Decodes an event from any schema version in which it was stored."""

    __slots__ = ("cls", "decode", "version")

    def __init__(self, cls: type[Event]) -> None:
        if set(cls.upcasts) != set(range(1, cls.schema_version)):
            message = f"{cls.stored_as} needs one upcast for each version below its schema_version"
            raise TypeError(message)
        self.cls = cls
        self.version = cls.schema_version
        self.decode: Callable[[str | bytes], Event] = msgspec.json.Decoder(cls).decode

    def decode_older(self, data: str | bytes, version: int) -> Event:
        if not 1 <= version <= self.version:
            message = f"{self.cls.stored_as} has schema {version}, known are 1 to {self.version}"
            raise NewerSchemaError(message)
        body = msgspec.json.decode(data, type=dict[str, Any])
        for older in range(version, self.version):
            body = self.cls.upcasts[older](body)
        return msgspec.convert(body, self.cls)


def members(union: TypeAliasType) -> Iterator[Any]:
    """The types of a union, including those of nested unions."""
    for member in get_args(union.__value__) or (union.__value__,):
        if isinstance(member, TypeAliasType):
            yield from members(member)
        else:
            yield member


class EventTypes:
    """The events of one or several contracts by their stored names."""

    def __init__(self, types: Iterable[type[Event]]) -> None:
        self.by_name: dict[str, type[Event]] = {}
        for cls in types:
            if self.by_name.setdefault(cls.stored_as, cls) is not cls:
                message = f"two events are stored as {cls.stored_as!r}"
                raise TypeError(message)
        self._readers = {name: Reader(cls) for name, cls in self.by_name.items()}

    @classmethod
    def of(cls, *unions: TypeAliasType) -> "EventTypes":
        """The events of contracts' unions, such as `CheckoutEvent`."""
        return cls(member for union in unions for member in members(union))

    def decode(self, name: str, data: str | bytes, schema: int) -> Event | None:
        """The event in its present shape, stored in version `schema` of it.

        None for a name that these contracts do not hold. Raises NewerSchemaError.
        """
        reader = self._readers.get(name)
        if reader is None:
            return None
        if schema == reader.version:
            return reader.decode(data)
        return reader.decode_older(data, schema)


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """An Idempotency-Key of one caller, and the hash of the only request that it stands for."""

    key: UUID
    request: str


@dataclass(frozen=True, slots=True)
class Context:
    """The context of a command: actor, tenant, time, reason and cause (X-13).

    `claim` is what the first commit of a request with an Idempotency-Key claims (X-12).
    """

    actor: str
    role: str
    tenant: str
    at: datetime
    correlation: str
    causation: str | None = None
    reason: str | None = None
    traceparent: str | None = None
    claim: KeyClaim | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream's id, and the partition key, which its first commit fixes permanently.

    Streams whose events must be consumed in order share a key.
    """

    id: str
    key: str


def event_id(commit_id: UUID | str, index: int) -> str:
    """The id of an event: its commit and its index there."""
    return f"{commit_id}.{index}"


NAMESPACE = UUID("6b0a8c56-1f4f-5f0e-9d60-2f1c3f8a7e11")


def derived_id(*parts: str) -> UUID:
    """A deterministic id: the same parts always give the same id."""
    return uuid5(NAMESPACE, "\x1f".join(parts))


def schema_id(name: str, version: int) -> str:
    """The value of `ce_dataschema`: a name of a schema, not an address."""
    return f"urn:zugabe:{name}:{version}"
