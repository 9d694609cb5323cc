"""Shops that a dealer shows: their cards, and the names that lead to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog_shops.front.card import ShopCard
from catalog_shops.front.links import CENTRAL_PREFIX, ShopLink
from catalog_shops.front.view import UrlOwner, card_key, url_key
from catalog_shops.front.visit import Visit
from zugabe_events.contracts.catalog_shops import OVERVIEW, ShopKind, ShopRef
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.tenant import CENTRAL

MAX_ROUNDS = 10
"""Reads for one list; it is shorter where nearly all shops were deleted."""


class ShopNotShownError(NotFoundError):
    """No active shop has this name here."""

    code = "shop-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Shop gibt es nicht.")


@dataclass(frozen=True, slots=True)
class ShownShop:
    """A shop and the name that leads to it at this dealer."""

    card: ShopCard
    link: ShopLink


async def first_shops(visit: Visit, kind: ShopKind, most: int) -> Sequence[ShownShop]:
    """The first active shops of a kind, as many as there are; `watch_shops` comes before."""
    found: list[ShownShop] = []
    places = range(0, len(visit.showcase.active(kind)), most)
    for first in places[:MAX_ROUNDS]:
        found += await shops_from(visit, kind, first, most)
        if len(found) >= most:
            break
    return found[:most]


async def shops_from(visit: Visit, kind: ShopKind, first: int, most: int) -> Sequence[ShownShop]:
    """Active shops of a kind at these places in their order; deleted ones, which may still have a
    place, are left out. `watch_shops` comes before."""
    refs = visit.showcase.active(kind)[first : first + most]
    found = await visit.sources.fronts.views.get_many(
        [card_key(ref.dealer, kind, ref.shop) for ref in refs]
    )
    cards = [
        document.card
        for ref in refs
        if (document := found.get(card_key(ref.dealer, kind, ref.shop))) and document.card
    ]
    existing = [card for card in cards if card.status == "existing"]
    names = await names_of(visit, existing)
    return [
        ShownShop(card, visit.links.shop(card, name))
        for card, name in zip(existing, names, strict=True)
    ]


async def watch_shops(visit: Visit) -> None:
    """The page depends on all shops that the dealer may show."""
    await visit.reading.watch(visit.sources.fronts, visit.showcase.tenants)


async def names_of(visit: Visit, cards: Sequence[ShopCard]) -> Sequence[str]:
    """The names that lead to shops: of a central one with a prefix, where an own one has its name.

    Claims of URL names are tallied with the shops of a tenant.
    """
    showcase = visit.showcase
    if not showcase.has_own_shops:
        return [card.url_name for card in cards]
    own = {url_key(showcase.dealer, card.url_name) for card in cards if card.dealer == CENTRAL}
    found = await visit.sources.fronts.views.get_many(own)
    taken = {
        key
        for key, document in found.items()
        if document.url and is_shown(visit, showcase.dealer, document.url)
    }
    return [
        CENTRAL_PREFIX + card.url_name
        if card.dealer == CENTRAL and url_key(showcase.dealer, card.url_name) in taken
        else card.url_name
        for card in cards
    ]


def is_shown(visit: Visit, dealer: str, owner: UrlOwner) -> bool:
    ref = ShopRef(dealer, owner.shop)
    return bool(owner.shop) and visit.showcase.is_active(owner.kind, ref)


async def shop_named(visit: Visit, url_name: str) -> ShownShop:
    """The active shop of a name, the dealer's own before a central one. Raise ShopNotShownError."""
    plain = url_name.removeprefix(CENTRAL_PREFIX)
    tenants = (CENTRAL,) if plain != url_name else visit.showcase.tenants
    fronts = visit.sources.fronts
    found = await visit.reading.get_many(fronts, {url_key(tenant, plain) for tenant in tenants})
    for tenant in tenants:
        document = found.get(url_key(tenant, plain))
        if document is None or document.url is None or not is_shown(visit, tenant, document.url):
            continue
        owner = document.url
        shown = await visit.reading.get(fronts, card_key(tenant, owner.kind, owner.shop))
        if shown and shown.card and shown.card.status == "existing":
            return ShownShop(shown.card, visit.links.shop(shown.card, url_name))
    raise ShopNotShownError


async def overview_card(visit: Visit, kind: ShopKind) -> ShopCard:
    """The overview of a kind, as whoever arranges its shops maintains it."""
    tenant = visit.showcase.arranger(kind)
    found = await visit.reading.get(visit.sources.fronts, card_key(tenant, kind, OVERVIEW))
    return found.card if found and found.card else ShopCard(tenant, kind, OVERVIEW, "overview")
