"""All forms of a partner with their status (ON-13); what is filled in lies in their streams."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.form.decider import FormStatus
from onboarding.form.definition import INITIAL
from zugabe_events.contracts.onboarding import (
    BrandAdded,
    BrandRenamed,
    DraftSaved,
    FormAccepted,
    FormEvent,
    FormSentBack,
    FormSubmitted,
    OnboardingOpened,
    Source,
    Step,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel


@dataclass(frozen=True, slots=True)
class FormLine:
    """`title` is that of the form's first version; a reader sees that of the newest."""

    form: str
    step: Step
    title: str
    status: FormStatus = "open"
    revision: int = 0
    source: Source = "partner"
    reason: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FormsView:
    """The forms of a brand; with "" as brand, those that the partner fills once for all brands.

    `dealer` is the partner.
    """

    dealer: str
    brand: str
    brand_name: str
    accepted: int
    forms: tuple[FormLine, ...]


def key_of(partner: str, brand: str) -> str:
    return f"{partner}/{brand or '-'}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case OnboardingOpened(partner=partner):
            return [key_of(partner, "")]
        case BrandAdded() | BrandRenamed():
            return [key_of(event.partner, event.brand)]
        case DraftSaved() | FormSubmitted() | FormAccepted() | FormSentBack():
            return [key_of(event.partner, event.brand)]
        case _:
            return []


def project(view: FormsView | None, event: Event) -> FormsView | None:
    """A partner's events share a lane, so the brand exists before its forms."""
    match event:
        case OnboardingOpened(partner=partner):
            return FormsView(partner, "", "", 0, lines(per_brand=False))
        case BrandAdded(partner=partner, brand=brand, name=name):
            return FormsView(partner, brand, name, 0, lines(per_brand=True))
        case BrandRenamed(name=name) if view:
            return replace(view, brand_name=name)
        case DraftSaved() | FormSubmitted() | FormAccepted() | FormSentBack() if view:
            forms = tuple(
                changed(line, event) if line.form == event.form else line for line in view.forms
            )
            accepted = sum(line.status == "accepted" for line in forms)
            return replace(view, forms=forms, accepted=accepted)
        case _:
            return view


def lines(*, per_brand: bool) -> tuple[FormLine, ...]:
    return tuple(
        FormLine(definition.form, definition.step, definition.title)
        for definition in INITIAL.values()
        if definition.per_brand == per_brand
    )


def changed(line: FormLine, event: FormEvent) -> FormLine:
    line = replace(line, revision=line.revision + 1)
    match event:
        case DraftSaved():
            return replace(line, status="draft")
        case FormSubmitted(source=source, submitted_at=at):
            return replace(line, status="submitted", source=source, reason="", changed_at=at)
        case FormAccepted(accepted_at=at):
            return replace(line, status="accepted", changed_at=at)
        case FormSentBack(reason=reason, sent_back_at=at):
            return replace(line, status="sent-back", reason=reason, changed_at=at)


FORM_LISTS = ReadModel(
    name="onboarding.forms",
    version=2,
    topics=("onboarding",),
    view=FormsView,
    keys=keys,
    project=project,
    lists=ListOptions((), ("brand",)),
)
