"""Notify partners again when a delivery address or its conditions change (ON-31)."""

from collections.abc import Sequence
from functools import partial

from onboarding.brand.decider import brand_history
from onboarding.partner.decider import partner_history
from onboarding.partner.state import Closed, Partner, onboarding_of
from onboarding.warehouse.decider import (
    DiscloseAgain,
    ServeBrand,
    Warehouse,
    kept,
    warehouse_history,
)
from zugabe_events.contracts.onboarding import (
    BrandServed,
    ServedBrand,
    WarehouseChosen,
    WarehouseKept,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    """Also notify a brand that has just chosen the warehouse: address or conditions may have
    changed in between."""
    match received.event:
        case WarehouseChosen(partner=partner, brand=brand, warehouse=warehouse):
            command = partial(ServeBrand, ServedBrand(partner, brand))
            return [Reaction(warehouse_history(warehouse), command)]
        case BrandServed(warehouse=warehouse, brand=brand):
            return [telling(warehouse, brand)]
        case WarehouseKept(warehouse=warehouse, brands=brands):
            return [telling(warehouse, brand) for brand in brands]
        case _:
            return []


def telling(warehouse: str, brand: ServedBrand) -> Reaction:
    reads = (warehouse_history(warehouse), partner_history(brand.partner))
    return Reaction(brand_history(brand.partner, brand.brand), disclose_again, reads)


def disclose_again(warehouse: Warehouse, partner: Partner) -> DiscloseAgain:
    contact = None if isinstance(partner, Closed) else onboarding_of(partner).contact
    return DiscloseAgain(kept(warehouse), contact)


WAREHOUSING = Policy(name="onboarding.warehousing", topics=("onboarding",), react=react)
