"""Read models of gifts: the rules of each tenant, and a list of gifts for the back office."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec.structs import replace

from catalog_shops.gift.decider import evolve
from zugabe_events.contracts.catalog_shops import GiftModeSet, GiftOffered, GiftWithdrawn
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.gift_rules import GiftRules
from zugabe_events.domain.projection import ListOptions, ReadModel

type GiftStatus = Literal["offered", "withdrawn"]


class GiftsView(Fact, frozen=True):
    """The gifts of a tenant by version."""

    dealer: str
    rules: GiftRules = GiftRules()


class OwnGiftView(Fact, frozen=True):
    """A gift as its tenant maintains it, by the change that is in force last."""

    dealer: str
    gift: str
    number: str
    name: str
    limit_cents: int
    valid_from: date
    valid_until: date | None
    status: GiftStatus
    effective_at: Instant


def keys(event: Event) -> Sequence[str]:
    match event:
        case GiftModeSet() | GiftOffered() | GiftWithdrawn():
            return [event.dealer]
        case _:
            return []


def project(view: GiftsView | None, event: Event) -> GiftsView | None:
    match event:
        case GiftModeSet() | GiftOffered() | GiftWithdrawn():
            before = view.rules if view else GiftRules()
            return GiftsView(event.dealer, evolve(before, event))
        case _:
            return view


def own_gift_keys(event: Event) -> Sequence[str]:
    match event:
        case GiftOffered(offer=offer):
            return [f"{event.dealer}/{offer.gift}"]
        case GiftWithdrawn():
            return [f"{event.dealer}/{event.gift}"]
        case _:
            return []


def project_own_gift(view: OwnGiftView | None, event: Event) -> OwnGiftView | None:
    """An arrangement for the past leaves the present as it is."""
    match event:
        case GiftOffered() if view is None or event.effective_at >= view.effective_at:
            offer = event.offer
            return OwnGiftView(
                dealer=event.dealer,
                gift=offer.gift,
                number=offer.number,
                name=offer.name,
                limit_cents=offer.limit_cents,
                valid_from=offer.valid_from,
                valid_until=offer.valid_until,
                status="offered",
                effective_at=event.effective_at,
            )
        case GiftWithdrawn() if view is not None and event.effective_at >= view.effective_at:
            return replace(view, status="withdrawn", effective_at=event.effective_at)
        case _:
            return view


GIFTS = ReadModel(
    name="catalog-shops.gifts",
    version=1,
    topics=("catalog-shops",),
    view=GiftsView,
    keys=keys,
    project=project,
)

OWN_GIFTS = ReadModel(
    name="catalog-shops.own-gifts",
    version=1,
    topics=("catalog-shops",),
    view=OwnGiftView,
    keys=own_gift_keys,
    project=project_own_gift,
    lists=ListOptions(("status",), ("number", "limit_cents", "valid_until")),
)
