"""The overview of product types: implemented ones, and those that brands wait for (ON-26)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from zugabe_events.contracts.onboarding import DataModelAwaited, DataModelImplemented
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.tenant import CENTRAL

type DataModelStatus = Literal["awaited", "implemented"]


@dataclass(frozen=True, slots=True)
class ProductTypeView:
    """`waiting` are brands as `partner/brand`; empty once the data model is implemented."""

    dealer: str
    product_type: str
    label: str
    group: str
    status: DataModelStatus
    implemented_at: datetime | None = None
    waiting: tuple[str, ...] = ()


def keys(event: Event) -> Sequence[str]:
    match event:
        case DataModelAwaited() | DataModelImplemented():
            return [event.product_type]
        case _:
            return []


def project(view: ProductTypeView | None, event: Event) -> ProductTypeView | None:
    match event:
        case DataModelImplemented():
            named = (CENTRAL, event.product_type, event.label, event.group)
            return ProductTypeView(*named, "implemented", event.implemented_at)
        case DataModelAwaited(waiting=brand) if view is None or view.status == "awaited":
            awaited = view or ProductTypeView(
                CENTRAL, event.product_type, event.label, "", "awaited"
            )
            return replace(awaited, waiting=(*awaited.waiting, f"{brand.partner}/{brand.brand}"))
        case _:
            return view


PRODUCT_TYPES = ReadModel(
    name="onboarding.product-types",
    version=1,
    topics=("onboarding",),
    view=ProductTypeView,
    keys=keys,
    project=project,
    lists=ListOptions(("status", "group"), ("label", "group", "implemented_at")),
)
