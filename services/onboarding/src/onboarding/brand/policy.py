"""What a partner's history says about all his brands reaches each of them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from onboarding.brand.decider import brand_history
from onboarding.brand.phases import StartPhases
from onboarding.brand.reminder import RemindOfMissed
from onboarding.brand.turns import FinishStep, TurnStep
from onboarding.partner.decider import partner_history
from onboarding.partner.history import Open, Partner
from zugabe_events.contracts.onboarding import (
    OnboardingResumed,
    PartnerWelcomed,
    StepDone,
    StepTurned,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(heard: ReceivedEvent) -> Sequence[Reaction]:
    """A brand does not react to what it says of its own steps: hearing "central's turn" when it is
    the partner's again by now, it would turn for ever."""
    match heard.event:
        case StepDone(partner=partner) | StepTurned(partner=partner) if not_of(partner, heard):
            return []
        case PartnerWelcomed(partner=partner, brands=brands) as welcomed:
            command = partial(StartPhases, welcomed.contact, welcomed.welcomed_at)
            return [Reaction(brand_history(partner, brand), command) for brand in brands]
        case StepDone(partner=partner, brands=brands) as done:
            finish = partial(FinishStep, done.step, done.done_at)
            return [Reaction(brand_history(partner, brand), finish) for brand in brands]
        case StepTurned(partner=partner, brands=brands) as event:
            turn = partial(TurnStep, event.step, event.turn, event.turned_at)
            return [Reaction(brand_history(partner, brand), turn) for brand in brands]
        case OnboardingResumed(partner=partner, brands=brands, resumed_at=at):
            reads, missed = (partner_history(partner),), partial(missed_while_paused, at)
            return [Reaction(brand_history(partner, brand), missed, reads) for brand in brands]
        case _:
            return []


def missed_while_paused(at: datetime, its: Partner) -> RemindOfMissed:
    return RemindOfMissed(its.contact if isinstance(its, Open) else None, at)


def not_of(partner: str, heard: ReceivedEvent) -> bool:
    return heard.stream != partner_history(partner).stream.id


BRANDS = Policy(name="onboarding.brands", hears=("onboarding",), react=react)
