"""A row of a table as a record. An empty cell says nothing: what is there stays."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from catalog_shops.catalogue_import import columns
from catalog_shops.catalogue_import.records import (
    CatalogueArticle,
    GroupPath,
    Record,
    RecordPrice,
    WrongRecord,
    unique,
)
from zugabe_events.contracts.catalog_shops import ArticleUse, ImportScope, PriceStep
from zugabe_events.domain.article_number import normalised
from zugabe_events.tables.table import Row

MAX_ITEMS = 100


class RowRecord:
    """A row while it is read; it collects all its mistakes, not only the first."""

    def __init__(self, row: Row, scope: ImportScope) -> None:
        self._row = row
        self._scope = scope
        self._wrong = [
            f"{error.column}: {error.reason}" if error.column else error.reason
            for error in row.wrong
        ]

    def record(self) -> Record:
        number = self._number()
        prices = self._prices()
        if self._scope == "prices":
            if prices is None and not self._wrong:
                self._reject(columns.PRICE, "Diese Angabe fehlt.")
            article = CatalogueArticle(self._row.line, number, "set-prices", prices=prices)
        else:
            article = self._article(number, prices)
        if self._wrong:
            return WrongRecord(self._row.line, number, " ".join(self._wrong))
        return article

    def _article(self, number: str, prices: tuple[RecordPrice, ...] | None) -> CatalogueArticle:
        flag = self._flag()
        return CatalogueArticle(
            line=self._row.line,
            number=number,
            name=self._text(columns.NAME),
            text=self._text(columns.TEXT),
            manufacturer=self._text(columns.MANUFACTURER),
            manufacturer_number=self._text(columns.MANUFACTURER_NUMBER),
            brand=self._text(columns.BRAND),
            groups=self._groups(),
            media=self._items(columns.MEDIA),
            images=self._items(columns.IMAGES),
            gtin=self._text(columns.GTIN),
            keywords=self._items(columns.KEYWORDS),
            order_unit=self._text(columns.ORDER_UNIT),
            tax=self._one_of(columns.TAX, columns.TAXES),
            availability=self._one_of(columns.AVAILABILITY, columns.AVAILABILITIES),
            use=None if flag is None else USES[flag],
            catalogue_flag=flag,
            prices=prices,
        )

    def _reject(self, title: str, reason: str) -> None:
        self._wrong.append(f"{title}: {reason}")

    def _text(self, title: str) -> str | None:
        return self._row.cells.get(title) or None

    def _number(self) -> str:
        written = self._text(columns.NUMBER)
        if written is None:
            if not any(error.column in ("", columns.NUMBER) for error in self._row.wrong):
                self._reject(columns.NUMBER, "Diese Angabe fehlt.")
            return ""
        try:
            return normalised(written)
        except ValueError as error:
            self._reject(columns.NUMBER, str(error))
            return written[:200]

    def _items(self, title: str) -> tuple[str, ...] | None:
        text = self._text(title)
        if text is None:
            return None
        items = [item.strip() for item in text.replace("\n", ";").split(columns.SEPARATOR)]
        return unique(items, MAX_ITEMS)

    def _groups(self) -> tuple[GroupPath, ...] | None:
        paths = self._items(columns.GROUPS)
        if paths is None:
            return None
        named = [
            tuple(filter(None, (name.strip() for name in path.split(columns.BELOW))))
            for path in paths
        ]
        return tuple(filter(None, named))

    def _one_of[Value](self, title: str, values: Mapping[str, Value]) -> Value | None:
        text = self._text(title)
        if text is None:
            return None
        written = text.removesuffix("%").strip().casefold()
        for name, value in values.items():
            if name.casefold() == written:
                return value
        self._reject(title, f"Möglich sind {', '.join(values)}.")
        return None

    def _flag(self) -> int | None:
        return self._one_of(columns.FLAG, FLAGS)

    def _prices(self) -> tuple[RecordPrice, ...] | None:
        amount = self._decimal(columns.PRICE)
        steps = [] if amount is None else [PriceStep(1, amount)]
        for step in range(2, columns.STEPS + 1):
            quantity_title, price_title = columns.step_titles(step)
            bound, price = self._whole(quantity_title), self._decimal(price_title)
            if (bound is None) != (price is None):
                missing = price_title if price is None else quantity_title
                self._reject(missing, "Zu einer Staffel gehören Menge und Preis.")
            elif bound is not None and price is not None:
                steps.append(PriceStep(bound, price))
        quantity = self._whole(columns.QUANTITY)
        if not steps:
            return None
        first, last = self._day(columns.VALID_FROM), self._day(columns.VALID_UNTIL)
        return (RecordPrice(tuple(steps), quantity, first, last),)

    def _decimal(self, title: str) -> Decimal | None:
        text = self._text(title)
        return None if text is None else Decimal(text)

    def _whole(self, title: str) -> int | None:
        number = self._decimal(title)
        if number is None or number != int(number):
            if number is not None:
                self._reject(title, "Erwartet wird eine ganze Zahl.")
            return None
        return int(number)

    def _day(self, title: str) -> date | None:
        text = self._text(title)
        return None if text is None else date.fromisoformat(text)


FLAGS: Mapping[str, int] = {"0": 0, "1": 1}
USES: Mapping[int, ArticleUse] = {0: "sale", 1: "gift"}
