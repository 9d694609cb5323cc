"""A warehouse, maintained by central; address and conditions are not disclosed here (ON-31).

Its state has the brands whose partners are notified when they change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zugabe_events.contracts.onboarding import BrandServed, ServedBrand, WarehouseKept
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class KeepWarehouse:
    warehouse: str
    name: str
    address: str
    conditions: str


@dataclass(frozen=True, slots=True)
class ServeBrand:
    """A brand has chosen the warehouse."""

    brand: ServedBrand


class UnknownWarehouseError(NotFoundError):
    """There is no warehouse with this id."""

    code = "warehouse-unknown"

    def __init__(self) -> None:
        super().__init__("Dieses Lager gibt es nicht.")


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class KnownWarehouse:
    warehouse: str
    name: str
    address: str
    conditions: str
    brands: tuple[ServedBrand, ...] = ()


type Command = KeepWarehouse | ServeBrand
type Warehouse = Unknown | KnownWarehouse
type WarehouseEvent = WarehouseKept | BrandServed


def decide(command: Command, warehouse: Warehouse) -> Sequence[WarehouseEvent]:
    match command, warehouse:
        case KeepWarehouse(), _:
            brands = warehouse.brands if isinstance(warehouse, KnownWarehouse) else ()
            event = WarehouseKept(
                command.warehouse, command.name, command.address, command.conditions, brands
            )
            return [] if evolve(warehouse, event) == warehouse else [event]
        case ServeBrand(brand), KnownWarehouse() if brand not in warehouse.brands:
            return [BrandServed(warehouse.warehouse, brand)]
        case _:
            return []


def evolve(warehouse: Warehouse, event: WarehouseEvent) -> Warehouse:
    match event:
        case WarehouseKept():
            return KnownWarehouse(
                event.warehouse, event.name, event.address, event.conditions, event.brands
            )
        case BrandServed():
            its = kept(warehouse)
            return replace(its, brands=(*its.brands, event.brand))


def kept(warehouse: Warehouse) -> KnownWarehouse:
    """Raise UnknownWarehouseError."""
    match warehouse:
        case Unknown():
            raise UnknownWarehouseError
        case KnownWarehouse():
            return warehouse


WAREHOUSE_DECIDER: Decider[Command, Warehouse, WarehouseEvent] = Decider(
    "warehouse", Unknown(), decide, evolve
)


def warehouse_history(warehouse_id: str) -> History[Warehouse, WarehouseEvent]:
    return History(Stream(f"warehouse/{warehouse_id}", "warehouse"), WAREHOUSE_DECIDER)
