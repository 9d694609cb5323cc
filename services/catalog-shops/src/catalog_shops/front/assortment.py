"""The articles of a shop: those of its brand, or of its file in the order of the file.

Only articles that are listed for sale: gifts are never sold (GA-7). The dealer's own article comes
before a central one of the same number.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched
from typing import Any, NamedTuple

from catalog_shops.article.view import ArticleView
from catalog_shops.front.card import ShopCard
from catalog_shops.front.reading import Reading, Source
from catalog_shops.shop.assortment_view import AssortmentView
from catalog_shops.shop.view import key_of
from catalog_shops.tenants import with_central
from zugabe_events.domain.views import OneOf, Views

MAX_ARTICLES = 20_000
"""Of one tenant in one shop, as many as a file may have."""

PICKED_AT_ONCE = 1_000


class Member(NamedTuple):
    """An article of an assortment. `groups` are product groups, `brand` may be ""."""

    number: str
    groups: tuple[str, ...]
    brand: str


@dataclass(frozen=True)
class Assortment:
    members: tuple[Member, ...]

    @property
    def size(self) -> int:
        return 1 + len(self.members)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(member.number for member in self.members)

    def within(self, groups: Collection[str]) -> Sequence[Member]:
        wanted = frozenset(groups)
        return [one for one in self.members if not wanted.isdisjoint(one.groups)]

    @cached_property
    def main_brand(self) -> str:
        """The brand that most of the articles have; "" if none has one."""
        counted = Counter(member.brand for member in self.members if member.brand)
        return min(counted, key=lambda brand: (-counted[brand], brand), default="")


async def assortment_of_brand(
    reading: Reading, articles: Source[ArticleView], dealer: str, brand: str
) -> Assortment:
    """By name, then number."""
    tenants = with_central(dealer)
    await reading.watch(articles, tenants)
    named: dict[str, tuple[str, Member]] = {}
    for tenant in tenants:
        rows = await articles.views.pick(
            {"dealer": tenant, "brand": brand, "status": "listed", "use": "sale"},
            ["number", "groups", "brand", "name"],
            limit=MAX_ARTICLES,
        )
        found = {
            number: (name.casefold(), Member(number, tuple(groups), of_brand))
            for number, groups, of_brand, name in rows
        }
        if tenant != dealer:
            replaced = await own_numbers(articles.views, dealer, found)
            found = {number: one for number, one in found.items() if number not in replaced}
        named = found | named
    ordered = sorted(named.values(), key=lambda one: (one[0], one[1].number))
    return Assortment(tuple(member for _, member in ordered))


async def own_numbers(
    articles: Views[ArticleView], dealer: str, numbers: Iterable[str]
) -> Collection[str]:
    """Those of the numbers under which the dealer has an article, even a delisted one."""
    if not await articles.pick({"dealer": dealer}, ["number"], limit=1):
        return ()
    found: set[str] = set()
    for some in batched(numbers, PICKED_AT_ONCE):
        rows = await articles.pick(
            {"dealer": dealer, "number": OneOf(some)}, ["number", "status"], limit=len(some)
        )
        found |= {number for number, status in rows if status != "prices"}
    return found


async def assortment_of_file(
    reading: Reading,
    articles: Source[ArticleView],
    assortments: Source[AssortmentView],
    dealer: str,
    shop: ShopCard,
) -> Assortment:
    """In the order of the file."""
    tenants = with_central(dealer)
    await reading.watch(articles, tenants)
    stored = await reading.get(assortments, key_of(shop.dealer, shop.kind, shop.shop))
    members: list[Member] = []
    for some in batched(stored.articles if stored else (), PICKED_AT_ONCE):
        rows = await articles.views.pick(
            {"dealer": OneOf(tenants), "number": OneOf(some)},
            ["number", "groups", "brand", "dealer", "status", "use"],
            limit=len(some) * len(tenants),
        )
        members += in_order(some, rows, dealer)
    return Assortment(tuple(members))


def in_order(
    numbers: Iterable[str], rows: Iterable[Sequence[Any]], dealer: str
) -> Iterable[Member]:
    counting: dict[str, Sequence[Any]] = {}
    for row in rows:
        number, _, _, tenant, status, _ = row
        if status != "prices" and (tenant == dealer or number not in counting):
            counting[number] = row
    for number in numbers:
        if number in counting:
            _, groups, brand, _, status, use = counting[number]
            if status == "listed" and use == "sale":
                yield Member(number, tuple(groups), brand)


def counts_by_group(
    assortment: Assortment, above: Mapping[str, Sequence[str]]
) -> Mapping[str, int]:
    """Articles by product group, with those in groups below; `above` has each group's own path."""
    counted: Counter[str] = Counter()
    for member in assortment.members:
        counted.update({up for group in member.groups for up in above.get(group, ())})
    return counted
