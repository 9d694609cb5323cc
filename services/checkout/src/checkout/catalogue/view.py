"""Read model of all that prices a cart: articles, agreed prices, product groups, brands.

One collection, so that one query finds what a cart needs. The kind begins a document's key.
"""

from collections.abc import Mapping, Sequence

from msgspec import field
from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleFlag,
    ArticleListed,
    ArticleUse,
    Availability,
    Benefit,
    BrandNamed,
    CustomerExclusionsSet,
    CustomerPriceSet,
    PriceSet,
    ProductGroupPlaced,
    ProductGroupRemoved,
    TaxClass,
)
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.prices import PriceVersion, with_version
from zugabe_events.domain.projection import ReadModel

MAX_EXCLUSION_VERSIONS = 50


class ArticleEntry(Fact, frozen=True):
    """Master data of an article, as far as it says whether and how the article can be bought."""

    name: str
    is_listed: bool
    brand: str
    groups: tuple[str, ...]
    media: tuple[str, ...]
    tax: TaxClass
    availability: Availability
    use: ArticleUse
    flags: tuple[ArticleFlag, ...]


class GroupEntry(Fact, frozen=True):
    """A product group; `parent` is "" at the top."""

    name: str
    parent: str


class ExclusionVersion(Fact, frozen=True):
    """Exclusions of a customer, in force from `effective_at` to the next version."""

    version: int
    effective_at: Instant
    excluded: tuple[Benefit, ...]
    contract_priced: bool


class CatalogueView(Fact, frozen=True):
    """One document; each kind fills its own fields.

    An article at its tenant: `article` and `prices`, or `prices` alone for a dealer's prices of a
    central article. Prices agreed with a customer: `prices`. What a tenant calls things: `groups`
    and names of `brands`, by id. A customer: `exclusions`.
    """

    article: ArticleEntry | None = None
    prices: tuple[PriceVersion, ...] = ()
    groups: Mapping[str, GroupEntry] = field(default_factory=dict)
    brands: Mapping[str, str] = field(default_factory=dict)
    exclusions: tuple[ExclusionVersion, ...] = ()


EMPTY = CatalogueView()


def article_id(tenant: str, number: str) -> str:
    return f"article/{tenant}/{key_of(number)}"


def agreed_id(dealer: str, customer: str, number: str) -> str:
    return f"agreed/{dealer}/{customer}/{key_of(number)}"


def labels_id(tenant: str) -> str:
    """The product groups and brands of a tenant."""
    return f"labels/{tenant}"


def customer_id(dealer: str, customer: str) -> str:
    return f"customer/{dealer}/{customer}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case ArticleListed() | ArticleChanged() | ArticleDelisted() | PriceSet():
            return [article_id(event.dealer, event.number)]
        case CustomerPriceSet():
            return [agreed_id(event.dealer, event.customer, event.number)]
        case ProductGroupPlaced() | ProductGroupRemoved() | BrandNamed():
            return [labels_id(event.dealer)]
        case CustomerExclusionsSet():
            return [customer_id(event.dealer, event.customer)]
        case _:
            return []


def project(view: CatalogueView | None, event: Event) -> CatalogueView | None:
    """An article's events share a lane; those of a tenant's groups and brands touch other fields,
    and so may come in any order."""
    known = view or EMPTY
    match event:
        case ArticleListed(article=article):
            return replace(known, article=entry_of(article, is_listed=True))
        case ArticleChanged(article=article):
            is_listed = known.article is None or known.article.is_listed
            return replace(known, article=entry_of(article, is_listed=is_listed))
        case ArticleDelisted() if known.article:
            return replace(known, article=replace(known.article, is_listed=False))
        case PriceSet() | CustomerPriceSet():
            added = PriceVersion(event.version, event.effective_at, event.prices)
            return replace(known, prices=with_version(known.prices, added))
        case ProductGroupPlaced(group=group, name=name, parent=parent):
            return replace(known, groups={**known.groups, group: GroupEntry(name, parent)})
        case ProductGroupRemoved(group=removed):
            left = {group: one for group, one in known.groups.items() if group != removed}
            return replace(known, groups=left)
        case BrandNamed(brand=brand, name=name):
            return replace(known, brands={**known.brands, brand: name})
        case CustomerExclusionsSet():
            excluding = ExclusionVersion(
                event.version, event.effective_at, event.excluded, event.contract_priced
            )
            kept = (*known.exclusions, excluding)[-MAX_EXCLUSION_VERSIONS:]
            return replace(known, exclusions=kept)
        case _:
            return view


def entry_of(article: Article, *, is_listed: bool) -> ArticleEntry:
    return ArticleEntry(
        name=article.name,
        is_listed=is_listed,
        brand=article.brand,
        groups=article.groups,
        media=article.media,
        tax=article.tax,
        availability=article.availability,
        use=article.use,
        flags=article.flags,
    )


CATALOGUE = ReadModel(
    name="checkout.catalogue",
    version=1,
    topics=("catalog-shops",),
    view=CatalogueView,
    keys=keys,
    project=project,
)
