"""What becomes of forms decides whose turn it is with their step, and when it is done.

Two forms that are accepted at the same moment, in two processes, do not see each other: the step
would wait for ever. Here one comes after the other.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, Command, brand_history
from onboarding.brand.state import State
from onboarding.brand.turns import FinishStep, TurnStep
from onboarding.form.decider import form_history
from onboarding.form.filled import Form, Place
from onboarding.form.initial import forms_of, initial_form
from onboarding.partner.decider import partner_history
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    FormAccepted,
    FormSentBack,
    FormSubmitted,
    Side,
    Step,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(heard: ReceivedEvent) -> Sequence[Reaction]:
    match heard.event:
        case FormAccepted(brand=brand_id) as event if brand_id:
            finish = partial(finish_if, FinishStep(step_of(event), event.accepted_at))
            return [Reaction(optional_brand_history(event.partner, brand_id), finish, forms(event))]
        case FormSubmitted(submitted_at=at) | FormSentBack(sent_back_at=at) as event:
            return [turning(event, at)]
        case _:
            return []


def turning(event: FormSubmitted | FormSentBack, at: datetime) -> Reaction:
    """Of a form that the partner fills once, it is the turn with all of his brands."""
    turn = partial(turn_as_they_are, step_of(event), at)
    if event.brand:
        return Reaction(optional_brand_history(event.partner, event.brand), turn, forms(event))
    return Reaction(partner_history(event.partner), turn, forms(event))


def step_of(event: FormAccepted | FormSubmitted | FormSentBack) -> Step:
    return initial_form(event.form).step


def forms(event: FormAccepted | FormSubmitted | FormSentBack) -> tuple[History[Any, Any], ...]:
    """All of its step."""
    named = forms_of(step_of(event))
    return tuple(form_history(Place(event.partner, event.brand, form)) for form in named)


def finish_if(command: FinishStep, *forms: Form) -> FinishStep | None:
    return command if all(form.status == "accepted" for form in forms) else None


def turn_as_they_are(step: Step, at: datetime, *forms: Form) -> TurnStep:
    return TurnStep(step, whose_turn(forms), at)


def whose_turn(forms: Sequence[Form]) -> Side:
    """As the forms are now: what happened since is told as well."""
    handed_in = all(form.status in ("submitted", "accepted") for form in forms)
    return "central" if handed_in else "partner"


def decide(command: Command | None, state: State) -> Sequence[BrandEvent]:
    return BRAND_DECIDER.decide(command, state) if command else []


OPTIONAL_BRAND_DECIDER: Decider[Command | None, State, BrandEvent] = Decider(
    BRAND_DECIDER.name, BRAND_DECIDER.initial, decide, BRAND_DECIDER.evolve
)


def optional_brand_history(partner: str, brand_id: str) -> History[State, BrandEvent]:
    return History(brand_history(partner, brand_id).stream, OPTIONAL_BRAND_DECIDER)


STEPS = Policy(name="onboarding.steps", hears=("onboarding",), react=react)
