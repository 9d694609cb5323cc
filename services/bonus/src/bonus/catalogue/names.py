"""Names for the brands and product groups of a programme, and what the catalogue does not know."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bonus.catalogue.view import LabelView, brand_key, group_key
from bonus.programme.view import ProgrammeView, Promotion
from zugabe_events.contracts.bonus import PromotionAdded
from zugabe_events.domain.german_lists import of_brands, of_groups
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views


@dataclass(frozen=True, slots=True)
class Names:
    """Names by what the programme calls brands and groups, as far as the catalogue knows them."""

    brands: Mapping[str, str]
    groups: Mapping[str, str]


NO_NAMES = Names({}, {})


async def names_of(view: ProgrammeView, labels: Views[LabelView]) -> Names:
    return await promotion_names(
        view.dealer, view.promotions, labels, view.terms.excluded_groups if view.terms else ()
    )


async def promotion_names(
    dealer: str,
    promotions: Iterable[Promotion | PromotionAdded],
    labels: Views[LabelView],
    more_groups: Iterable[str] = (),
) -> Names:
    """The dealer's own names come before central ones."""
    promotions = tuple(promotions)
    brands = {brand for each in promotions for brand in each.brands}
    groups = {group for each in promotions for group in each.product_groups} | {*more_groups}
    tenants = (CENTRAL, dealer)
    found = await labels.get_many(
        {brand_key(tenant, brand) for tenant in tenants for brand in brands}
        | {group_key(tenant, group) for tenant in tenants for group in groups}
    )

    def named(ids: Iterable[str], key: Callable[[str, str], str]) -> Mapping[str, str]:
        names = {
            each: entry.name
            for tenant in tenants
            for each in ids
            if (entry := found.get(key(tenant, each))) and entry.name
        }
        return dict(sorted(names.items()))

    return Names(named(brands, brand_key), named(groups, group_key))


def on_articles(promotion: Promotion | PromotionAdded, names: Names) -> str:
    """Words for a German sentence about the articles of a promotion; "" for all."""
    parts = []
    if promotion.brands:
        parts.append(of_brands([names.brands.get(each, each) for each in promotion.brands]))
    if groups := promotion.product_groups:
        parts.append(of_groups([names.groups.get(each, each) for each in groups]))
    return " ".join((" auf Artikel", *parts)) if parts else ""


def warnings_of(view: ProgrammeView, names: Names) -> tuple[str, ...]:
    """Hints about articles that the catalogue may not have, in German; they refuse nothing."""
    excluded = view.terms.excluded_groups if view.terms else ()
    return (
        *unknown("Die ausgenommene Warengruppe", excluded, names.groups, ""),
        *(
            warning
            for each in view.promotions
            for warning in (
                *unknown("Die Marke", each.brands, names.brands, each.title),
                *unknown("Die Warengruppe", each.product_groups, names.groups, each.title),
            )
        ),
    )


def unknown(
    what: str, ids: Iterable[str], names: Mapping[str, str], promotion: str
) -> Iterable[str]:
    of = f" der Aktion „{promotion}“" if promotion else ""
    for each in ids:
        if each not in names:
            yield f"{what} „{each}“{of} gibt es im Katalog nicht."
