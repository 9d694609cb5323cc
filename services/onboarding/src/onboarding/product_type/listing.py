"""Filters and columns of lists of product types.

The titles of the first two columns are those of the import: what was exported can be imported.
"""

from collections.abc import Mapping
from typing import Literal

from onboarding.product_type.view import PRODUCT_TYPES, DataModelStatus, ProductTypeView
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
    status: DataModelStatus | None = None


STATUS: Mapping[DataModelStatus, str] = {"awaited": "erwartet", "implemented": "implementiert"}

COLUMNS: tuple[Column[ProductTypeView], ...] = (
    Column(LABEL, lambda product_type: product_type.label),
    Column(GROUP, lambda product_type: product_type.group),
    Column("Kennung", lambda product_type: product_type.product_type),
    Column("Implementiert am", lambda product_type: product_type.implemented_at, "instant"),
)

CATALOGUE = Table("produkttypen", PRODUCT_TYPES, COLUMNS)
"""For partners: what is there (ON-26)."""

TABLE = Table(
    "produkttypen",
    PRODUCT_TYPES,
    (
        *COLUMNS,
        Column(
            "Status",
            lambda product_type: STATUS.get(product_type.status, product_type.status),
        ),
        Column("Wartende Marken", lambda product_type: len(product_type.waiting)),
    ),
)
