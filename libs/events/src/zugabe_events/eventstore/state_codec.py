"""Codec of folded states: nested dataclasses, structs, maps, collections and plain values.

Equal states have equal bytes in every process. Classes are named in the bytes; decoding sets
their fields without running their code.
"""

import dataclasses
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec
from immutables import Map

type Encoded = Any


class UnstorableError(TypeError):
    """A state holds a value that cannot be encoded."""


def to_bytes(state: object) -> bytes:
    """Encode a state. Raises UnstorableError."""
    try:
        return msgspec.msgpack.encode(encoded(state))
    except (OverflowError, RecursionError) as error:
        raise UnstorableError(str(error)) from error


def from_bytes(content: bytes) -> Any:
    """Decode a state. Raises LookupError or msgspec.DecodeError for bytes of other code."""
    return decoded(msgspec.msgpack.decode(content))


def encoded(value: Any) -> Encoded:
    """Plain values unchanged; all others as a list that begins with the kind."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str, bytes):
        return value
    if kind in ENCODERS:
        return [kind.__name__, ENCODERS[kind](value)]
    if kind in (tuple, list):
        return [kind.__name__, *map(encoded, value)]
    if kind is dict:  # insertion order is part of the value
        return ["dict", *pairs(value.items())]
    if kind is Map:
        return ["Map", *sorted(pairs(value.items()), key=msgspec.msgpack.encode)]
    if kind in (set, frozenset):
        return [kind.__name__, *sorted(map(encoded, value), key=msgspec.msgpack.encode)]
    if isinstance(value, Enum):
        return ["enum", name_of(kind), value.name]
    return ["of", name_of(kind), *[encoded(getattr(value, name)) for name in fields_of(kind)]]


def pairs(items: Any) -> list[Encoded]:
    return [[encoded(key), encoded(value)] for key, value in items]


def decoded(content: Encoded) -> Any:
    if not isinstance(content, list):
        return content
    kind, *rest = content
    match kind:
        case "dict":
            return {decoded(key): decoded(value) for key, value in rest}
        case "Map":
            return Map({decoded(key): decoded(value) for key, value in rest})
        case "of":
            return instance(class_of(rest[0]), [decoded(field) for field in rest[1:]])
        case "enum":
            return class_of(rest[0])[rest[1]]
        case _ if kind in SEQUENCES:
            return SEQUENCES[kind](map(decoded, rest))
        case _:
            return DECODERS[kind](rest[0])


def instance(kind: type[Any], values: Sequence[Any]) -> Any:
    if issubclass(kind, msgspec.Struct):
        return kind(**dict(zip(kind.__struct_fields__, values, strict=True)))
    created = object.__new__(kind)
    for name, value in zip(fields_of(kind), values, strict=True):
        object.__setattr__(created, name, value)
    return created


def fields_of(kind: type[Any]) -> Sequence[str]:
    if issubclass(kind, msgspec.Struct):
        return kind.__struct_fields__
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    message = f"{kind.__module__}.{kind.__qualname__} cannot be encoded"
    raise UnstorableError(message)


def name_of(kind: type[Any]) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def class_of(name: str) -> Any:
    """The dataclass, struct or enum of that name in a loaded module. Raises LookupError."""
    module, _, path = name.partition(":")
    found: Any = sys.modules[module]
    for step in path.split("."):
        found = vars(found)[step]
    if not isinstance(found, type) or not (
        dataclasses.is_dataclass(found) or issubclass(found, msgspec.Struct | Enum)
    ):
        raise LookupError(name)
    return found


SEQUENCES: dict[str, Any] = {"tuple": tuple, "list": list, "set": set, "frozenset": frozenset}
ENCODERS: dict[type, Any] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    UUID: str,
    Decimal: str,
}
DECODERS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda parts: timedelta(*parts),
    "UUID": UUID,
    "Decimal": Decimal,
}
