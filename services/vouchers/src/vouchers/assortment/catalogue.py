"""What the catalogue says about assortments: names, and what it does not know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import batched

from vouchers.assortment.restriction import Names
from vouchers.assortment.view import CatalogueEntry, article_key, brand_key, group_key
from zugabe_events.contracts.vouchers import Assortment
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import FilterValue, OneOf, Views

BATCH_SIZE = 2_000
MAX_NAMED = 10
"""Unknown articles in a sentence; of others it says only how many there are."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a tenant's catalogue says: the tenant's own entries before central ones."""

    views: Views[CatalogueEntry]

    async def names(self, tenant: str, assortment: Assortment) -> Names:
        tenants = tenants_of(tenant)
        found = await self.views.get_many(
            {brand_key(of, brand) for of in tenants for brand in assortment.brands}
            | {group_key(of, group) for of in tenants for group in assortment.groups}
        )
        brands: dict[str, str] = {}
        groups: dict[str, str] = {}
        for of in reversed(tenants):
            for brand in assortment.brands:
                if (entry := found.get(brand_key(of, brand))) is not None:
                    brands[brand] = entry.name
            for group in assortment.groups:
                if (entry := found.get(group_key(of, group))) is not None:
                    groups[group] = entry.name
        return Names(brands, groups)

    async def warnings(self, tenant: str, assortment: Assortment) -> list[str]:
        """What the catalogue does not know, in German; nobody has to mind."""
        names = await self.names(tenant, assortment)
        told = [
            *(f"Die Marke „{brand}“" for brand in assortment.brands if brand not in names.brands),
            *(
                f"Die Warengruppe „{group}“"
                for group in assortment.groups
                if group not in names.groups
            ),
        ]
        medium = assortment.medium
        if medium is not None and not await self._has_medium(tenant, medium):
            told.append(f"Das Werbemittel „{medium}“")
        return [f"{what} gibt es im Katalog nicht." for what in told]

    async def _has_medium(self, tenant: str, medium: str) -> bool:
        for of in tenants_of(tenant):
            where: dict[str, FilterValue] = {"dealer": of, "media": OneOf((medium,))}
            if await self.views.pick(where, ("name",), limit=1):
                return True
        return False

    async def unknown(self, tenant: str, numbers: Iterable[str]) -> list[str]:
        """The numbers that are no article's, in their order."""
        unknown: list[str] = []
        for batch in batched(numbers, BATCH_SIZE):
            left = list(batch)
            for of in tenants_of(tenant):
                keys = {number: article_key(of, number) for number in left}
                found = await self.views.get_many(keys.values())
                left = [number for number in left if keys[number] not in found]
            unknown += left
        return unknown


def tenants_of(tenant: str) -> Sequence[str]:
    return [tenant] if tenant == CENTRAL else [tenant, CENTRAL]


def unknown_articles(unknown: Sequence[str], count: int) -> list[str]:
    """A warning about those of `count` articles that are not in the catalogue, in German."""
    if not unknown:
        return []
    quoted = [f"„{number}“" for number in unknown]
    if len(quoted) == 1:
        return [f"Den Artikel {quoted[0]} gibt es im Katalog nicht."]
    if len(quoted) > MAX_NAMED + 1:
        others = thousands(len(quoted) - MAX_NAMED)
        named = f"{', '.join(quoted[:MAX_NAMED])} und {others} weitere"
    else:
        named = f"{', '.join(quoted[:-1])} und {quoted[-1]}"
    share = f"{thousands(len(unknown))} der {thousands(count)} Artikel"
    return [f"{share} gibt es im Katalog nicht: {named}."]
