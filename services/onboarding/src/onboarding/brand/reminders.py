"""Reminders of what a partner owes: by central once a day, by the clock once per phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.phases import REMIND_AFTER
from onboarding.brand.state import Brand, missing
from zugabe_events.contracts.onboarding import Contact, PartnerReminded, Phase
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Remind:
    """With `phase` the clock reminds: once, while that phase runs. `again`: even if the partner was
    reminded on the same day."""

    contact: Contact
    at: datetime
    phase: Phase | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class RemindOfMissed:
    """Send a reminder that fell due while the onboarding was paused. `contact` is None if it was
    paused again: nothing is sent."""

    contact: Contact | None
    at: datetime


class NothingOwedError(RefusedError):
    """There is nothing to remind the partner of."""

    code = "nothing-owed"

    def __init__(self) -> None:
        super().__init__("Vom Partner fehlt zurzeit nichts, woran er erinnert werden könnte.")


class RemindedTodayError(RefusedError):
    """A second reminder on one day is sent only on request (D11)."""

    code = "reminded-today"

    def __init__(self) -> None:
        super().__init__(
            "Der Partner wurde heute schon an diese Marke erinnert. Soll er noch eine Erinnerung "
            "erhalten, bestätigen Sie das bitte ausdrücklich."
        )


def remind_of_missed(command: RemindOfMissed, brand: Brand) -> Sequence[PartnerReminded]:
    """Never refused: a policy asks."""
    phase, since = brand.progress.phase, brand.progress.started_at
    if command.contact is None or phase is None or since is None:
        return []
    if command.at < since + REMIND_AFTER:
        return []
    return remind(Remind(command.contact, command.at, phase), brand)


def remind(command: Remind, brand: Brand) -> Sequence[PartnerReminded]:
    """Refuse central if nothing is owed; the timer is not refused."""
    progress, phase = brand.progress, brand.progress.phase
    automatic = command.phase is not None
    if automatic and (phase != command.phase or phase in brand.reminded):
        return []
    running = phase is not None and progress.live_at is None
    lacking = missing(progress, phase) if phase and running else ()
    owed = tuple(each for each in lacking if each.owner == "partner")
    if not owed or phase is None:
        if automatic:
            return []
        raise NothingOwedError
    if not automatic and not command.again and reminded_on_day_of(command.at, brand):
        raise RemindedTodayError
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


def reminded_on_day_of(at: datetime, brand: Brand) -> bool:
    """A day in Berlin."""
    return brand.reminded_at is not None and day_of(brand.reminded_at) == day_of(at)
