"""Steps that a partner does once for all brands: whose turn it is, and when one is done."""

from collections.abc import Sequence

from onboarding.brand.steps import FinishStep, ReopenStep, TurnStep
from onboarding.partner.state import Partner, Unknown, onboarding_of, open_partner
from zugabe_events.contracts.onboarding import PartnerEvent, StepDone, StepReopened, StepTurned


def finish_step(command: FinishStep, partner: Partner) -> Sequence[PartnerEvent]:
    its = open_partner(partner)
    if command.step in its.steps:
        return []
    return [StepDone(its.partner, its.brand_ids, command.step, command.at)]


def turn_step(command: TurnStep, partner: Partner) -> Sequence[PartnerEvent]:
    """Never refused: a policy asks."""
    if isinstance(partner, Unknown):
        return []
    its, step = onboarding_of(partner), command.step
    if step in its.steps or (step in its.handed_in) == (command.turn == "central"):
        return []
    return [StepTurned(its.partner, its.brand_ids, step, command.turn, command.at)]


def reopen_step(command: ReopenStep, partner: Partner) -> Sequence[PartnerEvent]:
    """Each brand decides whether its organisation still runs."""
    its = open_partner(partner)
    if command.step not in its.steps:
        return []
    return [StepReopened(its.partner, its.brand_ids, command.step, command.at)]
