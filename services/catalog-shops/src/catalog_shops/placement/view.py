"""Active shops of a tenant by kind, in their order."""

from collections.abc import Sequence

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    CentralShopsAdopted,
    CentralShopsLeft,
    ShopActivated,
    ShopDeactivated,
    ShopKind,
    ShopRef,
    ShopsArranged,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views

type PlacementChange = (
    CentralShopsAdopted | CentralShopsLeft | ShopsArranged | ShopActivated | ShopDeactivated
)


class PlacementView(Fact, frozen=True):
    """A dealer who has `adopted` central shops shows them as central arranges them; `active` are
    then own shops that are hidden meanwhile. Shops that were deleted may still be among them."""

    dealer: str
    kind: ShopKind
    adopted: bool
    version: int = 0
    active: tuple[ShopRef, ...] = ()


def key_of(dealer: str, kind: ShopKind) -> str:
    return f"{dealer}/{kind}"


def initial(dealer: str, kind: ShopKind) -> PlacementView:
    """The placement of a tenant who has not arranged anything yet (CS-12)."""
    return PlacementView(dealer, kind, adopted=dealer != CENTRAL)


def keys(event: Event) -> Sequence[str]:
    match event:
        case (
            CentralShopsAdopted()
            | CentralShopsLeft()
            | ShopsArranged()
            | ShopActivated()
            | ShopDeactivated()
        ):
            return [key_of(event.dealer, event.kind)]
        case _:
            return []


def project(view: PlacementView | None, event: Event) -> PlacementView | None:
    match event:
        case (
            CentralShopsAdopted()
            | CentralShopsLeft()
            | ShopsArranged()
            | ShopActivated()
            | ShopDeactivated()
        ):
            return changed(view or initial(event.dealer, event.kind), event)
        case _:
            return view


def changed(view: PlacementView, event: PlacementChange) -> PlacementView:
    match event:
        case CentralShopsAdopted() | CentralShopsLeft():
            adopted = isinstance(event, CentralShopsAdopted)
            active = tuple(ref for ref in view.active if ref.dealer == view.dealer)
            return replace(view, adopted=adopted, version=event.version, active=active)
        case ShopsArranged():
            return replace(view, version=event.version, active=event.active)
        case ShopActivated():
            return replace(view, version=event.version, active=(*view.active, event.shop))
        case ShopDeactivated():
            active = tuple(ref for ref in view.active if ref != event.shop)
            return replace(view, version=event.version, active=active)


async def placement_of(
    placements: Views[PlacementView], dealer: str, kind: ShopKind
) -> PlacementView:
    return await placements.get(key_of(dealer, kind)) or initial(dealer, kind)


async def active_refs(
    placements: Views[PlacementView], dealer: str, kind: ShopKind
) -> tuple[ShopRef, ...]:
    """The shops that a tenant shows, without regard to a media plan: those that central arranges,
    if they are adopted (CS-12)."""
    own = await placement_of(placements, dealer, kind)
    return (await placement_of(placements, CENTRAL, kind)).active if own.adopted else own.active


PLACEMENTS = ReadModel(
    name="catalog-shops.placements",
    version=1,
    topics=("catalog-shops",),
    view=PlacementView,
    keys=keys,
    project=project,
)
