"""Names of a brand and its partner, as they are corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.state import Brand
from zugabe_events.contracts.onboarding import BrandEvent, BrandRenamed, PartnerRenamed


@dataclass(frozen=True, slots=True)
class RenameBrand:
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RenameItsPartner:
    """Never refused: a policy asks."""

    name: str
    at: datetime


type NameCommand = RenameBrand | RenameItsPartner


def decide_names(command: NameCommand, brand: Brand) -> Sequence[BrandEvent]:
    name, at = command.name, command.at
    match command:
        case RenameBrand() if name != brand.name:
            return [BrandRenamed(brand.partner, brand.brand, name, brand.name, at)]
        case RenameItsPartner() if name != brand.partner_name:
            before = brand.partner_name
            return [PartnerRenamed(brand.partner, (brand.brand,), name, before, at)]
        case _:
            return []
