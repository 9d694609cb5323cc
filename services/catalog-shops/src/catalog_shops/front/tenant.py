"""A tenant's settings of the front: its places and its audience."""

from msgspec.structs import replace

from catalog_shops.placement.view import PlacementChange, PlacementView, changed, initial
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerRemoved,
    BannerSet,
    BusinessOnlyDeclared,
    CentralShopsAdopted,
    CentralShopsLeft,
    FrontVisibility,
    FrontVisibilitySet,
    PlanEntry,
    PlanEntryRemoved,
    PlanEntrySet,
    ShopActivated,
    ShopDeactivated,
    ShopKind,
    ShopsArranged,
)
from zugabe_events.domain.event import Event, Fact


class ShownBanner(Fact, frozen=True):
    """A banner of the tenant, with the size of its graphic."""

    banner_id: str
    banner: Banner
    width: int
    height: int


class PlannedEntry(Fact, frozen=True):
    """An entry of the media plan, past ones included."""

    entry_id: str
    entry: PlanEntry


class TenantFront(Fact, frozen=True):
    """`banners` and `entries` stand in the order in which they were added."""

    dealer: str
    visibility: FrontVisibility = "public"
    business_only: bool = False
    placements: tuple[PlacementView, ...] = ()
    banners: tuple[ShownBanner, ...] = ()
    entries: tuple[PlannedEntry, ...] = ()

    def placement(self, kind: ShopKind) -> PlacementView:
        found = (one for one in self.placements if one.kind == kind)
        return next(found, initial(self.dealer, kind))


def tenant_of(event: Event) -> str | None:
    """Whose front the event changes; None if it is about something else."""
    match event:
        case (
            CentralShopsAdopted()
            | CentralShopsLeft()
            | ShopsArranged()
            | ShopActivated()
            | ShopDeactivated()
            | BannerSet()
            | BannerRemoved()
            | PlanEntrySet()
            | PlanEntryRemoved()
            | FrontVisibilitySet()
            | BusinessOnlyDeclared()
        ):
            return event.dealer
        case _:
            return None


def changed_tenant(front: TenantFront, event: Event) -> TenantFront:
    match event:
        case (
            CentralShopsAdopted()
            | CentralShopsLeft()
            | ShopsArranged()
            | ShopActivated()
            | ShopDeactivated()
        ):
            return with_placement(front, event)
        case BannerSet():
            shown = ShownBanner(event.banner_id, event.banner, event.width, event.height)
            if any(one.banner_id == event.banner_id for one in front.banners):
                kept = (shown if one.banner_id == event.banner_id else one for one in front.banners)
                return replace(front, banners=tuple(kept))
            return replace(front, banners=(*front.banners, shown))
        case BannerRemoved():
            left = tuple(one for one in front.banners if one.banner_id != event.banner_id)
            return replace(front, banners=left)
        case PlanEntrySet() | PlanEntryRemoved():
            others = tuple(one for one in front.entries if one.entry_id != event.entry_id)
            if isinstance(event, PlanEntryRemoved):
                return replace(front, entries=others)
            return replace(front, entries=(*others, PlannedEntry(event.entry_id, event.entry)))
        case FrontVisibilitySet():
            return replace(front, visibility=event.visibility)
        case BusinessOnlyDeclared():
            return replace(front, business_only=event.business_only)
        case _:
            return front


def with_placement(front: TenantFront, event: PlacementChange) -> TenantFront:
    arranged = changed(front.placement(event.kind), event)
    others = tuple(one for one in front.placements if one.kind != event.kind)
    return replace(front, placements=(*others, arranged))
