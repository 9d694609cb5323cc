"""Shops in requests, and whether a tenant could show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from catalog_shops.shop.decider import shop_history
from catalog_shops.shop.refusals import ShopNotFoundError
from catalog_shops.shop.state import Shop, ShopKey
from zugabe_events.contracts.catalog_shops import ShopKind, ShopRef
from zugabe_events.domain.decider import History
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.http.fields import Body, Id


class Ref(Body):
    """A shop; `dealer` is the tenant that maintains it: the dealer, or `central`."""

    dealer: Id
    shop: Id

    def ref(self) -> ShopRef:
        return ShopRef(self.dealer, self.shop)


def keys_of(dealer: str, refs: Iterable[tuple[ShopKind, ShopRef]]) -> list[ShopKey]:
    """The shops of the tenant or of central. Raise ShopNotFoundError for those of others."""
    keys = []
    for kind, ref in dict.fromkeys(refs):
        if ref.dealer not in (dealer, CENTRAL):
            raise ShopNotFoundError(kind, ref.shop)
        keys.append(ShopKey(ref.dealer, kind, ref.shop))
    return keys


def histories_of(keys: Iterable[ShopKey]) -> list[History[Any, Any]]:
    return [shop_history(key) for key in keys]


def check_exist(keys: Sequence[ShopKey], states: Sequence[Any]) -> None:
    """Raise ShopNotFoundError for the first shop that does not exist."""
    for key, state in zip(keys, states, strict=True):
        if not isinstance(state, Shop):
            raise ShopNotFoundError(key.kind, key.shop)
