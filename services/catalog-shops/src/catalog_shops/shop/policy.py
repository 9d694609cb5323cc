"""A brand that went live in onboarding proposes a central brand shop, which is a draft.

Its URL name is claimed in the same transaction: all reactions to one event are written together.
"""

from collections.abc import Sequence
from functools import partial

from catalog_shops.brand.name import brand_id
from catalog_shops.shop.decider import ProposeShop, shop_history
from catalog_shops.shop.state import ShopKey, ShopState, Unknown
from catalog_shops.url_name.decider import (
    MAX_LENGTH,
    Claimed,
    ReserveUrlName,
    UrlName,
    slug_of,
    url_name_history,
)
from zugabe_events.contracts.catalog_shops import OVERVIEW, ShopHead
from zugabe_events.contracts.onboarding import BrandWentLive
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.domain.tenant import CENTRAL

MAX_CANDIDATES = 9


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case BrandWentLive() as live if brand_id(live.name):
            return proposal(live)
        case _:
            return []


def proposal(live: BrandWentLive) -> Sequence[Reaction]:
    """Reserve the first URL name that is free, then create the shop with it.

    Nothing happens if the shop is known already, or if no candidate is free.
    """
    brand = brand_id(live.name)
    key = ShopKey(CENTRAL, "brand", f"{brand}-shop" if brand == OVERVIEW else brand)
    names = candidates(live.name, brand)
    histories = [url_name_history(CENTRAL, name) for name in names]
    reservations = [
        Reaction(
            history,
            partial(reservation, key, name),
            (shop_history(key), *histories[:at]),
        )
        for at, (name, history) in enumerate(zip(names, histories, strict=True))
    ]
    create = partial(creation, key, live, brand, names)
    return [*reservations, Reaction(shop_history(key), create, tuple(histories))]


def candidates(name: str, brand: str) -> Sequence[str]:
    slug = slug_of(name) or slug_of(brand)
    base = slug[: MAX_LENGTH - 2].strip("-")
    return [base, *(f"{base}-{number}" for number in range(2, MAX_CANDIDATES + 1))]


def reservation(key: ShopKey, name: str, shop: ShopState, *earlier: UrlName) -> ReserveUrlName:
    """`earlier` are the names that come first; one of them may be the shop's by now."""
    own = Claimed(key.kind, key.shop)
    is_wanted = isinstance(shop, Unknown) and own not in earlier
    return ReserveUrlName(key.dealer, name, key.kind, key.shop, is_wanted=is_wanted)


def creation(
    key: ShopKey, live: BrandWentLive, brand: str, names: Sequence[str], *claims: UrlName
) -> ProposeShop:
    own = Claimed(key.kind, key.shop)
    url_name = next((name for name, claim in zip(names, claims, strict=True) if claim == own), None)
    head = None if url_name is None else ShopHead(live.name, url_name, brand)
    return ProposeShop(key, head, live.live_at)


PROPOSALS = Policy("catalog-shops.proposals", ("onboarding",), react)
