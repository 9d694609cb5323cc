"""Folded states as bytes and back: dataclasses, structs, maps and plain values, whatever they nest.

Equal states have equal bytes in every process. Bytes name classes, and reading them runs nothing
of these: fields are set as they were.
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

type Coded = Any


class UnstorableError(TypeError):
    """A state holds something that has no bytes."""


def to_bytes(state: object) -> bytes:
    """Raises UnstorableError."""
    try:
        return msgspec.msgpack.encode(coded(state))
    except (OverflowError, RecursionError) as error:
        raise UnstorableError(str(error)) from error


def from_bytes(content: bytes) -> Any:
    """Raises LookupError or msgspec.DecodeError for what this code did not write."""
    return decoded(msgspec.msgpack.decode(content))


def coded(value: Any) -> Coded:
    """Plain values as they are; all others as a list that begins with its kind."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str, bytes):
        return value
    if kind in WRITTEN:
        return [kind.__name__, WRITTEN[kind](value)]
    if kind in (tuple, list):
        return [kind.__name__, *map(coded, value)]
    if kind is dict:  # in its order: who is first may matter
        return ["dict", *pairs(value.items())]
    if kind is Map:
        return ["Map", *sorted(pairs(value.items()), key=msgspec.msgpack.encode)]
    if kind in (set, frozenset):
        return [kind.__name__, *sorted(map(coded, value), key=msgspec.msgpack.encode)]
    if isinstance(value, Enum):
        return ["enum", name_of(kind), value.name]
    return ["of", name_of(kind), *[coded(getattr(value, name)) for name in fields_of(kind)]]


def pairs(items: Any) -> list[Coded]:
    return [[coded(key), coded(value)] for key, value in items]


def decoded(content: Coded) -> Any:
    if not isinstance(content, list):
        return content
    kind, *rest = content
    match kind:
        case "dict":
            return {decoded(key): decoded(value) for key, value in rest}
        case "Map":
            return Map({decoded(key): decoded(value) for key, value in rest})
        case "of":
            return made(class_of(rest[0]), [decoded(one) for one in rest[1:]])
        case "enum":
            return class_of(rest[0])[rest[1]]
        case _ if kind in SEQUENCES:
            return SEQUENCES[kind](map(decoded, rest))
        case _:
            return READ[kind](rest[0])


def made(kind: type[Any], values: Sequence[Any]) -> Any:
    if issubclass(kind, msgspec.Struct):
        return kind(**dict(zip(kind.__struct_fields__, values, strict=True)))
    fresh = object.__new__(kind)
    for name, value in zip(fields_of(kind), values, strict=True):
        object.__setattr__(fresh, name, value)
    return fresh


def fields_of(kind: type[Any]) -> Sequence[str]:
    if issubclass(kind, msgspec.Struct):
        return kind.__struct_fields__
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    message = f"{kind.__module__}.{kind.__qualname__} has no bytes"
    raise UnstorableError(message)


def name_of(kind: type[Any]) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def class_of(name: str) -> Any:
    """Of a module that is there already. Raises LookupError."""
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
WRITTEN: dict[type, Any] = {
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    UUID: str,
    Decimal: str,
}
READ: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda parts: timedelta(*parts),
    "UUID": UUID,
    "Decimal": Decimal,
}
