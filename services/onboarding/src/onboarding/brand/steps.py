"""The sub-steps of the organisation phase (ON-14): whose turn it is, and when one is done."""

from collections.abc import Sequence

from onboarding.brand.state import Brand
from onboarding.brand.turns import FinishStep, StepCommand, TurnStep
from zugabe_events.contracts.onboarding import BrandEvent, StepDone, StepTurned


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
