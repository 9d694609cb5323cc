"""The partner's view of a brand's warehouse: its name at once, the rest once logistics has
begun (ON-31)."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.contracts.onboarding import DeliveryDisclosed, WarehouseChosen
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Nothing that is not disclosed is in the read model at all."""

    dealer: str
    brand: str
    warehouse: str
    name: str
    address: str | None = None
    conditions: str | None = None


def key_of(partner: str, brand: str) -> str:
    return f"{partner}/{brand}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case WarehouseChosen() | DeliveryDisclosed():
            return [key_of(event.partner, event.brand)]
        case _:
            return []


def project(view: DeliveryView | None, event: Event) -> DeliveryView | None:
    match event:
        case WarehouseChosen():
            return DeliveryView(event.partner, event.brand, event.warehouse, event.warehouse_name)
        case DeliveryDisclosed():
            return DeliveryView(
                event.partner,
                event.brand,
                event.warehouse,
                event.warehouse_name,
                event.address,
                event.conditions,
            )
        case _:
            return view


DELIVERIES = ReadModel(
    name="onboarding.deliveries",
    version=1,
    topics=("onboarding",),
    view=DeliveryView,
    keys=keys,
    project=project,
)
