"""The history behind a shop in a URL, which may be the overview of all shops of its kind."""

from typing import Any

from catalog_shops.shop.decider import shop_history
from catalog_shops.shop.overview import overview_history
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import OVERVIEW
from zugabe_events.domain.decider import History


def history_of(key: ShopKey) -> History[Any, Any]:
    return overview_history(key.dealer, key.kind) if key.shop == OVERVIEW else shop_history(key)
