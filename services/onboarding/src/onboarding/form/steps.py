"""When all forms of a step are accepted, the step is done (ON-14), in the same commit."""

from collections.abc import Sequence
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, brand_history
from onboarding.brand.refusals import BrandNotFoundError
from onboarding.brand.releases import ChoosePlatforms
from onboarding.brand.state import State
from onboarding.brand.turns import FinishStep
from onboarding.form.decider import FORM_DECIDER, AcceptForm, CarryOver, form_history
from onboarding.form.filled import Form, Place
from onboarding.form.initial import PLATFORM_FORM, PLATFORMS, forms_of, initial_form
from onboarding.partner.decider import PARTNER_DECIDER, partner_history
from onboarding.partner.history import Partner, open_partner
from zugabe_events.contracts.onboarding import BrandEvent
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event


def histories_of(place: Place) -> list[History[Any, Any]]:
    """The form, its partner, and of a brand's form the others of its step and the brand."""
    histories: list[History[Any, Any]] = [form_history(place), partner_history(place.partner)]
    if place.brand:
        histories += map(form_history, others_of_its_step(place))
        histories.append(brand_history(place.partner, place.brand))
    return histories


def others_of_its_step(place: Place) -> list[Place]:
    others = forms_of(initial_form(place.form).step)
    return [Place(place.partner, place.brand, one) for one in others if one != place.form]


def decide_acceptance(
    command: AcceptForm | CarryOver, states: Sequence[Any]
) -> Sequence[Sequence[Event]]:
    """The events of `histories_of`, in their order."""
    of_form, of_partner, *of_brand = states
    check_place(command.place, of_partner)
    step = initial_form(command.place.form).step
    accepted = FORM_DECIDER.decide(command, of_form)
    form = FORM_DECIDER.fold(accepted, of_form)
    if not of_brand:
        return [accepted, PARTNER_DECIDER.decide(FinishStep(step, command.at), of_partner)]
    *others, brand_state = of_brand
    happened = in_the_brand(command, form, others, brand_state)
    return [accepted, [], *([] for _ in others), happened]


def in_the_brand(
    command: AcceptForm | CarryOver, form: Form, others: Sequence[Form], state: State
) -> Sequence[BrandEvent]:
    events: list[BrandEvent] = []
    if command.place.form == PLATFORM_FORM:
        platforms = tuple(map(platform_id, form.answers_to(PLATFORMS)))
        events += BRAND_DECIDER.decide(ChoosePlatforms(platforms, command.at), state)
    if all(one.status == "accepted" for one in (form, *others)):
        step = initial_form(command.place.form).step
        finish = FinishStep(step, command.at)
        events += BRAND_DECIDER.decide(finish, BRAND_DECIDER.fold(events, state))
    return events


def platform_id(choice: str) -> str:
    """`About You` is about-you, as the routes for releases have it."""
    return "-".join(choice.casefold().split())


def check_place(place: Place, of_partner: Partner) -> None:
    """Raises for a brand that is not the partner's, and while his onboarding rests or has ended."""
    if place.brand not in ("", *open_partner(of_partner).brands):
        raise BrandNotFoundError
