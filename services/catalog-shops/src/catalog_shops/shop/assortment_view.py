"""The uploaded assortments of shops, in the order of their files."""

from collections.abc import Sequence

from catalog_shops.shop.view import key_of
from zugabe_events.contracts.catalog_shops import AssortmentImported, ShopDeleted, ShopKind
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class AssortmentView(Fact, frozen=True):
    """Numbers of articles; some may not be listed any more."""

    dealer: str
    kind: ShopKind
    shop: str
    articles: tuple[str, ...]


def keys(event: Event) -> Sequence[str]:
    match event:
        case AssortmentImported() | ShopDeleted():
            return [key_of(event.dealer, event.kind, event.shop)]
        case _:
            return []


def project(view: AssortmentView | None, event: Event) -> AssortmentView | None:
    match event:
        case AssortmentImported():
            return AssortmentView(event.dealer, event.kind, event.shop, event.articles)
        case ShopDeleted() if view is not None:
            return AssortmentView(event.dealer, event.kind, event.shop, ())
        case _:
            return view


ASSORTMENTS = ReadModel(
    name="catalog-shops.assortments",
    version=1,
    topics=("catalog-shops",),
    view=AssortmentView,
    keys=keys,
    project=project,
)
