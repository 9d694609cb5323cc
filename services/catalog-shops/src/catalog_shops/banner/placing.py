"""Placing of banners: graphic, shops and article are looked at in the same decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog_shops.banner.decider import (
    BANNER_DECIDER,
    MAX_BANNERS,
    BannerState,
    Missing,
    SetBanner,
    TooManyBannersError,
    banner_history,
)
from catalog_shops.banner.view import BannerView, placed_banners
from catalog_shops.graphic.decider import fitting, graphic_history
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.maintenance import check_has_shops
from catalog_shops.shop.refusals import ArticleUnknownError
from catalog_shops.shop.requests import check_exist, histories_of, keys_of
from zugabe_events.contracts.catalog_shops import Banner, ShopKind, ShopRef
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Views
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class BannerPlacing:
    store: EventStore
    catalogue: Catalogue
    banners: Views[BannerView]

    async def place(
        self, request: RequestContext, dealer: str, banner_id: str, banner: Banner
    ) -> None:
        """Raise what `decide` raises, and refusals of what the banner refers to."""
        check_has_shops(dealer)
        number = banner.link.number
        if number and await self.catalogue.article(dealer, number) is None:
            raise ArticleUnknownError(number)
        await self._check_room(dealer, banner_id)
        keys = keys_of(dealer, shops_of(banner))

        def decide(state: BannerState, graphic: Any, *shops: Any) -> Sequence[Event]:
            check_exist(keys, shops)
            stored = fitting(graphic, "banner")
            command = SetBanner(dealer, banner_id, banner, stored.width, stored.height)
            return BANNER_DECIDER.decide(command, state)

        histories: list[History[Any, Any]] = [
            banner_history(dealer, banner_id),
            graphic_history(dealer, banner.file),
            *histories_of(keys),
        ]
        await request.handle_reading(self.store, histories, decide)

    async def _check_room(self, dealer: str, banner_id: str) -> None:
        """Raise TooManyBannersError for one more."""
        state: BannerState = await state_of(self.store, banner_history(dealer, banner_id))
        if isinstance(state, Missing) and await self._is_full(dealer):
            raise TooManyBannersError

    async def _is_full(self, dealer: str) -> bool:
        return len(await placed_banners(self.banners, dealer)) >= MAX_BANNERS


def shops_of(banner: Banner) -> list[tuple[ShopKind, ShopRef]]:
    """The shops where a banner is, and where it leads."""
    pairs = ((banner.kind, banner.shop), (banner.link.kind, banner.link.shop))
    return [(kind, shop) for kind, shop in pairs if kind is not None and shop is not None]
