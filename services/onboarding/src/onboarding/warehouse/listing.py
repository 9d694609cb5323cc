"""Filters and columns of the list of warehouses."""

from typing import Literal

from onboarding.warehouse.view import WAREHOUSES
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


class WarehouseQuery(ListQuery):
    sort: Literal["warehouse", "-warehouse", "name", "-name"] = "warehouse"


TABLE = Table(
    "lager",
    WAREHOUSES,
    (
        Column("Lager", lambda warehouse: warehouse.warehouse),
        Column("Name", lambda warehouse: warehouse.name),
        Column("Adresse", lambda warehouse: warehouse.address),
        Column("Anlieferbedingungen", lambda warehouse: warehouse.conditions),
    ),
)
