"""Effects of forms on their step: whose turn it is, and when the step is done (ON-14).

Two forms that are accepted at the same moment, in two processes, do not see each other, and the
step would stay open. The policy sees one after the other.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from onboarding.brand.decider import BRAND_DECIDER, Command, brand_history
from onboarding.brand.releases import ChoosePlatforms
from onboarding.brand.state import BrandNotFoundError, State
from onboarding.brand.steps import FinishStep, NoteAcceptedForms, ReopenStep, TurnStep
from onboarding.form.decider import (
    FORM_DECIDER,
    AcceptForm,
    CarryOver,
    Form,
    FormKey,
    SendBack,
    form_history,
)
from onboarding.form.definition import PLATFORM_FORM, PLATFORMS, forms_of, initial_form
from onboarding.partner.decider import PARTNER_DECIDER, partner_history
from onboarding.partner.state import Partner, open_partner
from zugabe_events.contracts.onboarding import (
    BrandEvent,
    FormAccepted,
    FormSentBack,
    FormSubmitted,
    Side,
    Step,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case FormAccepted(brand=brand_id) as event if brand_id:
            finish = partial(finish_if, FinishStep(step_of(event), event.accepted_at))
            return [Reaction(optional_brand_history(event.partner, brand_id), finish, forms(event))]
        case FormSubmitted(submitted_at=at) | FormSentBack(sent_back_at=at) as event:
            return [turning(event, at)]
        case _:
            return []


def turning(event: FormSubmitted | FormSentBack, at: datetime) -> Reaction:
    """A form that the partner fills in once concerns all brands."""
    turn = partial(turn_as_they_are, step_of(event), at)
    if event.brand:
        return Reaction(optional_brand_history(event.partner, event.brand), turn, forms(event))
    return Reaction(partner_history(event.partner), turn, forms(event))


def step_of(event: FormAccepted | FormSubmitted | FormSentBack) -> Step:
    return initial_form(event.form).step


def forms(event: FormAccepted | FormSubmitted | FormSentBack) -> tuple[History[Any, Any], ...]:
    """All of its step."""
    named = forms_of(step_of(event))
    return tuple(form_history(FormKey(event.partner, event.brand, form)) for form in named)


def finish_if(command: FinishStep, *forms: Form) -> FinishStep | None:
    return command if all(form.status == "accepted" for form in forms) else None


def turn_as_they_are(step: Step, at: datetime, *forms: Form) -> TurnStep:
    return TurnStep(step, whose_turn(forms), at)


def whose_turn(forms: Sequence[Form]) -> Side:
    """Decide by the forms as they are now, later changes included."""
    handed_in = all(form.status in ("submitted", "accepted") for form in forms)
    return "central" if handed_in else "partner"


def decide(command: Command | None, state: State) -> Sequence[BrandEvent]:
    return BRAND_DECIDER.decide(command, state) if command else []


OPTIONAL_BRAND_DECIDER: Decider[Command | None, State, BrandEvent] = Decider(
    BRAND_DECIDER.name, BRAND_DECIDER.initial, decide, BRAND_DECIDER.evolve
)


def optional_brand_history(partner: str, brand_id: str) -> History[State, BrandEvent]:
    return History(brand_history(partner, brand_id).stream, OPTIONAL_BRAND_DECIDER)


STEPS = Policy(name="onboarding.steps", topics=("onboarding",), react=react)


def histories_of(key: FormKey) -> list[History[Any, Any]]:
    """The form, its partner, and of a brand's form the others of its step and the brand."""
    histories: list[History[Any, Any]] = [form_history(key), partner_history(key.partner)]
    if key.brand:
        histories += map(form_history, others_of_its_step(key))
        histories.append(brand_history(key.partner, key.brand))
    return histories


def others_of_its_step(key: FormKey) -> list[FormKey]:
    others = forms_of(initial_form(key.form).step)
    return [FormKey(key.partner, key.brand, form) for form in others if form != key.form]


def decide_acceptance(
    command: AcceptForm | CarryOver, states: Sequence[Any]
) -> Sequence[Sequence[Event]]:
    """The events of `histories_of`, in their order."""
    of_form, of_partner, *of_brand = states
    check_brand(command.key, of_partner)
    step = initial_form(command.key.form).step
    accepted = FORM_DECIDER.decide(command, of_form)
    form = FORM_DECIDER.fold(accepted, of_form)
    if not of_brand:
        return [accepted, PARTNER_DECIDER.decide(FinishStep(step, command.at), of_partner)]
    *others, brand_state = of_brand
    happened = in_the_brand(command, form, others, brand_state)
    return [accepted, [], *([] for _ in others), happened]


def decide_return(command: SendBack, states: Sequence[Any]) -> Sequence[Sequence[Event]]:
    """The events of `histories_of`; a step that was done is open again while organisation runs
    (Q14)."""
    of_form, of_partner, *of_brand = states
    check_brand(command.key, of_partner)
    reopen = ReopenStep(initial_form(command.key.form).step, command.at)
    sent_back = FORM_DECIDER.decide(command, of_form)
    if not of_brand:
        return [sent_back, PARTNER_DECIDER.decide(reopen, of_partner)]
    *others, brand_state = of_brand
    form = FORM_DECIDER.fold(sent_back, of_form)
    note = NoteAcceptedForms(reopen.step, accepted_forms(command.key, form, others), command.at)
    events = BRAND_DECIDER.decide(reopen, brand_state)
    events = [*events, *BRAND_DECIDER.decide(note, BRAND_DECIDER.fold(events, brand_state))]
    return [sent_back, [], *([] for _ in others), events]


def accepted_forms(key: FormKey, form: Form, others: Sequence[Form]) -> tuple[str, ...]:
    """Of its step, if the step has several; `others` are in the order of `histories_of`."""
    if not others:
        return ()
    keys = [key, *others_of_its_step(key)]
    return tuple(
        each.form
        for each, state in zip(keys, (form, *others), strict=True)
        if state.status == "accepted"
    )


def in_the_brand(
    command: AcceptForm | CarryOver, form: Form, others: Sequence[Form], state: State
) -> Sequence[BrandEvent]:
    events: list[BrandEvent] = []
    if command.key.form == PLATFORM_FORM:
        platforms = tuple(map(platform_id, form.answers_to(PLATFORMS)))
        events += BRAND_DECIDER.decide(ChoosePlatforms(platforms, command.at), state)
    step = initial_form(command.key.form).step
    note = NoteAcceptedForms(step, accepted_forms(command.key, form, others), command.at)
    events += BRAND_DECIDER.decide(note, BRAND_DECIDER.fold(events, state))
    if all(each.status == "accepted" for each in (form, *others)):
        finish = FinishStep(step, command.at)
        events += BRAND_DECIDER.decide(finish, BRAND_DECIDER.fold(events, state))
    return events


MAX_PLATFORM_ID_LENGTH = 32


class PlatformUnnamedError(RefusedError):
    """A choice has neither an id nor a label of which one could be made (Q33)."""

    code = "platform-unnamed"

    def __init__(self, choice: str) -> None:
        super().__init__(
            f"Für die Plattform „{choice}“ gibt es keine Kennung. Bitte geben Sie ihr im Formular "
            "zuerst eine."
        )


def platform_id(choice: str) -> str:
    """An id as it is; forms before ids have labels, of which „Peek & Cloppenburg“ is
    peek-cloppenburg (Q33). Raise PlatformUnnamedError."""
    letters = unicodedata.normalize("NFKD", choice.casefold().replace("ß", "ss"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_PLATFORM_ID_LENGTH].strip("-")
    if not found:
        raise PlatformUnnamedError(choice)
    return found


def check_brand(key: FormKey, of_partner: Partner) -> None:
    """Raise RefusedError for another partner's brand, and for a paused or closed onboarding."""
    if key.brand not in ("", *open_partner(of_partner).brands):
        raise BrandNotFoundError
