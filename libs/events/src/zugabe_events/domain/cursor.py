"""Opaque cursors of pages: sort value, key and sort order of the last item."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from zugabe_events.domain.errors import InvalidError

type SortValue = str | int | bool | date | datetime | None

MAX_LENGTH = 2000


def encode_cursor(value: SortValue, key: str, sort: str | None = None) -> str:
    encoded: object = value
    match value:
        case datetime():
            encoded = {"instant": value.isoformat()}
        case date():
            encoded = {"day": value.isoformat()}
    parts = [encoded, key] if sort is None else [encoded, key, sort]
    return urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def decode_cursor(cursor: str, sort: str | None = None) -> tuple[SortValue, str]:
    """Raises InvalidError for text that `encode_cursor` did not make for the same sort.

    The value is never a mapping or a list, so that a cursor cannot inject operators into a query.
    """
    try:
        if not cursor.isascii() or len(cursor) > MAX_LENGTH:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        match msgspec.json.decode(urlsafe_b64decode(padded)):
            case [value, str(key), *by] if by == ([] if sort is None else [sort]):
                return _sort_value(value), key
    except (ValueError, OverflowError, binascii.Error, RecursionError):
        pass
    raise invalid_cursor()


def invalid_cursor() -> InvalidError:
    return InvalidError("Diese Seitenmarke ist nicht gültig.", code="cursor-invalid")


def _sort_value(encoded: object) -> SortValue:
    match encoded:
        case None | str() | bool():
            return encoded
        case int() if abs(encoded) < 2**63:  # the integers of MongoDB
            return encoded
        case Mapping() if encoded.keys() == {"instant"}:
            instant = datetime.fromisoformat(str(encoded["instant"]))
            if instant.tzinfo is None:
                raise ValueError
            return instant.astimezone(UTC)
        case Mapping() if encoded.keys() == {"day"}:
            return date.fromisoformat(str(encoded["day"]))
    raise ValueError
