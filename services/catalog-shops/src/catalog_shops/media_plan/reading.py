"""The media plan of a tenant, read from the read models with all that it refers to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog_shops.banner.view import BannerView, placed_banners
from catalog_shops.media_plan.entry_conflicts import refs_of
from catalog_shops.media_plan.plan import KnownShop, PlacedBanner, Plan, ShopId
from catalog_shops.media_plan.schedule import is_shown, running, shops_at
from catalog_shops.media_plan.unlocking import SwitchedShop, UnlockingView
from catalog_shops.media_plan.view import PlanEntryView, planned_entries
from catalog_shops.placement.view import PlacementView, placement_of
from catalog_shops.shop.assortment_file import objection
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.view import ShopView, key_of
from zugabe_events.contracts.catalog_shops import PlannedStrike, ShopKind, ShopRef
from zugabe_events.domain.event import Fact, Instant
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Follower, Views

KINDS: tuple[ShopKind, ...] = ("brand", "theme")
MAX_PREVIEWED = 500


class Preview(Fact, frozen=True):
    """A tenant's front at an instant: the first shops of each kind in their order, banners by
    their ids, and strike prices; `entries` are those that run."""

    at: Instant
    brand_shops: tuple[SwitchedShop, ...]
    theme_shops: tuple[SwitchedShop, ...]
    banners: tuple[str, ...]
    strikes: tuple[PlannedStrike, ...]
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MediaPlans:
    entries: Views[PlanEntryView]
    banners: Views[BannerView]
    placements: Views[PlacementView]
    shops: Views[ShopView]
    catalogue: Catalogue

    @property
    def followers(self) -> Sequence[Follower]:
        return (self.entries, self.banners, self.placements, self.shops, self.catalogue.views)

    async def plan(self, dealer: str) -> Plan:
        own = await planned_entries(self.entries, dealer)
        banners = [
            PlacedBanner(view.banner_id, view.banner)
            for view in await placed_banners(self.banners, dealer)
        ]
        arrangers = {kind: await self._arranger(dealer, kind) for kind in KINDS}
        adopted = frozenset(kind for kind in KINDS if arrangers[kind] != dealer)
        central = await planned_entries(self.entries, CENTRAL) if adopted else ()
        linked = [
            (placed.banner.link.kind, placed.banner.link.shop)
            for placed in banners
            if placed.banner.link.kind is not None and placed.banner.link.shop is not None
        ]
        refs = [ref for view in own for ref in refs_of(view.entry)]
        strikes = {strike.number for view in own for strike in view.entry.strikes}
        return Plan(
            own=own,
            entries={kind: central if kind in adopted else own for kind in KINDS},
            arranged={
                kind: frozenset(await self._arranged(tenant, kind))
                for kind, tenant in arrangers.items()
            },
            adopted=adopted,
            banners=banners,
            shops=await self._known([*refs, *linked]),
            sold=await self._sold(dealer, sorted(strikes)),
        )

    async def preview(self, dealer: str, at: datetime) -> Preview:
        own = await planned_entries(self.entries, dealer)
        banners = await placed_banners(self.banners, dealer)
        shown: dict[ShopKind, tuple[SwitchedShop, ...]] = {}
        for kind in KINDS:
            tenant = await self._arranger(dealer, kind)
            entries = own if tenant == dealer else await planned_entries(self.entries, tenant)
            arranged = await self._arranged(tenant, kind)
            shown[kind] = await self._shown(kind, shops_at(kind, arranged, entries, at))
        now = running(own, at)
        return Preview(
            at,
            shown["brand"],
            shown["theme"],
            tuple(
                view.banner_id for view in banners if is_shown(view.banner_id, view.banner, own, at)
            ),
            tuple(strike for one in now for strike in one.entry.strikes),
            tuple(one.entry_id for one in now),
        )

    async def named(self, views: Sequence[UnlockingView]) -> Sequence[UnlockingView]:
        """With the present names of shops."""
        switched = [shop for view in views for shop in (*view.unlocked, *view.removed)]
        names = await self._names({key_of(one.dealer, one.kind, one.shop) for one in switched})
        return [
            UnlockingView(
                view.dealer,
                view.at,
                view.cause,
                view.kind,
                view.by,
                view.entry_id,
                view.title,
                with_names(view.unlocked, names),
                with_names(view.removed, names),
            )
            for view in views
        ]

    async def _arranger(self, dealer: str, kind: ShopKind) -> str:
        own = await placement_of(self.placements, dealer, kind)
        return CENTRAL if own.adopted else dealer

    async def _arranged(self, tenant: str, kind: ShopKind) -> tuple[ShopRef, ...]:
        return (await placement_of(self.placements, tenant, kind)).active

    async def _known(self, refs: Iterable[ShopId]) -> Mapping[ShopId, KnownShop]:
        keys = {key_of(ref.dealer, kind, ref.shop): (kind, ref) for kind, ref in refs}
        views = await self.shops.get_many(keys)
        return {
            keys[key]: KnownShop(view.name, view.top_articles)
            for key, view in views.items()
            if view.status == "existing"
        }

    async def _sold(self, dealer: str, numbers: Sequence[str]) -> frozenset[str]:
        known = await self.catalogue.articles(dealer, numbers)
        return frozenset(number for number in numbers if not objection(known.get(number)))

    async def _shown(self, kind: ShopKind, refs: Sequence[ShopRef]) -> tuple[SwitchedShop, ...]:
        """Those that exist, as far as they are previewed."""
        some = refs[:MAX_PREVIEWED]
        views = await self.shops.get_many({key_of(ref.dealer, kind, ref.shop) for ref in some})
        return tuple(
            SwitchedShop(kind, ref.dealer, ref.shop, view.name)
            for ref in some
            if (view := views.get(key_of(ref.dealer, kind, ref.shop))) and view.status == "existing"
        )

    async def _names(self, keys: Iterable[str]) -> Mapping[str, str]:
        views = await self.shops.get_many(set(keys))
        return {key: view.name for key, view in views.items()}


def with_names(shops: Sequence[SwitchedShop], names: Mapping[str, str]) -> tuple[SwitchedShop, ...]:
    return tuple(
        SwitchedShop(
            one.kind, one.dealer, one.shop, names.get(key_of(one.dealer, one.kind, one.shop), "")
        )
        for one in shops
    )
