"""Read model of brands."""

from collections.abc import Sequence

from zugabe_events.contracts.catalog_shops import BrandNamed, BrandOrigin
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class BrandView(Fact, frozen=True):
    """`dealer` is `central` for a brand that all dealers can choose."""

    dealer: str
    brand: str
    name: str
    origin: BrandOrigin


def brand_key(dealer: str, brand: str) -> str:
    return f"{dealer}/{brand}"


def keys(event: Event) -> Sequence[str]:
    return [brand_key(event.dealer, event.brand)] if isinstance(event, BrandNamed) else []


def project(view: BrandView | None, event: Event) -> BrandView | None:
    match event:
        case BrandNamed():
            return BrandView(event.dealer, event.brand, event.name, event.origin)
        case _:
            return view


BRANDS = ReadModel(
    name="catalog-shops.brands",
    version=1,
    topics=("catalog-shops",),
    view=BrandView,
    keys=keys,
    project=project,
    lists=ListOptions(("origin",), ("name", "brand")),
)
