"""Where a page ended, as text that a client hands back: sort value, key, and what was sorted by."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from zugabe_events.domain.errors import InvalidError

type SortValue = str | int | bool | date | datetime | None

LONGEST = 2000


def encode_cursor(value: SortValue, key: str, sort: str | None = None) -> str:
    told: object = value
    match value:
        case datetime():
            told = {"instant": value.isoformat()}
        case date():
            told = {"day": value.isoformat()}
    where = [told, key] if sort is None else [told, key, sort]
    return urlsafe_b64encode(msgspec.json.encode(where)).decode().rstrip("=")


def decode_cursor(cursor: str, sort: str | None = None) -> tuple[SortValue, str]:
    """Raises InvalidError for anything that `encode_cursor` did not make of the same sort.

    Never gives a mapping or a list, so that nothing in a cursor can become part of a query.
    """
    try:
        if not cursor.isascii() or len(cursor) > LONGEST:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        told = msgspec.json.decode(urlsafe_b64decode(padded))
        match told:
            case [value, str(key), *by] if by == ([] if sort is None else [sort]):
                return _sort_value(value), key
    except (ValueError, OverflowError, binascii.Error, RecursionError):
        pass
    raise invalid_cursor()


def invalid_cursor() -> InvalidError:
    return InvalidError("Diese Seitenmarke ist nicht gültig.", code="cursor-invalid")


def _sort_value(told: object) -> SortValue:
    match told:
        case None | str() | bool():
            return told
        case int() if abs(told) < 2**63:  # what MongoDB can compare
            return told
        case Mapping() if told.keys() == {"instant"}:
            instant = datetime.fromisoformat(str(told["instant"]))
            if instant.tzinfo is None:
                raise ValueError
            return instant.astimezone(UTC)
        case Mapping() if told.keys() == {"day"}:
            return date.fromisoformat(str(told["day"]))
    raise ValueError
