"""What has become of a filled form."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from zugabe_events.contracts.onboarding import (
    Answer,
    DraftSaved,
    FormAccepted,
    FormEvent,
    FormRow,
    FormSentBack,
    FormSubmitted,
    PersonalAnswer,
    Source,
)

type FormStatus = Literal["open", "draft", "submitted", "sent-back", "accepted"]


@dataclass(frozen=True, slots=True)
class Place:
    """Which form, of whom; `brand` is "" for one that the partner fills once for all brands."""

    partner: str
    brand: str
    form: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is filled in, in the words of this version of the form."""

    version: int
    rows: tuple[FormRow, ...] = ()
    answers: tuple[Answer, ...] = ()
    personal: tuple[PersonalAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """`revision` counts what happened to it; `reason` is why it was sent back."""

    status: FormStatus = "open"
    revision: int = 0
    content: Content | None = None
    source: Source = "partner"
    reason: str = ""
    changed_at: datetime | None = None

    def answers_to(self, field: str) -> tuple[str, ...]:
        answers = self.content.answers if self.content else ()
        return tuple(one.text for one in answers if one.field == field)


def evolve(form: Form, event: FormEvent) -> Form:
    revision = form.revision + 1
    match event:
        case DraftSaved():
            return replace(form, status="draft", revision=revision, content=content_of(event))
        case FormSubmitted(source=source, submitted_at=at):
            return Form("submitted", revision, content_of(event), source, "", at)
        case FormAccepted(accepted_at=at):
            return replace(form, status="accepted", revision=revision, changed_at=at)
        case FormSentBack(reason=reason, sent_back_at=at):
            return replace(
                form, status="sent-back", revision=revision, reason=reason, changed_at=at
            )


def content_of(event: DraftSaved | FormSubmitted) -> Content:
    return Content(event.version, event.rows, event.answers, event.personal)
