"""The four phases of a brand in order, each behind its gate (ON-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.brand.state import (
    PHASES,
    WAIVABLE,
    Brand,
    Progress,
    State,
    Unknown,
    brand_of,
    is_waived,
    missing,
    needed,
    require_phase,
    waits_for,
)
from onboarding.labels import PHASES as PHASE_LABELS
from onboarding.labels import REQUIREMENTS, described
from onboarding.warehouse.decider import KnownWarehouse, disclosed
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    BrandOpened,
    BrandWentLive,
    Contact,
    Missing,
    Phase,
    PhaseCompleted,
    PhaseStarted,
    Step,
    WaiverGranted,
)
from zugabe_events.domain.errors import RefusedError, UnavailableError
from zugabe_events.domain.german_numbers import thousands

REMIND_AFTER = timedelta(days=14)
"""Time from the start of a phase to its automatic reminder."""


@dataclass(frozen=True, slots=True)
class OpenBrand:
    """The partner's own steps that are done count for the brand, too."""

    partner: str
    partner_name: str
    brand: str
    name: str
    steps: tuple[Step, ...]
    manager_id: str | None
    contact: Contact
    after_welcome: bool = False
    handed_in: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class StartPhases:
    """The partner is welcomed (ON-2)."""

    contact: Contact
    at: datetime


@dataclass(frozen=True, slots=True)
class CompletePhase:
    """`place` is the warehouse that the partner delivers to; it is disclosed as logistics start."""

    phase: Phase
    contact: Contact
    place: KnownWarehouse | None
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantWaiver:
    requirement: str
    reason: str
    at: datetime


type PhaseCommand = OpenBrand | StartPhases | CompletePhase | GrantWaiver


class GateClosedError(RefusedError):
    """The phase is not complete: `missing` names each requirement, who owes it, and its label.

    `product_types` are labels by id.
    """

    code = "gate-closed"

    def __init__(
        self, phase: Phase, missing: Sequence[Missing], product_types: Mapping[str, str]
    ) -> None:
        points = (
            "Ein Punkt fehlt" if len(missing) == 1 else f"{thousands(len(missing))} Punkte fehlen"
        )
        super().__init__(
            f"Die Phase {PHASE_LABELS[phase]} kann noch nicht abgeschlossen werden: {points}.",
            phase=phase,
        )
        self.missing = missing
        self.lists = {"missing": [described(lacking, product_types) for lacking in missing]}


class NotWaivableError(RefusedError):
    """Without this no phase is completed."""

    code = "not-waivable"

    def __init__(self, requirement: str) -> None:
        label = REQUIREMENTS.get(requirement)
        detail = f": {label}." if label else "."
        super().__init__(
            f"Auf diese Voraussetzung kann nicht verzichtet werden{detail}", requirement=requirement
        )


class WarehouseChangedError(UnavailableError):
    """Another warehouse was chosen just now; the same request may succeed."""

    code = "warehouse-changed"

    def __init__(self) -> None:
        super().__init__("Das Lager wurde gerade geändert. Bitte versuchen Sie es erneut.")


def decide_phases(command: PhaseCommand, state: State) -> Sequence[BrandEvent]:
    match command:
        case OpenBrand():
            return [open_brand(command)] if isinstance(state, Unknown) else []
        case StartPhases():
            return start_phases(command, brand_of(state))
        case CompletePhase():
            return complete(command, brand_of(state))
        case GrantWaiver():
            return waive(command, brand_of(state))


def open_brand(command: OpenBrand) -> BrandOpened:
    return BrandOpened(
        command.partner,
        command.partner_name,
        command.brand,
        command.name,
        command.steps,
        command.manager_id,
        command.contact,
        command.after_welcome,
        command.handed_in,
    )


def start_phases(command: StartPhases, brand: Brand) -> Sequence[BrandEvent]:
    if brand.progress.phase is not None:
        return []
    return [started(brand, PHASES[0], command)]


def started(brand: Brand, phase: Phase, command: StartPhases | CompletePhase) -> PhaseStarted:
    return PhaseStarted(
        brand.partner,
        brand.brand,
        brand.name,
        phase,
        command.contact,
        command.at,
        command.at + REMIND_AFTER,
    )


def complete(command: CompletePhase, brand: Brand) -> Sequence[BrandEvent]:
    """Everything that is missing is named at once; a phase that is complete stays so."""
    progress, phase = brand.progress, command.phase
    require_phase(brand, phase)
    if progress.has_completed(phase):
        return []
    if lacking := missing(progress, phase):
        raise GateClosedError(phase, lacking, progress.labels)
    if phase == "content" and (
        command.place is None or command.place.warehouse != progress.warehouse
    ):
        raise WarehouseChangedError
    assert progress.started_at is not None, "a phase that runs has begun"
    completed = PhaseCompleted(
        brand.partner,
        brand.brand,
        phase,
        progress.started_at,
        command.at,
        brand.waiting.until(command.at, waits_for(progress)).total,
        tuple(done_without(progress, phase)),
    )
    return [completed, *next_after(phase, command, brand)]


def next_after(phase: Phase, command: CompletePhase, brand: Brand) -> Sequence[BrandEvent]:
    """Disclose the address and the conditions with the start of logistics, not before (ON-31)."""
    match phase:
        case "organisation":
            return [started(brand, "content", command)]
        case "content":
            assert command.place is not None, "without a warehouse nothing is complete"
            delivery = disclosed(brand, command.contact, command.place)
            return [started(brand, "logistics", command), delivery]
        case "logistics":
            return [started(brand, "live", command)]
        case "live":
            return [went_live(command, brand)]


def went_live(command: CompletePhase, brand: Brand) -> BrandWentLive:
    """On the platforms where something is live (ON-10)."""
    articles = {article for live in brand.live.values() for article in live}
    return BrandWentLive(
        brand.partner,
        brand.brand,
        brand.name,
        command.contact,
        tuple(sorted(brand.live)),
        len(articles),
        command.at,
    )


def waive(command: GrantWaiver, brand: Brand) -> Sequence[BrandEvent]:
    if command.requirement not in WAIVABLE:
        raise NotWaivableError(command.requirement)
    if command.requirement in brand.progress.waivers:
        return []
    return [
        WaiverGranted(brand.partner, brand.brand, command.requirement, command.reason, command.at)
    ]


def done_without(progress: Progress, phase: Phase) -> tuple[Missing, ...]:
    """Requirements that are not met but waived."""
    return tuple(lacking for lacking in needed(progress, phase) if is_waived(progress, lacking))
