"""Read model of the catalogue, as far as assortments refer to it: articles, brands, groups."""

from collections.abc import Sequence

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    ArticleChanged,
    ArticleListed,
    BrandNamed,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class CatalogueEntry(Fact, frozen=True):
    """A brand or a product group has a `name`, an article its `media`.

    Nothing is deleted: campaigns name what was removed, and the numbers of delisted articles are
    no typing mistakes.
    """

    dealer: str
    name: str = ""
    media: tuple[str, ...] = ()
    is_removed: bool = False


def article_key(tenant: str, number: str) -> str:
    return f"article/{tenant}/{key_of(number)}"


def brand_key(tenant: str, brand: str) -> str:
    return f"brand/{tenant}/{brand}"


def group_key(tenant: str, group: str) -> str:
    return f"group/{tenant}/{group}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case ArticleListed() | ArticleChanged():
            return [article_key(event.dealer, event.number)]
        case BrandNamed():
            return [brand_key(event.dealer, event.brand)]
        case ProductGroupPlaced() | ProductGroupRemoved():
            return [group_key(event.dealer, event.group)]
        case _:
            return []


def project(view: CatalogueEntry | None, event: Event) -> CatalogueEntry | None:
    match event:
        case ArticleListed() | ArticleChanged():
            return CatalogueEntry(event.dealer, media=event.article.media)
        case BrandNamed() | ProductGroupPlaced():
            return CatalogueEntry(event.dealer, event.name)
        case ProductGroupRemoved() if view is not None:
            return replace(view, is_removed=True)
        case _:
            return view


CATALOGUE = ReadModel(
    name="vouchers.catalogue",
    version=2,
    topics=("catalog-shops",),
    view=CatalogueEntry,
    keys=keys,
    project=project,
    indexes=(("dealer", "media"),),
)
