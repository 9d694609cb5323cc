"""The catalogue's knowledge about assortments: names, and gaps."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    """Entries of a tenant's catalogue: the tenant's own before central ones."""

    views: Views[CatalogueEntry]

    async def names(self, tenant: str, assortment: Assortment) -> Names:
        [names] = await self.names_of_all([(tenant, assortment)])
        return names

    async def names_of_all(self, assortments: Sequence[tuple[str, Assortment]]) -> Sequence[Names]:
        """The names in assortments of tenants, in their order, by one query."""
        keys = {key for tenant, to in assortments for key in keys_of(tenant, to)}
        found = await self.views.get_many(keys) if keys else {}
        return [names_in(found, tenant, to) for tenant, to in assortments]

    async def warnings(self, tenant: str, assortment: Assortment) -> list[str]:
        """Entries that the catalogue does not have, in German."""
        found = await self.views.get_many(set(keys_of(tenant, assortment)))

        def missing(ids: Iterable[str], key: Callable[[str, str], str]) -> Iterator[str]:
            for id_ in ids:
                entries = [found.get(key(of, id_)) for of in tenants_of(tenant)]
                if all(entry is None or entry.is_removed for entry in entries):
                    yield next((entry.name for entry in entries if entry), id_)

        told = [f"Die Marke „{brand}“" for brand in missing(assortment.brands, brand_key)]
        told += [f"Die Warengruppe „{group}“" for group in missing(assortment.groups, group_key)]
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


def keys_of(tenant: str, assortment: Assortment) -> Iterator[str]:
    for of in tenants_of(tenant):
        yield from (brand_key(of, brand) for brand in assortment.brands)
        yield from (group_key(of, group) for group in assortment.groups)


def names_in(found: Mapping[str, CatalogueEntry], tenant: str, assortment: Assortment) -> Names:
    def named(ids: Iterable[str], key: Callable[[str, str], str]) -> Mapping[str, str]:
        return {
            id_: found[key(of, id_)].name
            for of in reversed(tenants_of(tenant))
            for id_ in ids
            if key(of, id_) in found
        }

    return Names(named(assortment.brands, brand_key), named(assortment.groups, group_key))


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
