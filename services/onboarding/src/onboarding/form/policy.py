"""When a form is accepted and the others of its step are, the step is done.

Two forms that are accepted at the same moment, in two processes, do not see each other: the step
would wait for ever. Here one comes after the other.
"""

from collections.abc import Sequence
from functools import partial

from onboarding.brand.decider import brand, brand_history
from onboarding.brand.phases import FinishStep
from onboarding.brand.state import State
from onboarding.form.decider import form_history
from onboarding.form.filled import Form, Place
from onboarding.form.initial import forms_of, initial_form
from zugabe_events.contracts.onboarding import BrandEvent, FormAccepted
from zugabe_events.decider import Decider
from zugabe_events.policies import Heard, Policy, Reaction
from zugabe_events.store import History


def react(heard: Heard) -> Sequence[Reaction]:
    match heard.event:
        case FormAccepted(brand=brand_id) as event if brand_id:
            step = initial_form(event.form).step
            places = [Place(event.partner, brand_id, form) for form in forms_of(step)]
            target = brand_history(event.partner, brand_id)
            return [
                Reaction(
                    History(target.stream, finishing),
                    partial(finish_if, FinishStep(step, event.accepted_at)),
                    tuple(map(form_history, places)),
                )
            ]
        case _:
            return []


def finish_if(command: FinishStep, *forms: Form) -> FinishStep | None:
    return command if all(form.status == "accepted" for form in forms) else None


def decide(command: FinishStep | None, state: State) -> Sequence[BrandEvent]:
    return brand.decide(command, state) if command else []


finishing: Decider[FinishStep | None, State, BrandEvent] = Decider(
    brand.name, brand.initial, decide, brand.evolve
)

STEPS = Policy(name="onboarding.steps", hears=("onboarding",), react=react)
