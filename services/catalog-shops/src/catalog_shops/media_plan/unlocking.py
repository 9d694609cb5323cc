"""Shops unlocked and removed from view: when, and by whom or by which entry (CS-44)."""

from collections.abc import Iterable, Sequence
from typing import Literal

from zugabe_events.contracts.catalog_shops import (
    CentralShopsAdopted,
    CentralShopsLeft,
    PlanEntryBegan,
    PlanEntryEnded,
    PlannedShop,
    ShopActivated,
    ShopDeactivated,
    ShopKind,
    ShopRef,
    ShopsArranged,
)
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.projection import ListOptions, ReadModel

type Cause = Literal["arranged", "central-adopted", "central-left", "entry-began", "entry-ended"]


class SwitchedShop(Fact, frozen=True):
    """`dealer` maintains the shop; `name` is its present one."""

    kind: ShopKind
    dealer: str
    shop: str
    name: str = ""


class UnlockingView(Fact, frozen=True):
    """Shops that were switched at once. `by` is the subject of who did it; for the media plan it is
    "" and `title` is the entry's."""

    dealer: str
    at: Instant
    cause: Cause
    kind: ShopKind | None = None
    by: str = ""
    entry_id: str = ""
    title: str = ""
    unlocked: tuple[SwitchedShop, ...] = ()
    removed: tuple[SwitchedShop, ...] = ()


def keys(event: Event) -> Sequence[str]:
    """One document for each event."""
    match event:
        case (
            ShopsArranged()
            | ShopActivated()
            | ShopDeactivated()
            | CentralShopsAdopted()
            | CentralShopsLeft()
        ):
            return [f"{event.dealer}/{event.kind}/{event.version}"]
        case PlanEntryBegan():
            return [f"{event.dealer}/plan/{event.entry_id}/{event.version}/began"]
        case PlanEntryEnded():
            return [f"{event.dealer}/plan/{event.entry_id}/{event.version}/ended"]
        case _:
            return []


def project(view: UnlockingView | None, event: Event) -> UnlockingView | None:
    match event:
        case PlanEntryBegan() | PlanEntryEnded():
            return planned(event)
        case CentralShopsAdopted():
            at = event.adopted_at
            return UnlockingView(event.dealer, at, "central-adopted", event.kind, event.by)
        case CentralShopsLeft():
            return UnlockingView(event.dealer, event.left_at, "central-left", event.kind, event.by)
        case ShopsArranged() | ShopActivated() | ShopDeactivated():
            return arranged(event)
        case _:
            return view


def arranged(event: ShopsArranged | ShopActivated | ShopDeactivated) -> UnlockingView:
    unlocked: Iterable[ShopRef] = ()
    removed: Iterable[ShopRef] = ()
    match event:
        case ShopsArranged():
            unlocked = [event.active[place] for place in event.activated]
            removed, at = event.deactivated, event.arranged_at
        case ShopActivated():
            unlocked, at = [event.shop], event.activated_at
        case ShopDeactivated():
            removed, at = [event.shop], event.deactivated_at
    return UnlockingView(
        event.dealer,
        at,
        "arranged",
        event.kind,
        event.by,
        unlocked=switched(event.kind, unlocked),
        removed=switched(event.kind, removed),
    )


def switched(kind: ShopKind, refs: Iterable[ShopRef]) -> tuple[SwitchedShop, ...]:
    return tuple(SwitchedShop(kind, ref.dealer, ref.shop) for ref in refs)


def planned(event: PlanEntryBegan | PlanEntryEnded) -> UnlockingView:
    """The end of an entry takes back what its beginning did."""
    on, off = shops_on(event.entry.shops), shops_off(event.entry.shops, event.entry.shops_off)
    begins = isinstance(event, PlanEntryBegan)
    return UnlockingView(
        event.dealer,
        event.began_at if isinstance(event, PlanEntryBegan) else event.ended_at,
        "entry-began" if begins else "entry-ended",
        entry_id=event.entry_id,
        title=event.entry.title,
        unlocked=on if begins else off,
        removed=off if begins else on,
    )


def shops_on(shops: Iterable[PlannedShop]) -> tuple[SwitchedShop, ...]:
    return tuple(SwitchedShop(each.kind, each.shop.dealer, each.shop.shop) for each in shops)


def shops_off(
    shops: Iterable[PlannedShop], hidden: Iterable[PlannedShop]
) -> tuple[SwitchedShop, ...]:
    replaced = (
        SwitchedShop(each.kind, each.replaces.dealer, each.replaces.shop)
        for each in shops
        if each.replaces is not None
    )
    return tuple(dict.fromkeys((*shops_on(hidden), *replaced)))


UNLOCKINGS = ReadModel(
    name="catalog-shops.unlockings",
    version=1,
    topics=("catalog-shops",),
    view=UnlockingView,
    keys=keys,
    project=project,
    lists=ListOptions((), ("at",)),
)
