"""Changes of a placement, with the shops that would become active looked at first."""

from collections.abc import Sequence
from typing import Any

from catalog_shops.dealer.decider import check_own_shops, dealer_history
from catalog_shops.placement.decider import (
    PLACEMENT_DECIDER,
    ActivateShop,
    AdoptCentralShops,
    ArrangeShops,
    Command,
    DeactivateShop,
    LeaveCentralShops,
    Placement,
    newly_active,
    placement_history,
)
from catalog_shops.shop.maintenance import check_has_shops
from catalog_shops.shop.requests import check_exist, histories_of, keys_of
from zugabe_events.contracts.catalog_shops import ShopRef
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.http.request_context import RequestContext


async def arranged(store: EventStore, request: RequestContext, command: Command) -> int:
    """Handle a command; return the version of the placement after it.

    Raise what `decide` raises, ShopNotFoundError for one that nobody could show here, and what
    own shops lack.
    """
    order = command.order
    check_has_shops(order.dealer)
    history = placement_history(order.dealer, order.kind)
    before = await state_of(store, history)
    wanted = activated_by(command, before)
    keys = keys_of(order.dealer, ((order.kind, ref) for ref in wanted))

    def decide(placement: Placement, dealer: Any, *shops: Any) -> Sequence[Event]:
        decided = PLACEMENT_DECIDER.decide(command, placement)
        if decided and order.dealer != CENTRAL and order.dealer in {key.dealer for key in keys}:
            check_own_shops(dealer)
        if decided:
            check_exist(keys, shops)
        return decided

    histories: list[Any] = [history, dealer_history(order.dealer), *histories_of(keys)]
    handled = await request.handle_reading(store, histories, decide)
    if handled.events:
        return version_of(handled.events[-1])
    return (await state_of(store, history)).version


def version_of(event: Any) -> int:
    """All events of a placement have one."""
    version: int = event.version
    return version


def activated_by(command: Command, placement: Placement) -> Sequence[ShopRef]:
    match command:
        case ArrangeShops():
            return newly_active(command, placement)
        case ActivateShop(shop=shop):
            return [shop]
        case AdoptCentralShops() | LeaveCentralShops() | DeactivateShop():
            return []
