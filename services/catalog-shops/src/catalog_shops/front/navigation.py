"""Product groups of a shop's assortment, which lead to its articles (CS-11, CS-37)."""

from collections.abc import Sequence

from catalog_shops.front.assortment import (
    Assortment,
    assortment_of_brand,
    assortment_of_file,
    counts_by_group,
)
from catalog_shops.front.card import ShopCard
from catalog_shops.front.reading import Reading
from catalog_shops.front.view import groups_key
from catalog_shops.front.visit import Visit
from catalog_shops.group.tree import GroupTree
from zugabe_events.domain.event import Fact

MAX_AREAS = 12


class Area(Fact, frozen=True):
    """A product group with articles of the shop, in itself or below; `depth` is 0 at the top."""

    group: str
    name: str
    depth: int
    article_count: int
    href: str


async def assortment_of(visit: Visit, shop: ShopCard) -> Assortment:
    """Kept for all pages that need it."""
    sources, dealer = visit.sources, visit.dealer

    async def of_brand(reading: Reading) -> Assortment:
        return await assortment_of_brand(reading, sources.articles, dealer, shop.brand)

    async def of_file(reading: Reading) -> Assortment:
        return await assortment_of_file(
            reading, sources.articles, sources.assortments, dealer, shop
        )

    made = await (
        visit.parts.process.assortments.get((dealer, shop.brand), visit.now, of_brand)
        if shop.brand
        else visit.parts.process.assortments.get(
            (dealer, shop.dealer, shop.kind, shop.shop), visit.now, of_file
        )
    )
    visit.reading.include(made.reading)
    return made.value


async def groups_of(visit: Visit) -> GroupTree:
    """Central groups, and the dealer's own."""
    keys = {tenant: groups_key(tenant) for tenant in visit.showcase.tenants}
    found = await visit.reading.get_many(visit.sources.fronts, keys.values())
    documents = [found.get(keys[tenant]) for tenant in reversed(visit.showcase.tenants)]
    return GroupTree(*(one.groups for one in documents if one and one.groups))


def areas_of(
    visit: Visit, assortment: Assortment, tree: GroupTree, url_name: str
) -> Sequence[Area]:
    """Groups with articles and those above them, each behind the one above it."""
    used = {group for member in assortment.members for group in member.groups}
    above = {group: tree.with_above([group]) for group in used}
    counts = counts_by_group(assortment, above)
    areas = [(tree.path(group), group) for group in counts]
    areas.sort(key=lambda area: ([name.casefold() for name in area[0]], area[1]))
    return [
        Area(
            group,
            path[-1],
            len(path) - 1,
            counts[group],
            visit.links.to(f"/shops/{url_name}/articles", group=group),
        )
        for path, group in areas
    ]


def main_areas(areas: Sequence[Area]) -> Sequence[Area]:
    """The areas at the top, those with most articles first (CS-10)."""
    top = [area for area in areas if area.depth == 0]
    return sorted(top, key=lambda area: -area.article_count)[:MAX_AREAS]
