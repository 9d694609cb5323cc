"""What is asked of a sub-step, of a brand or of all brands of a partner, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.onboarding import Side, Step, StepTurned


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


def turned(handed_in: tuple[Step, ...], event: StepTurned) -> tuple[Step, ...]:
    others = {*handed_in} - {event.step}
    return tuple(sorted(others | {event.step} if event.turn == "central" else others))
