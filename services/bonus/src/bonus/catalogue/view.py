"""Read model of the names of brands and product groups in the catalogue (D14)."""

from collections.abc import Sequence

from bonus.programme.labels import label_key
from zugabe_events.contracts.catalog_shops import (
    BrandNamed,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel


class LabelView(Fact, frozen=True):
    """The name of a brand or a product group of a tenant; "" of one that was removed."""

    dealer: str
    name: str


def brand_key(tenant: str, brand: str) -> str:
    return f"brand/{tenant}/{label_key(brand)}"


def group_key(tenant: str, group: str) -> str:
    return f"group/{tenant}/{label_key(group)}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case BrandNamed():
            return [brand_key(event.dealer, event.brand)]
        case ProductGroupPlaced() | ProductGroupRemoved():
            return [group_key(event.dealer, event.group)]
        case _:
            return []


def project(view: LabelView | None, event: Event) -> LabelView | None:
    match event:
        case BrandNamed() | ProductGroupPlaced():
            return LabelView(event.dealer, event.name)
        case ProductGroupRemoved():
            return LabelView(event.dealer, "")
        case _:
            return view


LABELS = ReadModel("bonus.labels", 1, ("catalog-shops",), LabelView, keys, project)
