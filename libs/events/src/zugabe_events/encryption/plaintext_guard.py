"""Guard that keeps plain text in `Personal` fields of contracts out of the log."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAliasType, Union, get_args, get_origin

import msgspec

from zugabe_events.domain.event import PERSONAL, Event
from zugabe_events.encryption.sealed_text import is_sealed

type Texts = Callable[[Any], Sequence[str]]


class PlainTextError(Exception):
    """A personal field was not sealed; the message names the event, never the text."""


def refuse_plain(events: Iterable[Event]) -> None:
    """Raise PlainTextError if a personal field of an event is not sealed."""
    for event in events:
        texts = personal_texts(type(event))
        if texts is not None and not all(map(is_sealed, texts(event))):
            message = f"a personal field of {event.stored_as} holds plain text"
            raise PlainTextError(message)


@cache
def personal_texts(kind: Any) -> Texts | None:
    """A function that extracts the personal texts of a value of this type; None if it has none."""
    if isinstance(kind, TypeAliasType):
        return personal_texts(kind.__value__)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return the_text if PERSONAL in parts else personal_texts(parts[0])
    if origin in (Union, UnionType):
        return of_union([found for part in parts if (found := of_member(part))])
    if origin in (tuple, list):
        return of_items(personal_texts(parts[0]))
    if origin is dict:
        return of_values(personal_texts(parts[1]))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return of_fields(kind)
    return None


def the_text(value: Any) -> Sequence[str]:
    return (value,)


def of_member(part: Any) -> tuple[type, Texts] | None:
    """The run-time type and the texts of a member of a union."""
    texts = personal_texts(part)
    if texts is None:
        return None
    return (part if isinstance(part, type) else str, texts)


def of_union(members: Sequence[tuple[type, Texts]]) -> Texts | None:
    def texts(value: Any) -> Sequence[str]:
        for kind, inner in members:
            if isinstance(value, kind):
                return inner(value)
        return ()

    return texts if members else None


def of_items(inner: Texts | None) -> Texts | None:
    return None if inner is None else lambda items: [text for item in items for text in inner(item)]


def of_values(inner: Texts | None) -> Texts | None:
    of = of_items(inner)
    return None if of is None else lambda by_name: of(by_name.values())


def of_fields(kind: type[msgspec.Struct]) -> Texts | None:
    found = [
        (field.name, inner)
        for field in msgspec.structs.fields(kind)
        if (inner := personal_texts(field.type))
    ]

    def texts(value: Any) -> Sequence[str]:
        return [text for name, inner in found for text in inner(getattr(value, name))]

    return texts if found else None
