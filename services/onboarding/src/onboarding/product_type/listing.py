"""What lists of product types can be asked for, and how a product type looks as a row.

The titles of the first two columns are those of the import: what was exported can be imported.
"""

from collections.abc import Mapping
from typing import Literal

from onboarding.product_type.view import PRODUCT_TYPES, ProductTypeView, Status
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Text
from zugabe_events.http.list_query import ListQuery

LABEL, GROUP = "Produkttyp", "Gruppe"


class CatalogueQuery(ListQuery):
    group: Text | None = None
    sort: Literal["label", "-label", "group", "-group", "implemented_at", "-implemented_at"] = (
        "label"
    )


class ProductTypeQuery(CatalogueQuery):
    status: Status | None = None


STATUS: Mapping[Status, str] = {"awaited": "erwartet", "implemented": "implementiert"}

COLUMNS: tuple[Column[ProductTypeView], ...] = (
    Column(LABEL, lambda one: one.label),
    Column(GROUP, lambda one: one.group),
    Column("Kennung", lambda one: one.product_type),
    Column("Implementiert am", lambda one: one.implemented_at),
)

CATALOGUE = Table("produkttypen", PRODUCT_TYPES, COLUMNS)
"""For partners: what is there (ON-26)."""

TABLE = Table(
    "produkttypen",
    PRODUCT_TYPES,
    (
        *COLUMNS,
        Column("Status", lambda one: STATUS.get(one.status, one.status)),
        Column("Wartende Marken", lambda one: len(one.waiting)),
    ),
)
