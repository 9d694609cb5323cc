"""Reactions of a brand to its partner's events, and to the clock."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, brand_history
from onboarding.brand.names import RenameItsPartner
from onboarding.brand.phases import StartPhases
from onboarding.brand.reminders import Remind, RemindOfMissed
from onboarding.brand.state import PHASES
from onboarding.brand.steps import FinishStep, ReopenStep, TurnStep
from onboarding.partner.decider import partner_history
from onboarding.partner.state import Open, Partner
from zugabe_events.contracts.onboarding import (
    OnboardingResumed,
    PartnerRenamed,
    PartnerWelcomed,
    PhaseCompleted,
    PhaseStarted,
    StepDone,
    StepReopened,
    StepTurned,
)
from zugabe_events.domain.event import Context, Event, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle_together


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    """A brand does not react to what it says of its own steps: hearing "central's turn" when it is
    the partner's turn again, it would never stop turning."""
    match received.event:
        case (
            StepDone(partner=partner)
            | StepTurned(partner=partner)
            | StepReopened(partner=partner)
            | PartnerRenamed(partner=partner)
        ) if not_of(partner, received):
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
        case StepReopened(partner=partner, brands=brands) as event:
            reopen = partial(ReopenStep, event.step, event.reopened_at)
            return [Reaction(brand_history(partner, brand), reopen) for brand in brands]
        case PartnerRenamed(partner=partner, brands=brands) as event:
            rename = partial(RenameItsPartner, event.name, event.renamed_at)
            return [Reaction(brand_history(partner, brand), rename) for brand in brands]
        case OnboardingResumed(partner=partner, brands=brands, resumed_at=at):
            reads, missed = (partner_history(partner),), partial(missed_while_paused, at)
            return [Reaction(brand_history(partner, brand), missed, reads) for brand in brands]
        case _:
            return []


def missed_while_paused(at: datetime, its: Partner) -> RemindOfMissed:
    return RemindOfMissed(its.contact if isinstance(its, Open) else None, at)


def not_of(partner: str, received: ReceivedEvent) -> bool:
    return received.stream != partner_history(partner).stream.id


BRANDS = Policy(name="onboarding.brands", topics=("onboarding",), react=react)


NAME = "onboarding.remind"


def due(received: ReceivedEvent) -> Schedule | Cancel | None:
    match received.event:
        case PhaseStarted(partner=partner, brand=brand_id, phase=phase, remind_at=at):
            return Schedule(f"{partner}/{brand_id}/{phase}", at)
        case PhaseCompleted(partner=partner, brand=brand_id, phase=phase):
            return Cancel(f"{partner}/{brand_id}/{phase}")
        case _:
            return None


async def remind(store: EventStore, key: str, context: Context) -> None:
    """Once per phase; never while the onboarding is paused, which is made up for when it goes on,
    nor when it is closed."""
    partner, brand_id, name = key.split("/")
    [phase] = [each for each in PHASES if each == name]

    def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        its, of_brand = states
        if not isinstance(its, Open):
            return [[], []]
        return [[], BRAND_DECIDER.decide(Remind(its.contact, context.at, phase), of_brand)]

    await handle_together(
        store,
        [partner_history(partner), brand_history(partner, brand_id)],
        decide,
        context,
        attempt=derived_id(NAME, key),
    )


REMINDERS = TimerRule(name=NAME, topics=("onboarding",), due=due, fire=remind)
