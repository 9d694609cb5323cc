"""The four phases of a brand in order (ON-1), each behind its gate, and the sub-steps of the
organisation phase (ON-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.gates import WAIVABLE, done_without, missing, waits_for
from onboarding.brand.logistics import disclosed
from onboarding.brand.progress import PHASES
from onboarding.brand.refusals import (
    GateClosedError,
    NotWaivableError,
    PhaseNotStartedError,
    WarehouseChangedError,
)
from onboarding.brand.reminders import REMIND_AFTER
from onboarding.brand.state import Brand, State, Unknown, known
from onboarding.warehouse.decider import Kept
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    BrandOpened,
    BrandWentLive,
    Contact,
    Phase,
    PhaseCompleted,
    PhaseStarted,
    Side,
    Step,
    StepDone,
    StepTurned,
    WaiverGranted,
)


@dataclass(frozen=True, slots=True)
class FinishStep:
    """All forms of a step are accepted (ON-14)."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnStep:
    """Whose turn it is with the forms of a step (N-11)."""

    step: Step
    turn: Side
    at: datetime


type StepCommand = FinishStep | TurnStep


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
    """`place` is the warehouse that the partner delivers to; it is told as logistics start."""

    phase: Phase
    contact: Contact
    place: Kept | None
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantWaiver:
    requirement: str
    reason: str
    at: datetime


type PhaseCommand = OpenBrand | StartPhases | CompletePhase | GrantWaiver


def decide_phases(command: PhaseCommand, state: State) -> Sequence[BrandEvent]:
    match command:
        case OpenBrand():
            return [open_brand(command)] if isinstance(state, Unknown) else []
        case StartPhases():
            return start_phases(command, known(state))
        case CompletePhase():
            return complete(command, known(state))
        case GrantWaiver():
            return waive(command, known(state))


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
    if not progress.has_started(phase):
        raise PhaseNotStartedError(phase)
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
    """The address and the conditions are told with the start of logistics, not before (ON-31)."""
    match phase:
        case "organisation":
            return [started(brand, "content", command)]
        case "content":
            assert command.place is not None, "without a warehouse nothing is complete"
            told = disclosed(brand, command.contact, command.place)
            return [started(brand, "logistics", command), told]
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


def decide_steps(command: StepCommand, brand: Brand) -> Sequence[BrandEvent]:
    match command:
        case FinishStep():
            return finish_step(command, brand)
        case TurnStep():
            return turn_step(command, brand)


def finish_step(command: FinishStep, brand: Brand) -> Sequence[BrandEvent]:
    if command.step in brand.progress.steps:
        return []
    return [StepDone(brand.partner, (brand.brand,), command.step, command.at)]


def turn_step(command: TurnStep, brand: Brand) -> Sequence[BrandEvent]:
    step, progress = command.step, brand.progress
    if step in progress.steps or (step in progress.handed_in) == (command.turn == "central"):
        return []
    return [StepTurned(brand.partner, (brand.brand,), step, command.turn, command.at)]
