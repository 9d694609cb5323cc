"""A dealer's front at an instant: its shops in their order, and its banners (N-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog_shops.front.card import ShopCard
from catalog_shops.front.reading import Reading, Source
from catalog_shops.front.tenant import ShownBanner, TenantFront
from catalog_shops.front.view import FrontDocument, tenant_key
from catalog_shops.media_plan.schedule import is_shown, shops_at, top_articles_at
from catalog_shops.tenants import with_central
from zugabe_events.contracts.catalog_shops import (
    GROUP_PREFIX,
    Banner,
    BannerPage,
    ShopKind,
    ShopRef,
    TopArticle,
)
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.tenant import CENTRAL

KINDS: tuple[ShopKind, ...] = ("brand", "theme")


class FrontNotFoundError(NotFoundError):
    """Groups of dealers have no front."""

    code = "front-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Händler gibt es nicht.")


@dataclass(frozen=True, slots=True)
class PlacedBanner:
    """`dealer` is the tenant that maintains it."""

    dealer: str
    shown: ShownBanner


class Showcase:
    """A dealer's front at an instant."""

    def __init__(self, dealer: str, at: datetime, own: TenantFront, central: TenantFront) -> None:
        self.dealer = dealer
        self.at = at
        self._own = own
        self._central = central
        self._active = {kind: self._arranged(kind) for kind in KINDS}
        self._is_active = {kind: frozenset(refs) for kind, refs in self._active.items()}

    @property
    def is_public(self) -> bool:
        return self._own.visibility == "public"

    @property
    def business_only(self) -> bool:
        return self._own.business_only

    @property
    def tenants(self) -> Sequence[str]:
        """Whose shops may be shown, the dealer's own first."""
        return with_central(self.dealer)

    def arranger(self, kind: ShopKind) -> str:
        """The arranger of the shops of a kind: central, unless the dealer has left that (CS-14)."""
        return CENTRAL if self._own.placement(kind).adopted else self.dealer

    def active(self, kind: ShopKind) -> Sequence[ShopRef]:
        return self._active[kind]

    def is_active(self, kind: ShopKind, shop: ShopRef) -> bool:
        return shop in self._is_active[kind]

    @property
    def has_own_shops(self) -> bool:
        return self.dealer != CENTRAL and any(
            ref.dealer == self.dealer for kind in KINDS for ref in self._active[kind]
        )

    def banners(
        self, page: BannerPage, kind: ShopKind | None = None, shop: ShopRef | None = None
    ) -> Sequence[PlacedBanner]:
        """Those of a page, and of all pages; the dealer's own first."""
        fronts = [self._own] if self.dealer == CENTRAL else [self._own, self._central]
        return [
            PlacedBanner(front.dealer, shown)
            for front in fronts
            for shown in front.banners
            if self._is_for(front.dealer, shown.banner, page, kind, shop)
            and is_shown(shown.banner_id, shown.banner, front.entries, self.at)
        ]

    def top_articles(self, card: ShopCard) -> Sequence[TopArticle]:
        """Those of a shop, with the strike prices that are planned for them.

        A dealer who arranges shops may plan strike prices in central ones, too.
        """
        ref = ShopRef(card.dealer, card.shop)
        entries = self._central.entries if card.dealer == CENTRAL else self._own.entries
        if card.dealer == CENTRAL and self.arranger(card.kind) != CENTRAL:
            entries = (*entries, *self._own.entries)
        return top_articles_at(card.kind, ref, card.top_articles, entries, self.at)

    def _is_for(
        self,
        owner: str,
        banner: Banner,
        page: BannerPage,
        kind: ShopKind | None,
        shop: ShopRef | None,
    ) -> bool:
        if banner.page not in (page, "all"):
            return False
        if banner.page == "shop":
            is_here = banner.shop is None or (banner.kind, banner.shop) == (kind, shop)
            return is_here and self._leads_somewhere(banner)
        return self._takes_from(owner, banner.page) and self._leads_somewhere(banner)

    def _takes_from(self, owner: str, page: BannerPage) -> bool:
        """Central's banners are shown where central's shops are."""
        kinds = {"brand-overview": KINDS[:1], "theme-overview": KINDS[1:]}.get(page, KINDS)
        return owner == self.dealer or any(self.arranger(kind) == CENTRAL for kind in kinds)

    def _leads_somewhere(self, banner: Banner) -> bool:
        """A banner whose shop is not shown is not shown either."""
        link = banner.link
        if link.to != "shop" or link.kind is None or link.shop is None:
            return True
        return self.is_active(link.kind, link.shop)

    def _arranged(self, kind: ShopKind) -> Sequence[ShopRef]:
        arranger = self._central if self.arranger(kind) == CENTRAL else self._own
        shops = shops_at(kind, arranger.placement(kind).active, arranger.entries, self.at)
        return [shop for shop in shops if shop.dealer in self.tenants]


async def showcase_of(reading: Reading, fronts: Source[FrontDocument], dealer: str) -> Showcase:
    """Raise FrontNotFoundError."""
    if dealer.startswith(GROUP_PREFIX):
        raise FrontNotFoundError
    found = await reading.get_many(fronts, {tenant_key(dealer), tenant_key(CENTRAL)})
    own, central = (tenant_in(found.get(tenant), tenant) for tenant in (dealer, CENTRAL))
    return Showcase(dealer, reading.at, own, central)


def tenant_in(document: FrontDocument | None, dealer: str) -> TenantFront:
    return document.tenant if document and document.tenant else TenantFront(dealer)
