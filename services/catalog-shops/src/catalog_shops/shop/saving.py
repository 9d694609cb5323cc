"""Saving and deleting of shops: the shop, its URL name and its place, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog_shops.brand.decider import BrandNotFoundError
from catalog_shops.placement.decider import (
    PLACEMENT_DECIDER,
    ActivateShop,
    DeactivateShop,
    Order,
    Placement,
    placement_history,
)
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.decider import SHOP_DECIDER, DeleteShop, SaveHead, shop_history, shop_of
from catalog_shops.shop.maintenance import Decided, maintain
from catalog_shops.shop.state import Shop, ShopKey, ShopState
from catalog_shops.texts import canonical_text
from catalog_shops.url_name.decider import (
    URL_NAME_DECIDER,
    ClaimUrlName,
    ReleaseUrlName,
    UrlNameTakenError,
    normalised,
    url_name_history,
)
from zugabe_events.contracts.catalog_shops import ShopHead, ShopRef
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import InvalidError, UnavailableError
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.request_context import RequestContext

TRIES = 5


class UrlNameMovedError(Exception):
    """The shop has another URL name than it was loaded with."""


@dataclass(frozen=True, slots=True)
class WantedHead:
    """As somebody typed it. Without `active` the shop stays active or inactive (CS-21)."""

    name: str | None
    url_name: str
    brand: str
    text: str
    active: bool | None


async def head_of(catalogue: Catalogue, dealer: str, wanted: WantedHead) -> ShopHead:
    """Raise InvalidError, BrandNotFoundError. A brand proposes its name (CS-17)."""
    name = wanted.name
    if wanted.brand:
        brand_name = await catalogue.brand_name(dealer, wanted.brand)
        if brand_name is None:
            raise BrandNotFoundError
        name = name or brand_name
    if not name:
        raise InvalidError("Der Name des Shops fehlt.", code="name-missing")
    return ShopHead(name, normalised(wanted.url_name), wanted.brand, canonical_text(wanted.text))


async def save_head(
    store: EventStore, request: RequestContext, key: ShopKey, head: ShopHead, active: bool | None
) -> None:
    """Raise what `decide` raises, UrlNameTakenError with the name of the other shop."""
    try:
        for _ in range(TRIES):
            try:
                return await save_once(store, request, key, head, active)
            except UrlNameMovedError:
                continue
        raise UnavailableError("Der Shop wird gerade von jemand anderem geändert.")
    except UrlNameTakenError as taken:
        other = ShopKey(key.dealer, taken.kind, taken.shop)
        state = await state_of(store, shop_history(other))
        name = state.head.name if isinstance(state, Shop) else ""
        raise UrlNameTakenError(taken.url_name, taken.kind, taken.shop, name) from None


async def save_once(
    store: EventStore, request: RequestContext, key: ShopKey, head: ShopHead, active: bool | None
) -> None:
    history = shop_history(key)
    before = url_name_of(await state_of(store, history))
    names = list(dict.fromkeys(name for name in (before, head.url_name) if name is not None))

    def decide(placement: Placement, states: Sequence[Any]) -> tuple[Sequence[Event], Decided]:
        shop, *of_names = states
        if url_name_of(shop) != before:
            raise UrlNameMovedError
        saved = SHOP_DECIDER.decide(SaveHead(key, head, request.context.at), shop)
        named = [
            URL_NAME_DECIDER.decide(
                ClaimUrlName(key.dealer, name, key.kind, key.shop)
                if name == head.url_name
                else ReleaseUrlName(key.dealer, name, key.kind, key.shop),
                state,
            )
            for name, state in zip(names, of_names, strict=True)
        ]
        return switched(request, key, active, placement), [saved, *named]

    histories: list[History[Any, Any]] = [
        history,
        *(url_name_history(key.dealer, name) for name in names),
    ]
    await maintain(store, request, key, histories, decide)


def switched(
    request: RequestContext, key: ShopKey, active: bool | None, placement: Placement
) -> Sequence[Event]:
    """The own shop is shown behind the others, or not any more; None leaves it."""
    if active is None:
        return []
    order = Order(key.dealer, key.kind, request.context.actor, request.context.at)
    command = ActivateShop if active else DeactivateShop
    return PLACEMENT_DECIDER.decide(command(order, ref_of(key)), placement)


def ref_of(key: ShopKey) -> ShopRef:
    return ShopRef(key.dealer, key.shop)


def url_name_of(shop: ShopState) -> str | None:
    return shop.head.url_name if isinstance(shop, Shop) else None


async def delete_shop(store: EventStore, request: RequestContext, key: ShopKey) -> None:
    """Delete a shop, free its URL name, and take it out of the arrangement (CS-16).

    It takes neither module nor unlocking. Raise ShopNotFoundError.
    """
    history = shop_history(key)
    for _ in range(TRIES):
        before = url_name_of(await state_of(store, history))
        names = [] if before is None else [before]

        def decide(states: Sequence[Any], before: str | None = before) -> Decided:
            shop, placement, *of_names = states
            if url_name_of(shop) != before:
                raise UrlNameMovedError
            release = ReleaseUrlName(key.dealer, before or "", key.kind, key.shop)
            return [
                SHOP_DECIDER.decide(DeleteShop(key, request.context.at), shop),
                switched(request, key, False, placement),
                *(URL_NAME_DECIDER.decide(release, state) for state in of_names),
            ]

        try:
            await request.handle_together(
                store,
                [
                    history,
                    placement_history(key.dealer, key.kind),
                    *(url_name_history(key.dealer, name) for name in names),
                ],
                decide,
            )
            return
        except UrlNameMovedError:
            continue
    raise UnavailableError("Der Shop wird gerade von jemand anderem geändert.")


async def found(store: EventStore, key: ShopKey) -> Shop:
    """Raise ShopNotFoundError."""
    return shop_of(await state_of(store, shop_history(key)), key.kind)
