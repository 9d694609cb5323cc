"""The sub-steps of a brand's organisation phase: whose turn it is, and when one is done (ON-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.brand.state import Brand
from zugabe_events.contracts.onboarding import (
    AcceptedFormsChanged,
    BrandEvent,
    Side,
    Step,
    StepDone,
    StepReopened,
    StepTurned,
)


@dataclass(frozen=True, slots=True)
class FinishStep:
    """All forms of a step are accepted (ON-14)."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnStep:
    """Turn the forms of a step over to the partner or to central (N-11)."""

    step: Step
    turn: Side
    at: datetime


@dataclass(frozen=True, slots=True)
class ReopenStep:
    """An accepted form of a step is sent back (Q14)."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteAcceptedForms:
    """These forms of a step are accepted (D10)."""

    step: Step
    forms: tuple[str, ...]
    at: datetime


type StepCommand = FinishStep | TurnStep | ReopenStep | NoteAcceptedForms


def decide_steps(command: StepCommand, brand: Brand) -> Sequence[BrandEvent]:
    match command:
        case FinishStep():
            return finish_step(command, brand)
        case TurnStep():
            return turn_step(command, brand)
        case ReopenStep():
            return reopen_step(command, brand)
        case NoteAcceptedForms():
            return note_accepted(command, brand)


def finish_step(command: FinishStep, brand: Brand) -> Sequence[BrandEvent]:
    if command.step in brand.progress.steps:
        return []
    return [StepDone(brand.partner, (brand.brand,), command.step, command.at)]


def turn_step(command: TurnStep, brand: Brand) -> Sequence[BrandEvent]:
    step, progress = command.step, brand.progress
    if step in progress.steps or (step in progress.handed_in) == (command.turn == "central"):
        return []
    return [StepTurned(brand.partner, (brand.brand,), step, command.turn, command.at)]


def reopen_step(command: ReopenStep, brand: Brand) -> Sequence[BrandEvent]:
    """Only while organisation runs: a phase that is complete stays so."""
    progress = brand.progress
    if command.step not in progress.steps or progress.has_completed("organisation"):
        return []
    return [StepReopened(brand.partner, (brand.brand,), command.step, command.at)]


def note_accepted(command: NoteAcceptedForms, brand: Brand) -> Sequence[BrandEvent]:
    accepted = brand.progress.accepted
    before = {form for form, step in accepted.items() if step == command.step}
    if before == {*command.forms}:
        return []
    return [
        AcceptedFormsChanged(
            brand.partner, brand.brand, command.step, tuple(sorted(command.forms)), command.at
        )
    ]
