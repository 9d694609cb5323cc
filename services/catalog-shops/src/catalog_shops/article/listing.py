"""Query and table of the list of articles."""

from collections.abc import Mapping
from typing import Annotated, Literal

from catalog_shops.article.view import ARTICLES, ArticleStatus, ArticleView
from zugabe_events.contracts.catalog_shops import ArticleUse, Availability, Price, TaxClass
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.prices import german_amount
from zugabe_events.domain.versions import latest
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Id, Text
from zugabe_events.http.list_query import InText, ListQuery


class ArticleQuery(ListQuery):
    """`groups` is one product group, with all below it; `words` are searched for in the texts."""

    status: ArticleStatus | None = None
    use: ArticleUse | None = None
    brand: Id | None = None
    groups: Id | None = None
    catalogue: Text | None = None
    words: Annotated[Text | None, InText()] = None
    sort: Literal[
        "number", "-number", "name", "-name", "changed_at", "-changed_at", "relevance"
    ] = "number"


STATUS: Mapping[ArticleStatus, str] = {
    "listed": "gelistet",
    "delisted": "ausgelistet",
    "prices": "nur Preise",
}
USES: Mapping[ArticleUse, str] = {"sale": "Kaufartikel", "gift": "Dankeschönartikel"}
TAXES: Mapping[TaxClass, str] = {"standard": "voll", "reduced": "ermäßigt", "zero": "steuerfrei"}
AVAILABILITIES: Mapping[Availability, str] = {
    "available": "verfügbar",
    "low": "wenige verfügbar",
    "out-of-stock": "nicht auf Lager",
    "discontinued": "läuft nicht mehr",
}


def prices_in_words(view: ArticleView) -> str:
    """The prices that are in force last, such as `3,49 € je 100, ab 500: 3,29 €`."""
    version = latest(view.prices)
    return "; ".join(map(price_in_words, version.prices)) if version else ""


def price_in_words(price: Price) -> str:
    first, *others = price.steps
    begin = f"ab {first.from_quantity}: " if first.from_quantity > 1 else ""
    unit = f" je {price.quantity}" if price.quantity > 1 else ""
    steps = [f", ab {step.from_quantity}: {german_amount(step.amount)}" for step in others]
    days = [
        *([f"von {german_date(price.valid_from)}"] if price.valid_from else []),
        *([f"bis {german_date(price.valid_until)}"] if price.valid_until else []),
    ]
    within = f" ({' '.join(days)})" if days else ""
    return f"{begin}{german_amount(first.amount)}{unit}{''.join(steps)}{within}"


TABLE = Table(
    "artikel",
    ARTICLES,
    (
        Column("Artikelnummer", lambda article: article.number),
        Column("Bezeichnung", lambda article: article.name),
        Column("Status", lambda article: STATUS.get(article.status, article.status)),
        Column("Verwendung", lambda article: USES.get(article.use, article.use)),
        Column("Langtext", lambda article: article.plain),
        Column("Hersteller", lambda article: article.manufacturer),
        Column("Herstellernummer", lambda article: article.manufacturer_number),
        Column("Marke", lambda article: article.brand),
        Column("Warengruppen", lambda article: ", ".join(article.groups)),
        Column("GTIN", lambda article: article.gtin),
        Column("Schlagwörter", lambda article: ", ".join(article.keywords)),
        Column("Bestelleinheit", lambda article: article.order_unit),
        Column("Preise", prices_in_words),
        Column("Steuersatz", lambda article: TAXES.get(article.tax, article.tax)),
        Column(
            "Verfügbarkeit",
            lambda article: AVAILABILITIES.get(article.availability, article.availability),
        ),
        Column("Katalogkennzeichen", lambda article: article.catalogue_flag),
        Column("Katalog", lambda article: article.catalogue),
        Column("Geändert am", lambda article: article.changed_at, "instant"),
    ),
)
