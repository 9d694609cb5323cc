"""Timers that ask for a review of brand shops that nobody has looked at for long (CS-45).

A shop's timers are named by the day on which it was last changed, reviewed or activated, as far as
the timer knows; what came after that day has a timer of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from catalog_shops.placement.decider import placement_history
from catalog_shops.shop.decider import SHOP_DECIDER, shop_history
from catalog_shops.shop.review import FlagReview
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    AssortmentImported,
    CentralShopsLeft,
    ShopActivated,
    ShopCreated,
    ShopGraphicSet,
    ShopHeadChanged,
    ShopReviewed,
    ShopsArranged,
    TopArticlesSet,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Context, Event, derived_id
from zugabe_events.domain.event_store import EventStore, state_of, states_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.timer import Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle

NAME = "catalog-shops.reviews"
USUAL_DAYS = 90

ALL = "+"
"""Stands for all active shops; no shop has this id."""

LOADED_AT_ONCE = 500


def due(days: int, received: ReceivedEvent) -> Schedule | None:
    if (looked := looked_at(received.event)) is not None:
        dealer, shop, at = looked
        return Schedule(f"{dealer}/{shop}/{day_of(at)}", at + timedelta(days=days))
    match received.event:
        case CentralShopsLeft(dealer=dealer, kind="brand", left_at=at):
            # Own shops are shown again; meanwhile nobody may have looked at them.
            return Schedule(f"{dealer}/{ALL}/{day_of(at - timedelta(days=days))}", at)
        case _:
            return None


def looked_at(event: Event) -> tuple[str, str, datetime] | None:
    """The tenant, the brand shop and the time of an event that begins the time anew."""
    match event:
        case ShopsArranged(dealer=dealer, kind="brand", arranged_at=at):
            return dealer, ALL, at
        case ShopActivated(dealer=dealer, kind="brand", shop=ref, activated_at=at):
            return (dealer, ref.shop, at) if ref.dealer == dealer else None
        case (
            ShopCreated(kind="brand", created_at=at)
            | AssortmentImported(kind="brand", imported_at=at)
            | ShopReviewed(kind="brand", reviewed_at=at)
            | ShopHeadChanged(kind="brand", changed_at=at)
            | TopArticlesSet(kind="brand", changed_at=at)
            | ShopGraphicSet(kind="brand", changed_at=at)
        ):
            return None if event.shop == OVERVIEW else (event.dealer, event.shop, at)
        case _:
            return None


async def fire(store: EventStore, key: str, context: Context) -> None:
    """Flag what is active and has not been looked at since the day of the timer."""
    dealer, shop, day = key.split("/")
    placement = await state_of(store, placement_history(dealer, "brand"))
    if placement.adopted and dealer != CENTRAL:
        return
    since = {each.shop.shop: each.since for each in placement.active if each.shop.dealer == dealer}
    wanted = sorted(since) if shop == ALL else [shop]
    for first in range(0, len(wanted), LOADED_AT_ONCE):
        for command in await flags(
            store, dealer, wanted[first:][:LOADED_AT_ONCE], since, date.fromisoformat(day), context
        ):
            attempt = derived_id(NAME, key, command.key.shop)
            await handle(store, shop_history(command.key), command, context, attempt=attempt)


async def flags(
    store: EventStore,
    dealer: str,
    shops: Sequence[str],
    since: Mapping[str, datetime],
    day: date,
    context: Context,
) -> list[FlagReview]:
    """The commands that have an effect."""
    commands = [
        FlagReview(ShopKey(dealer, "brand", shop), since.get(shop), day, context.at)
        for shop in shops
    ]
    states = await states_of(store, [shop_history(command.key) for command in commands])
    return [
        command
        for command, state in zip(commands, states, strict=True)
        if SHOP_DECIDER.decide(command, state)
    ]


def reviews_after(days: int) -> TimerRule:
    return TimerRule(name=NAME, topics=("catalog-shops",), due=partial(due, days), fire=fire)
