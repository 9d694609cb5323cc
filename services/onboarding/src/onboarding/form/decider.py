"""The life of a filled form: drafts, a submission, and what Customer Success says to it (ON-13).

Each change names the revision that was seen: of two who submit the same form, the second is refused
and overwrites nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from onboarding.form.refusals import FormChangedError, FormStatusError
from zugabe_events.contracts.onboarding import (
    Answer,
    Contact,
    DraftSaved,
    FormAccepted,
    FormEvent,
    FormRow,
    FormSentBack,
    FormSubmitted,
    PersonalAnswer,
    Source,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

type FormStatus = Literal["open", "draft", "submitted", "sent-back", "accepted"]


@dataclass(frozen=True, slots=True)
class FormKey:
    """Identifies a filled form; `brand` is "" if the partner fills it in once for all brands."""

    partner: str
    brand: str
    form: str


@dataclass(frozen=True, slots=True)
class Content:
    """The filled-in answers, in terms of this version of the form."""

    version: int
    rows: tuple[FormRow, ...] = ()
    answers: tuple[Answer, ...] = ()
    personal: tuple[PersonalAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """`revision` counts what happened to it; `reason` is why it was sent back; `reviewed` is what
    Customer Success accepted or sent back last."""

    status: FormStatus = "open"
    revision: int = 0
    content: Content | None = None
    source: Source = "partner"
    reason: str = ""
    changed_at: datetime | None = None
    reviewed: Content | None = None

    def answers_to(self, field: str) -> tuple[str, ...]:
        answers = self.content.answers if self.content else ()
        return tuple(answer.text for answer in answers if answer.field == field)


def evolve(form: Form, event: FormEvent) -> Form:
    revision = form.revision + 1
    match event:
        case DraftSaved():
            return replace(form, status="draft", revision=revision, content=content_of(event))
        case FormSubmitted(source=source, submitted_at=at):
            content = content_of(event)
            return Form("submitted", revision, content, source, "", at, form.reviewed)
        case FormAccepted(accepted_at=at):
            seen = form.content
            return replace(form, status="accepted", revision=revision, changed_at=at, reviewed=seen)
        case FormSentBack(reason=reason, sent_back_at=at):
            return replace(
                form,
                status="sent-back",
                revision=revision,
                reason=reason,
                changed_at=at,
                reviewed=form.content,
            )


def content_of(event: DraftSaved | FormSubmitted) -> Content:
    return Content(event.version, event.rows, event.answers, event.personal)


@dataclass(frozen=True, slots=True)
class SaveDraft:
    key: FormKey
    revision: int
    content: Content


@dataclass(frozen=True, slots=True)
class SubmitForm:
    """The content is complete."""

    key: FormKey
    revision: int
    content: Content
    at: datetime


@dataclass(frozen=True, slots=True)
class CarryOver:
    """Take over a form that was filled in during the sales phase (ON-17)."""

    key: FormKey
    revision: int
    content: Content
    at: datetime


@dataclass(frozen=True, slots=True)
class AcceptForm:
    key: FormKey
    revision: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SendBack:
    """`title`, `contact` and `brand_name` are for the mail to the contact."""

    key: FormKey
    revision: int
    reason: str
    title: str
    contact: Contact
    at: datetime
    brand_name: str = ""


type Command = SaveDraft | SubmitForm | CarryOver | AcceptForm | SendBack


def decide(command: Command, form: Form) -> Sequence[FormEvent]:
    match command:
        case SaveDraft():
            return save_draft(command, form)
        case SubmitForm():
            return submit(command, form)
        case CarryOver():
            return carry_over(command, form)
        case AcceptForm():
            return accept(command, form)
        case SendBack():
            return send_back(command, form)


def save_draft(command: SaveDraft, form: Form) -> Sequence[FormEvent]:
    refuse_accepted(form)
    if form.status == "submitted":
        raise FormStatusError("Das Formular liegt gerade zur Prüfung vor.", "form-submitted")
    refuse_stale(command.revision, form)
    if (form.status, form.content) == ("draft", command.content):
        return []
    key, content = command.key, command.content
    return [
        DraftSaved(
            partner=key.partner,
            brand=key.brand,
            form=key.form,
            version=content.version,
            rows=content.rows,
            answers=content.answers,
            personal=content.personal,
        )
    ]


def submit(command: SubmitForm, form: Form) -> Sequence[FormEvent]:
    """One that is not accepted yet may be replaced by a better one."""
    refuse_accepted(form)
    refuse_stale(command.revision, form)
    if (form.status, form.content) == ("submitted", command.content):
        return []
    return [submitted(command.key, command.content, "partner", command.at)]


def carry_over(command: CarryOver, form: Form) -> Sequence[FormEvent]:
    """Accepted at once: sales have seen it."""
    refuse_accepted(form)
    refuse_stale(command.revision, form)
    key, at = command.key, command.at
    return [
        submitted(key, command.content, "sales", at),
        FormAccepted(key.partner, key.brand, key.form, at),
    ]


def accept(command: AcceptForm, form: Form) -> Sequence[FormEvent]:
    """Accept only the revision that was seen."""
    if form.status == "accepted":
        return []
    refuse_unless_submitted(form)
    refuse_stale(command.revision, form)
    key = command.key
    return [FormAccepted(key.partner, key.brand, key.form, command.at)]


def send_back(command: SendBack, form: Form) -> Sequence[FormEvent]:
    """Also one that was accepted, when something has to change; see `decide_return`."""
    if form.status != "accepted":
        refuse_unless_submitted(form)
    refuse_stale(command.revision, form)
    key = command.key
    return [
        FormSentBack(
            partner=key.partner,
            brand=key.brand,
            form=key.form,
            title=command.title,
            contact=command.contact,
            reason=command.reason,
            sent_back_at=command.at,
            brand_name=command.brand_name,
        )
    ]


def submitted(key: FormKey, content: Content, source: Source, at: datetime) -> FormSubmitted:
    return FormSubmitted(
        partner=key.partner,
        brand=key.brand,
        form=key.form,
        version=content.version,
        rows=content.rows,
        answers=content.answers,
        personal=content.personal,
        source=source,
        submitted_at=at,
    )


def refuse_stale(revision: int, form: Form) -> None:
    if revision != form.revision:
        raise FormChangedError(form.revision)


def refuse_accepted(form: Form) -> None:
    if form.status == "accepted":
        raise FormStatusError("Das Formular ist bereits angenommen.", "form-accepted")


def refuse_unless_submitted(form: Form) -> None:
    if form.status != "submitted":
        raise FormStatusError("Das Formular ist nicht eingereicht.", "form-not-submitted")


FORM_DECIDER: Decider[Command, Form, FormEvent] = Decider("form", Form(), decide, evolve)


def form_history(key: FormKey) -> History[Form, FormEvent]:
    stream = f"form/{key.partner}/{key.form}/{key.brand or '-'}"
    return History(Stream(stream, key.partner), FORM_DECIDER)
