"""The forms that onboarding begins with. What was shipped never changes: filled forms refer to it
as version 1, and central defines the next one."""

from collections.abc import Mapping
from importlib.resources import files

import msgspec

from onboarding.form.refusals import FormNotFoundError
from zugabe_events.contracts.onboarding import FormDefined, Step

FORMS = (
    "marken-und-vertrieb",
    "plattformauswahl",
    "ansprechpartner",
    "produkttypen",
    "lagerbestand",
    "kundenservice",
)
"""In the order of the sub-steps (ON-14)."""

PLATFORM_FORM, PLATFORMS = "plattformauswahl", "plattformen"
"""The question whose answers say where the brand shall go live."""


def read(form: str) -> FormDefined:
    content = (files("onboarding.form") / "definitions" / f"{form}.json").read_bytes()
    return msgspec.json.decode(content, type=FormDefined)


INITIAL: Mapping[str, FormDefined] = {form: read(form) for form in FORMS}


def initial_form(form: str) -> FormDefined:
    """Raises FormNotFoundError."""
    if form not in INITIAL:
        raise FormNotFoundError
    return INITIAL[form]


def forms_of(step: Step) -> tuple[str, ...]:
    return tuple(form for form, defined in INITIAL.items() if defined.step == step)
