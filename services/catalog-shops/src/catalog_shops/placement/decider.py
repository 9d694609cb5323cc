"""The shops of a kind that a tenant shows, and their order (CS-12 to CS-15).

A dealer begins with the central shops as central arranges them. Only who leaves that arranges
shops: central ones, which stay central, and own ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog_shops.placement.refusals import (
    ArrangementStaleError,
    ArrangementTooLargeError,
    CentralShopsAdoptedError,
    NothingCentralError,
    ShopTwiceError,
)
from catalog_shops.shop.lane import shop_stream
from zugabe_events.contracts.catalog_shops import (
    CentralShopsAdopted,
    CentralShopsLeft,
    PlacementEvent,
    ShopActivated,
    ShopDeactivated,
    ShopKind,
    ShopRef,
    ShopsArranged,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.tenant import CENTRAL

MAX_ACTIVE = 10_000
MAX_BYTES = 800_000
"""Less than an event may have."""

BYTES_OF_REF = 24
BYTES_OF_PLACE = 6


@dataclass(frozen=True, slots=True)
class Order:
    """Whose shops of which kind are arranged, by whom and when."""

    dealer: str
    kind: ShopKind
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AdoptCentralShops:
    order: Order


@dataclass(frozen=True, slots=True)
class LeaveCentralShops:
    order: Order


@dataclass(frozen=True, slots=True)
class ArrangeShops:
    """`based_on` is the version that whoever arranges has seen."""

    order: Order
    based_on: int
    active: tuple[ShopRef, ...]


@dataclass(frozen=True, slots=True)
class ActivateShop:
    order: Order
    shop: ShopRef


@dataclass(frozen=True, slots=True)
class DeactivateShop:
    order: Order
    shop: ShopRef


type Command = AdoptCentralShops | LeaveCentralShops | ArrangeShops | ActivateShop | DeactivateShop


@dataclass(frozen=True, slots=True)
class ActiveShop:
    shop: ShopRef
    since: datetime


@dataclass(frozen=True, slots=True)
class Placement:
    """`adopted` says nothing at central. While adopted, `active` are own shops that are hidden."""

    adopted: bool = True
    version: int = 0
    active: tuple[ActiveShop, ...] = ()

    @property
    def refs(self) -> tuple[ShopRef, ...]:
        return tuple(each.shop for each in self.active)

    def since(self, shop: ShopRef) -> datetime | None:
        """The instant at which an active shop was activated."""
        return next((each.since for each in self.active if each.shop == shop), None)


def decide(command: Command, placement: Placement) -> Sequence[PlacementEvent]:
    match command:
        case AdoptCentralShops():
            return adopt(command.order, placement)
        case LeaveCentralShops():
            return leave(command.order, placement)
        case ArrangeShops():
            return arrange(command, placement)
        case ActivateShop():
            return activate(command, placement)
        case DeactivateShop():
            return deactivate(command, placement)


def adopt(order: Order, placement: Placement) -> Sequence[PlacementEvent]:
    refuse_central(order.dealer)
    if placement.adopted:
        return []
    version = placement.version + 1
    return [CentralShopsAdopted(order.dealer, order.kind, version, order.at, order.by)]


def leave(order: Order, placement: Placement) -> Sequence[PlacementEvent]:
    refuse_central(order.dealer)
    if not placement.adopted:
        return []
    version = placement.version + 1
    return [CentralShopsLeft(order.dealer, order.kind, version, order.at, order.by)]


def activate(command: ActivateShop, placement: Placement) -> Sequence[PlacementEvent]:
    order, shop = command.order, command.shop
    check_arranges(order, placement)
    if placement.since(shop):
        return []
    if len(placement.active) >= MAX_ACTIVE:
        raise ArrangementTooLargeError(MAX_ACTIVE)
    version = placement.version + 1
    return [ShopActivated(order.dealer, order.kind, version, shop, order.at, order.by)]


def deactivate(command: DeactivateShop, placement: Placement) -> Sequence[PlacementEvent]:
    """Possible while central shops are adopted, for an own shop that is deleted."""
    order, shop = command.order, command.shop
    if not placement.since(shop):
        return []
    version = placement.version + 1
    return [ShopDeactivated(order.dealer, order.kind, version, shop, order.at, order.by)]


def refuse_central(dealer: str) -> None:
    if dealer == CENTRAL:
        raise NothingCentralError


def check_arranges(order: Order, placement: Placement) -> None:
    """Raise CentralShopsAdoptedError."""
    if order.dealer != CENTRAL and placement.adopted:
        raise CentralShopsAdoptedError(order.kind)


def arrange(command: ArrangeShops, placement: Placement) -> Sequence[PlacementEvent]:
    order, before = command.order, placement.refs
    check_arranges(order, placement)
    if command.active == before:
        return []
    if command.based_on != placement.version:
        raise ArrangementStaleError(placement.version, before)
    seen: set[ShopRef] = set()
    for ref in command.active:
        if ref in seen:
            raise ShopTwiceError(ref)
        seen.add(ref)
    known = set(before)
    activated = tuple(at for at, ref in enumerate(command.active) if ref not in known)
    deactivated = tuple(ref for ref in before if ref not in seen)
    size = sum(
        len(ref.dealer) + len(ref.shop) + BYTES_OF_REF for ref in (*command.active, *deactivated)
    )
    if len(command.active) > MAX_ACTIVE or size + BYTES_OF_PLACE * len(activated) > MAX_BYTES:
        raise ArrangementTooLargeError(MAX_ACTIVE)
    return [
        ShopsArranged(
            order.dealer,
            order.kind,
            placement.version + 1,
            command.active,
            activated,
            deactivated,
            order.at,
            order.by,
        )
    ]


def newly_active(command: ArrangeShops, placement: Placement) -> list[ShopRef]:
    """The shops that an arrangement would activate."""
    known = set(placement.refs)
    return [ref for ref in dict.fromkeys(command.active) if ref not in known]


def evolve(placement: Placement, event: PlacementEvent) -> Placement:
    match event:
        case CentralShopsAdopted() | CentralShopsLeft():
            own = tuple(each for each in placement.active if each.shop.dealer == event.dealer)
            return Placement(isinstance(event, CentralShopsAdopted), event.version, own)
        case ShopsArranged():
            since = {each.shop: each.since for each in placement.active}
            active = tuple(
                ActiveShop(ref, since.get(ref, event.arranged_at)) for ref in event.active
            )
            return Placement(placement.adopted, event.version, active)
        case ShopActivated():
            active = (*placement.active, ActiveShop(event.shop, event.activated_at))
            return Placement(placement.adopted, event.version, active)
        case ShopDeactivated():
            active = tuple(each for each in placement.active if each.shop != event.shop)
            return Placement(placement.adopted, event.version, active)


PLACEMENT_DECIDER: Decider[Command, Placement, PlacementEvent] = Decider(
    "placement", Placement(), decide, evolve
)


def placement_history(dealer: str, kind: ShopKind) -> History[Placement, PlacementEvent]:
    return History(shop_stream(dealer, f"placement/{dealer}/{kind}"), PLACEMENT_DECIDER)
