"""Steps that a partner does once for all of his brands: whose turn it is, and when one is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.partner.history import Partner, Unknown, known, open_partner
from zugabe_events.contracts.onboarding import PartnerEvent, Side, Step, StepDone, StepTurned


@dataclass(frozen=True, slots=True)
class FinishStep:
    """All forms of a step that the partner does once for all his brands are accepted."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnStep:
    """Whose turn it is with the form of such a step (N-11); never refused."""

    step: Step
    turn: Side
    at: datetime


def finish_step(command: FinishStep, partner: Partner) -> Sequence[PartnerEvent]:
    its = open_partner(partner)
    if command.step in its.steps:
        return []
    return [StepDone(its.partner, its.brand_ids, command.step, command.at)]


def turn_step(command: TurnStep, partner: Partner) -> Sequence[PartnerEvent]:
    if isinstance(partner, Unknown):
        return []
    its, step = known(partner), command.step
    if step in its.steps or (step in its.handed_in) == (command.turn == "central"):
        return []
    return [StepTurned(its.partner, its.brand_ids, step, command.turn, command.at)]
