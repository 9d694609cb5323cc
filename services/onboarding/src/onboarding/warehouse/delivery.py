"""The partner's view of a brand's warehouse: its name at once, the rest once logistics has
begun (ON-31)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zugabe_events.contracts.onboarding import (
    DeliveryAnnounced,
    DeliveryDisclosed,
    GoodsReceived,
    PlannedStock,
    WarehouseChosen,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel


@dataclass(frozen=True, slots=True)
class AnnouncedDelivery:
    """As the partner announced it (ON-6)."""

    delivery: str
    expected_on: date
    pieces: int


@dataclass(frozen=True, slots=True)
class BookedReceipt:
    """The receipts of it so far (ON-7)."""

    receipt: str
    received_on: date
    pieces: int


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Nothing that is not disclosed is in the read model at all.

    `planned` is the stock on whose basis the warehouse was chosen (ON-4).
    """

    dealer: str
    brand: str
    warehouse: str
    name: str
    address: str | None = None
    conditions: str | None = None
    planned: PlannedStock | None = None
    announced: tuple[AnnouncedDelivery, ...] = ()
    received: tuple[BookedReceipt, ...] = ()


def key_of(partner: str, brand: str) -> str:
    return f"{partner}/{brand}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case WarehouseChosen() | DeliveryDisclosed() | DeliveryAnnounced() | GoodsReceived():
            return [key_of(event.partner, event.brand)]
        case _:
            return []


def project(view: DeliveryView | None, event: Event) -> DeliveryView | None:
    match event:
        case WarehouseChosen():
            return DeliveryView(
                event.partner,
                event.brand,
                event.warehouse,
                event.warehouse_name,
                planned=event.planned,
                announced=view.announced if view else (),
                received=view.received if view else (),
            )
        case DeliveryDisclosed():
            return DeliveryView(
                event.partner,
                event.brand,
                event.warehouse,
                event.warehouse_name,
                event.address,
                event.conditions,
                view.planned if view else None,
                view.announced if view else (),
                view.received if view else (),
            )
        case DeliveryAnnounced() if view:
            announced = AnnouncedDelivery(event.delivery, event.expected_on, event.pieces)
            return replace(view, announced=(*view.announced, announced))
        case GoodsReceived() if view:
            received = BookedReceipt(event.receipt, event.received_on, event.pieces)
            return replace(view, received=(*view.received, received))
        case _:
            return view


DELIVERIES = ReadModel(
    name="onboarding.deliveries",
    version=3,
    topics=("onboarding",),
    view=DeliveryView,
    keys=keys,
    project=project,
)
