"""Queries and tables of customers and of the prices agreed with them."""

from collections.abc import Mapping
from typing import Literal

from catalog_shops.article.listing import price_in_words
from catalog_shops.customer.view import AGREED_PRICES, CUSTOMERS, AgreedPriceView
from zugabe_events.contracts.catalog_shops import Benefit
from zugabe_events.domain.versions import latest
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


class CustomerQuery(ListQuery):
    """`excluded` is one of the benefits that a customer is excluded from."""

    excluded: Benefit | None = None
    contract_priced: bool | None = None
    sort: Literal["customer", "-customer"] = "customer"


class AgreedPriceQuery(ListQuery):
    has_prices: bool | None = None
    sort: Literal["number", "-number"] = "number"


BENEFITS: Mapping[Benefit, str] = {
    "gifts": "Dankeschönartikel",
    "vouchers": "Gutscheine",
    "rewards": "Prämien",
    "points": "Bonuspunkte",
}

CUSTOMER_TABLE = Table(
    "kunden",
    CUSTOMERS,
    (
        Column("Kunde", lambda one: one.customer),
        Column(
            "Ausgeschlossen von",
            lambda one: ", ".join(BENEFITS.get(benefit, benefit) for benefit in one.excluded),
        ),
        Column("Vereinbarte Preise ausgenommen", lambda one: one.contract_priced),
    ),
)


def latest_prices(view: AgreedPriceView) -> str:
    version = latest(view.prices)
    return "; ".join(map(price_in_words, version.prices)) if version else ""


def latest_version(view: AgreedPriceView) -> int | None:
    version = latest(view.prices)
    return version.version if version else None


AGREED_PRICE_TABLE = Table(
    "vereinbarte-preise",
    AGREED_PRICES,
    (
        Column("Kunde", lambda one: one.customer),
        Column("Artikelnummer", lambda one: one.number),
        Column("Preise", latest_prices),
        Column("Fassung", latest_version),
    ),
)
