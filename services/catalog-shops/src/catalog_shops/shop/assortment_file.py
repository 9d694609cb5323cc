"""The file with a shop's assortment: articles in their order, and up to three top articles.

(CS-22 to CS-27, CS-40, Q19)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, TypeAdapter

from catalog_shops.article.offer import EffectiveArticle
from catalog_shops.shop.assortment import MAX_ARTICLES
from catalog_shops.shop.top_articles import SHOWN, with_strike_price
from zugabe_events.contracts.catalog_shops import TopArticle
from zugabe_events.domain.errors import InvalidError
from zugabe_events.http.fields import ArticleNumber, Day
from zugabe_events.tables.cells import Kind
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.report import RowReader
from zugabe_events.tables.table import Row, RowError, open_table

ARTICLE, TOP, PRICE = "Artikelnummer", "Topartikel", "Streichpreis"
FIRST, LAST = "Gültig von", "Gültig bis"

TITLES = (ARTICLE, TOP, PRICE, FIRST, LAST)
"""All must be there, even if there are no top articles (CS-23)."""

KINDS: Mapping[str, Kind] = {TOP: "number", PRICE: "number", FIRST: "day", LAST: "day"}
LIMITS = Limits(max_rows=MAX_ARTICLES)

NUMBER: TypeAdapter[str] = TypeAdapter(ArticleNumber)
PLACE: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=SHOWN)])
EURO: TypeAdapter[Decimal] = TypeAdapter(Decimal)
DAY: TypeAdapter[date] = TypeAdapter(Day)


@dataclass(frozen=True, slots=True)
class AssortmentFile:
    sheet: str | None
    rows: Sequence[Row]


def read_file(content: bytes) -> AssortmentFile:
    """Raise TableError. Takes its time."""
    table = open_table(content, TITLES, kinds=KINDS, limits=LIMITS)
    return AssortmentFile(table.sheet, tuple(table))


@dataclass(slots=True)
class Reading:
    """Rows that are good so far, by number; `tops` are lines by place of a top article."""

    rows: dict[str, tuple[int, int | None, TopArticle]] = field(default_factory=dict)
    tops: dict[int, int] = field(default_factory=dict)
    wrong: list[RowError] = field(default_factory=list)

    def take(self, row: Row) -> None:
        reader = RowReader(row)
        number = reader.cell(ARTICLE, NUMBER)
        place = reader.optional(TOP, PLACE)
        price = reader.optional(PRICE, EURO)
        first, last = reader.optional(FIRST, DAY), reader.optional(LAST, DAY)
        if number is not None and number in self.rows:
            line = self.rows[number][0]
            reader.reject(ARTICLE, f"Dieser Artikel steht schon in Zeile {line}.")
        if place is not None and place in self.tops:
            reader.reject(TOP, f"Topartikel {place} steht schon in Zeile {self.tops[place]}.")
        if place is None and row.cells.get(PRICE):
            reader.reject(PRICE, "Einen Streichpreis kann nur ein Topartikel haben.")
        article = TopArticle(number or "", price, first, last)
        if not reader.wrong:
            try:
                article = with_strike_price(article)
            except InvalidError as error:
                reader.reject(PRICE, error.detail)
        if reader.wrong or number is None:
            self.wrong += reader.wrong
            return
        self.rows[number] = (row.line, place, article)
        if place is not None:
            self.tops[place] = row.line


@dataclass(frozen=True, slots=True)
class AssortmentRows:
    """The rows that can be imported, and the errors of the others."""

    numbers: tuple[str, ...]
    top_articles: tuple[TopArticle, ...]
    wrong: tuple[RowError, ...]


def rows_of(rows: Sequence[Row]) -> Reading:
    reading = Reading()
    for row in rows:
        reading.take(row)
    return reading


def imported(reading: Reading, known: Mapping[str, EffectiveArticle]) -> AssortmentRows:
    """The rows whose articles the dealer sells."""
    wrong, numbers = list(reading.wrong), []
    tops: dict[int, TopArticle] = {}
    for number, (line, place, article) in reading.rows.items():
        if reason := objection(known.get(number)):
            wrong.append(RowError(line, ARTICLE, reason))
            continue
        numbers.append(number)
        if place is not None:
            tops[place] = article
    by_line = sorted(wrong, key=lambda error: (error.line, place_of(error.column)))
    top_articles = tuple(article for _, article in sorted(tops.items()))
    return AssortmentRows(tuple(numbers), top_articles, tuple(by_line))


def place_of(column: str) -> int:
    """Of a mistake within its row; one of the whole row comes first."""
    return TITLES.index(column) if column in TITLES else -1


def objection(known: EffectiveArticle | None) -> str:
    """The obstacle to selling an article in a shop; "" without one."""
    if known is None:
        return "Diesen Artikel gibt es im Katalog nicht."
    if known.article.use == "gift":
        return "Das ist ein Dankeschönartikel, der nicht verkauft wird."
    if known.article.status != "listed":
        return "Dieser Artikel ist nicht mehr im Sortiment."
    return ""
