"""Reminding a partner of what he owes: by central whenever it wants, by the clock once a phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.gates import missing
from onboarding.brand.refusals import NothingOwedError
from onboarding.brand.state import Brand
from zugabe_events.contracts.onboarding import Contact, PartnerReminded, Phase


@dataclass(frozen=True, slots=True)
class Remind:
    """With `phase` the clock reminds: once, while that phase runs."""

    contact: Contact
    at: datetime
    phase: Phase | None = None


def remind(command: Remind, brand: Brand) -> Sequence[PartnerReminded]:
    """Central is told when there is nothing to remind of; the clock is not."""
    progress, phase = brand.progress, brand.progress.phase
    automatic = command.phase is not None
    if automatic and (phase != command.phase or phase in brand.reminded):
        return []
    running = phase is not None and progress.live_at is None
    lacking = missing(progress, phase) if phase and running else ()
    owed = tuple(one for one in lacking if one.owner == "partner")
    if not owed or phase is None:
        if automatic:
            return []
        raise NothingOwedError
    return [
        PartnerReminded(
            brand.partner,
            brand.brand,
            brand.name,
            phase,
            command.contact,
            owed,
            automatic,
            command.at,
        )
    ]
