"""Warehouses as central sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.contracts.onboarding import WarehouseKept
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.tenant import CENTRAL


@dataclass(frozen=True, slots=True)
class WarehouseView:
    dealer: str
    warehouse: str
    name: str
    address: str
    conditions: str


def keys(event: Event) -> Sequence[str]:
    match event:
        case WarehouseKept():
            return [event.warehouse]
        case _:
            return []


def project(view: WarehouseView | None, event: Event) -> WarehouseView | None:
    match event:
        case WarehouseKept():
            return view_of(event)
        case _:
            return view


def view_of(kept: WarehouseKept) -> WarehouseView:
    return WarehouseView(CENTRAL, kept.warehouse, kept.name, kept.address, kept.conditions)


WAREHOUSES = ReadModel(
    name="onboarding.warehouses",
    version=1,
    topics=("onboarding",),
    view=WarehouseView,
    keys=keys,
    project=project,
    lists=ListOptions((), ("warehouse", "name")),
)
