"""A warehouse as central keeps it; its address and conditions are nobody else's yet (ON-31)."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.contracts.onboarding import WarehouseKept
from zugabe_events.decider import Decider
from zugabe_events.envelope import Stream
from zugabe_events.errors import NotFoundError
from zugabe_events.store import History


@dataclass(frozen=True, slots=True)
class KeepWarehouse:
    warehouse: str
    name: str
    address: str
    conditions: str


class UnknownWarehouseError(NotFoundError):
    """Nobody keeps a warehouse of this id."""

    code = "warehouse-unknown"

    def __init__(self) -> None:
        super().__init__("Dieses Lager gibt es nicht.")


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Kept:
    warehouse: str
    name: str
    address: str
    conditions: str


type Warehouse = Unknown | Kept


def decide(command: KeepWarehouse, warehouse: Warehouse) -> Sequence[WarehouseKept]:
    kept = WarehouseKept(command.warehouse, command.name, command.address, command.conditions)
    return [] if evolve(warehouse, kept) == warehouse else [kept]


def evolve(_: Warehouse, event: WarehouseKept) -> Warehouse:
    return Kept(event.warehouse, event.name, event.address, event.conditions)


def kept(warehouse: Warehouse) -> Kept:
    """Raises UnknownWarehouseError."""
    match warehouse:
        case Unknown():
            raise UnknownWarehouseError
        case Kept():
            return warehouse


warehouse: Decider[KeepWarehouse, Warehouse, WarehouseKept] = Decider(
    "warehouse", Unknown(), decide, evolve
)


def warehouse_history(warehouse_id: str) -> History[Warehouse, WarehouseKept]:
    return History(Stream(f"warehouse/{warehouse_id}", "warehouse"), warehouse)
