"""Articles as a catalogue file says them, whatever its format; None is what it does not say."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from zugabe_events.contracts.catalog_shops import ArticleUse, Availability, PriceStep, TaxClass
from zugabe_events.domain.event import Fact

type GroupPath = tuple[str, ...]
"""Names of a product group and those above it, the top one first."""

type Action = Literal["put", "delist", "delist-missing", "set-prices"]
"""`delist-missing`: the article is of the catalogue, and not in its file any more."""

MAX_GROUP_LEVELS = 20


class RecordPrice(Fact, frozen=True):
    """A price as in `contracts.catalog_shops.Price`; quantity None is the one in force."""

    steps: tuple[PriceStep, ...]
    quantity: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None


class CatalogueArticle(Fact, frozen=True, tag=True):
    """One article of a file. `brand` is a name, `groups` are paths of names, `images` are sources.

    `notices` say in German what is wrong in it and is left out, such as prices in francs.
    """

    line: int
    number: str
    action: Action = "put"
    name: str | None = None
    text: str | None = None
    manufacturer: str | None = None
    manufacturer_number: str | None = None
    brand: str | None = None
    groups: tuple[GroupPath, ...] | None = None
    media: tuple[str, ...] | None = None
    images: tuple[str, ...] | None = None
    gtin: str | None = None
    keywords: tuple[str, ...] | None = None
    order_unit: str | None = None
    tax: TaxClass | None = None
    availability: Availability | None = None
    use: ArticleUse | None = None
    catalogue_flag: int | None = None
    prices: tuple[RecordPrice, ...] | None = None
    notices: tuple[str, ...] = ()


class WrongRecord(Fact, frozen=True, tag=True):
    """An article that is left out as a whole, with the reason in German."""

    line: int
    number: str
    reason: str


type Record = CatalogueArticle | WrongRecord


class WrongArticleError(Exception):
    """An article cannot be taken over; the text says why, in German."""


def unique(values: Sequence[str], most: int) -> tuple[str, ...]:
    """The first values that are not empty, each once."""
    return tuple(dict.fromkeys(filter(None, values)))[:most]


def valid_gtin(digits: str) -> bool:
    """8, 12, 13 or 14 digits, the last of which checks the others."""
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
        return False
    weighted = (int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits[::-1]))
    return sum(weighted) % 10 == 0


NUMBER = re.compile(r"\d+[.,]?\d*|[.,]\d+", re.ASCII)
GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+\.\d+", re.ASCII)
MAX_DIGITS = 20


def decimal_of(text: str) -> Decimal | None:
    """A number with a comma or a dot before its decimals; with both, the last one is it."""
    written = text.strip()
    if len(written) > MAX_DIGITS:
        return None
    if GROUPED.fullmatch(written):
        written = written.replace("." if written.rfind(",") > written.rfind(".") else ",", "")
    elif not NUMBER.fullmatch(written):
        return None
    return Decimal(written.replace(",", "."))
