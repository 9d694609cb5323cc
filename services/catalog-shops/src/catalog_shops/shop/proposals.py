"""Brand shops that onboarding proposes, for brands of which the tenant has no own shop."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from catalog_shops.placement.view import PlacementView, active_refs
from catalog_shops.shop.arranged import is_draft
from catalog_shops.shop.view import ShopView
from zugabe_events.contracts.catalog_shops import ShopRef
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Fact, Instant
from zugabe_events.domain.projection import ComputedList, ListOptions
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import FilterValue, OneOf, Page, Views

READ_AT_ONCE = 500


class ProposedShop(Fact, frozen=True):
    """A central draft; `dealer` is the tenant to whom it is proposed."""

    dealer: str
    shop: str
    name: str
    url_name: str
    brand: str
    created_at: Instant | None


PROPOSED_SHOPS = ComputedList(
    "catalog-shops.proposed-shops", ProposedShop, ListOptions((), ("name",))
)


@dataclass(frozen=True, slots=True)
class ProposedShops:
    """Pages of the list; a `Views` of rows that are computed."""

    shops: Views[ShopView]
    placements: Views[PlacementView]

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.shops.caught_up(tokens)
        await self.placements.caught_up(tokens)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[ProposedShop]:
        dealer = str(where["dealer"])
        central = await active_refs(self.placements, CENTRAL, "brand")
        here = await active_refs(self.placements, dealer, "brand")
        drafts = {
            "dealer": CENTRAL,
            "kind": "brand",
            "status": "existing",
            "origin": "onboarding",
        }
        rows: list[ProposedShop] = []
        while len(rows) < limit:
            page = await self.shops.page(drafts, sort=sort, after=after, limit=limit - len(rows))
            views = [view for view in page.items if is_draft(view, central)]
            own = await self._own_brands(dealer, {view.brand for view in views})
            rows += [
                proposed(dealer, view)
                for view in views
                if view.brand not in own and ShopRef(CENTRAL, view.shop) not in here
            ]
            after = page.next
            if after is None:
                break
        return Page(rows, after)

    async def _own_brands(self, dealer: str, brands: Collection[str]) -> Collection[str]:
        """Those of the brands of which a dealer has a shop; central proposes to itself as well."""
        found: set[str] = set()
        if dealer == CENTRAL:
            return found
        where: dict[str, FilterValue] = {
            "dealer": dealer,
            "kind": "brand",
            "status": "existing",
            "brand": OneOf(tuple(sorted(brands))),
        }
        after: str | None = None
        while brands:
            page = await self.shops.page(where, after=after, limit=READ_AT_ONCE)
            found |= {view.brand for view in page.items}
            after = page.next
            if after is None:
                break
        return found


def proposed(dealer: str, view: ShopView) -> ProposedShop:
    return ProposedShop(dealer, view.shop, view.name, view.url_name, view.brand, view.created_at)
