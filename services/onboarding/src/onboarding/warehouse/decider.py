"""A warehouse, maintained by central, and its choice for a brand.

A brand's warehouse is chosen early (ON-4); address and conditions are disclosed when logistics
start (ON-31). The state has the brands whose partners are notified when they change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.brand.state import Brand, Progress
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    BrandServed,
    Contact,
    DeliveryDisclosed,
    PlannedStock,
    ServedBrand,
    WarehouseChosen,
    WarehouseKept,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError, RefusedError
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


class PlannedStockMissingError(RefusedError):
    """The warehouse is chosen on the basis of the planned stock (ON-4, Q31)."""

    code = "planned-stock-missing"

    def __init__(self) -> None:
        super().__init__(
            "Das Lager wird auf Grundlage der geplanten Lagerbestände gewählt. Das Formular "
            "„Lagerinformationen“ der Marke liegt noch nicht vor."
        )


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


@dataclass(frozen=True, slots=True)
class ChooseWarehouse:
    """`planned` is the stock on whose basis the warehouse is chosen; None if no form says it."""

    place: KnownWarehouse
    contact: Contact
    at: datetime
    planned: PlannedStock | None


@dataclass(frozen=True, slots=True)
class DiscloseAgain:
    """Disclose the warehouse as it is now; without a contact, nothing is disclosed."""

    place: KnownWarehouse
    contact: Contact | None


def decide_choice(command: ChooseWarehouse | DiscloseAgain, brand: Brand) -> Sequence[BrandEvent]:
    match command:
        case ChooseWarehouse():
            return choose(command, brand)
        case DiscloseAgain():
            return disclose_again(command, brand)


def choose(command: ChooseWarehouse, brand: Brand) -> Sequence[BrandEvent]:
    """Once logistics run, another warehouse is disclosed at once."""
    place = command.place
    if brand.progress.warehouse == place.warehouse:
        return []
    if command.planned is None and not needs_no_stock(brand.progress):
        raise PlannedStockMissingError
    chosen = WarehouseChosen(
        brand.partner, brand.brand, place.warehouse, place.name, command.at, command.planned
    )
    if not brand.progress.has_started("logistics"):
        return [chosen]
    return [chosen, disclosed(brand, command.contact, place)]


def needs_no_stock(progress: Progress) -> bool:
    """The form was accepted before, or is waived."""
    return "warehouse" in progress.steps or "form:warehouse" in progress.waivers


def disclose_again(command: DiscloseAgain, brand: Brand) -> Sequence[BrandEvent]:
    """Never refuse: a policy asks. The start of logistics comes first (ON-31)."""
    place, before = command.place, brand.disclosed
    if command.contact is None or before is None or brand.progress.warehouse != place.warehouse:
        return []
    again = disclosed(brand, command.contact, place)
    same = (again.warehouse_name, again.address, again.conditions) == (
        before.warehouse_name,
        before.address,
        before.conditions,
    )
    return [] if same else [again]


def disclosed(brand: Brand, contact: Contact, place: KnownWarehouse) -> DeliveryDisclosed:
    return DeliveryDisclosed(
        brand.partner,
        brand.brand,
        brand.name,
        contact,
        place.warehouse,
        place.name,
        place.address,
        place.conditions,
        again=brand.disclosed is not None,
    )
