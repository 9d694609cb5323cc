"""Query and table of brands."""

from collections.abc import Mapping
from typing import Literal

from catalog_shops.brand.view import BRANDS
from zugabe_events.contracts.catalog_shops import BrandOrigin
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


class BrandQuery(ListQuery):
    origin: BrandOrigin | None = None
    sort: Literal["name", "-name", "brand", "-brand"] = "name"


ORIGINS: Mapping[BrandOrigin, str] = {
    "catalogue": "Katalog",
    "onboarding": "Onboarding",
    "staff": "angelegt",
}

TABLE = Table(
    "marken",
    BRANDS,
    (
        Column("Marke", lambda brand: brand.brand),
        Column("Name", lambda brand: brand.name),
        Column("Herkunft", lambda brand: ORIGINS.get(brand.origin, brand.origin)),
        Column("Zentral", lambda brand: brand.dealer == CENTRAL),
    ),
)
