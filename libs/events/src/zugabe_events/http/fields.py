"""Field types of request models: bounded, without control characters, strict about dates."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from zugabe_events.domain.article_number import normalised
from zugabe_events.domain.email_address import MAX_ADDRESS, is_deliverable
from zugabe_events.domain.person_name import has_link
from zugabe_events.domain.visible_text import REORDERED, trimmed

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""An id; has no separators, since it becomes part of stream ids and keys."""


Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A hash in lowercase hexadecimal digits, by which stored files are named."""


def _trimmed(value: object) -> object:
    """ASCII is left to pydantic, which is faster."""
    if not isinstance(value, str) or value.isascii():
        return value
    text = trimmed(value)
    if REORDERED.search(text):
        raise PydanticCustomError(
            "text-reordered", "Der Text enthält unsichtbare Zeichen, die die Leserichtung umkehren."
        )
    return text


Trimmed = BeforeValidator(_trimmed)
"""Takes away spaces and invisible characters around a text: nothing but those is no text (D21).

Refuses characters that turn the direction within it."""

Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
    Trimmed,
]
"""One line of text."""


def _without_link(name: str) -> str:
    if has_link(name):
        raise PydanticCustomError("name-with-link", "Ein Name enthält keine Adresse.")
    return name


PersonName = Annotated[Text, AfterValidator(_without_link)]
"""The name of a person to whom mails are sent."""


def _deliverable(address: str) -> str:
    if not is_deliverable(address):
        raise PydanticCustomError(
            "address-undeliverable", "An diese Adresse kann keine E-Mail gesendet werden."
        )
    return address


Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=MAX_ADDRESS,
        pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[\w.-]+$",
    ),
    AfterValidator(_deliverable),
    Trimmed,
]
"""An address that mails can go to; the same rule holds when they leave."""

LongText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=5000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
    ),
    Trimmed,
]
"""Several lines of text; may be empty."""


def _as_article_number(number: str) -> str:
    try:
        return normalised(number)
    except ValueError as error:
        raise PydanticCustomError("article-number", "{reason}", {"reason": str(error)}) from None


ArticleNumber = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(_as_article_number)
]
"""An article number of a request or a file, normalised."""

FileName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f/\\:]*$"
    ),
    Trimmed,
]
"""The name of a file, without folders."""

Cents = Annotated[int, Field(strict=True, ge=0, le=10**12)]

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]

FIRST_YEAR, LAST_YEAR = 1900, 2200


def _written_as_day(value: object) -> object:
    if isinstance(value, date) or (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII)
    ):
        return value
    raise PydanticCustomError("day", "Erwartet wird ein Datum wie 2026-12-31.")


def _written_as_instant(value: object) -> object:
    """Refuse bare numbers, which pydantic would take for seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value[:11]):
        return value
    raise PydanticCustomError("instant", "Erwartet wird ein Zeitpunkt wie 2026-12-31T12:00:00Z.")


def _within_years[Day: date](value: Day) -> Day:
    """Refuse years near the ends of the calendar, where adding days or changing zones overflows."""
    if FIRST_YEAR <= value.year <= LAST_YEAR:
        return value
    raise PydanticCustomError("year", "Das Jahr muss zwischen 1900 und 2200 liegen.")


def _in_utc(value: datetime) -> datetime:
    """Forget the caller's offset, which is no part of the fact (D16)."""
    return value.astimezone(UTC)


Day = Annotated[date, BeforeValidator(_written_as_day), AfterValidator(_within_years)]

Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_written_as_instant),
    AfterValidator(_within_years),
    AfterValidator(_in_utc),
]
"""A point in time, written with any offset and read in UTC."""

Limit = Annotated[int, Field(ge=1, le=500)]
"""The number of items on a page."""

Cursor = Annotated[str, Field(min_length=1, max_length=2020)]
"""`next` of the previous page."""


def at_most(items: int) -> BeforeValidator:
    """Refuse a longer list or object before its items are validated.

    `max_length` counts only valid items, so millions of bad ones would each be described.
    """

    def within(value: object) -> object:
        if isinstance(value, list | dict) and len(value) > items:
            counts = {"max_length": items, "actual_length": len(value)}
            raise PydanticKnownError("too_long", {"field_type": "List", **counts})
        return value

    return BeforeValidator(within)


MAX_UNKNOWN = 10
"""Unknown fields of one object that are named."""


class Body(BaseModel):
    """A request body. Refuses unknown fields; texts have a maximum length."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=5000, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def with_few_fields(cls, value: object) -> object:
        """Refuse hundreds of thousands of unknown fields, before each of them is described."""
        if not isinstance(value, dict) or len(value) <= MAX_UNKNOWN:
            return value
        if len(value) > len(cls.model_fields) + MAX_UNKNOWN:
            raise PydanticCustomError("too-many-fields", "Zu viele Angaben sind unbekannt.")
        return value
