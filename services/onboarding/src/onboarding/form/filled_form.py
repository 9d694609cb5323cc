"""A form with its definition and partner, shown to its readers and filled in.

Personal answers are sealed before they leave this module, with a key for each row.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from onboarding.brand.state import BrandNotFoundError
from onboarding.form.answers import CanonicalAnswer, ValidatedForm, checked
from onboarding.form.decider import Content, Form, FormKey, FormStatus, form_history
from onboarding.form.definition import definition_history, initial_form, newest, of_version
from onboarding.form.refusals import (
    AnswersInvalidError,
    FormNotFoundError,
    FormNotReviewedError,
    Mistake,
    VersionUnknownError,
)
from onboarding.form.requests import AnswersBody
from onboarding.partner.decider import partner_history
from onboarding.partner.state import Open, onboarding_of
from zugabe_events.contracts.onboarding import (
    Answer,
    FormColumn,
    FormDefined,
    FormRow,
    PersonalAnswer,
    Source,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import derived_id
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of, shown_as
from zugabe_events.http.request_context import RequestContext

type AnswerText = str | list[str]


@dataclass(frozen=True, slots=True)
class FilledRow:
    row: str
    answers: dict[str, AnswerText]


@dataclass(frozen=True, slots=True)
class FilledForm:
    """`answers` and `tables` can be sent as they are to fill in the form again, together with
    `revision`. A form that is filled in keeps its version, whatever the `newest` is."""

    partner: str
    brand: str
    form: str
    status: FormStatus
    revision: int
    source: Source
    reason: str
    changed_at: datetime | None
    newest: int
    definition: FormDefined
    answers: dict[str, AnswerText] = field(default_factory=dict)
    tables: dict[str, list[FilledRow]] = field(default_factory=dict)


async def shown_form(
    key: FormKey, form: Form, definition: FormDefined, newest: int, people: People
) -> FilledForm:
    """Raise KeysUnavailableError."""
    content = form.content or Content(definition.version)
    unsealed = await people.open(answer.text for answer in content.personal)
    answers = plain_texts(content, key.partner, unsealed)
    by_row: dict[tuple[str, str | None], list[Answer]] = {}
    for answer in answers:
        table = answer.field.rpartition(".")[0]
        by_row.setdefault((table, answer.row), []).append(answer)
    tables: dict[str, list[FilledRow]] = {table.name: [] for table in definition.tables}
    for row in content.rows:
        columns = next(table.columns for table in definition.tables if table.name == row.table)
        said = by_column(columns, by_row.get((row.table, row.row), ()))
        tables[row.table].append(FilledRow(row.row, said))
    return FilledForm(
        partner=key.partner,
        brand=key.brand,
        form=key.form,
        status=form.status,
        revision=form.revision,
        source=form.source,
        reason=form.reason,
        changed_at=form.changed_at,
        newest=newest,
        definition=definition,
        answers=by_column(definition.fields, by_row.get(("", None), ())),
        tables=tables,
    )


def by_column(columns: Sequence[FormColumn], answers: Sequence[Answer]) -> dict[str, AnswerText]:
    """Several choices as a list; what is not answered is left out."""
    texts: Mapping[str, list[str]] = {
        column.name: [
            answer.text for answer in answers if answer.field.rpartition(".")[2] == column.name
        ]
        for column in columns
    }
    return {
        column.name: texts[column.name] if column.kind == "choices" else texts[column.name][0]
        for column in columns
        if texts[column.name]
    }


@dataclass(frozen=True, slots=True)
class DefinedForm:
    """`partner` is whose form it is; `definition` is of the form's own version."""

    key: FormKey
    form: Form
    definition: FormDefined
    newest: FormDefined
    partner: Open

    def version_for(self, body: AnswersBody) -> FormDefined:
        """Raise VersionUnknownError for others than the form's own and the newest."""
        if body.version is None or body.version == self.definition.version:
            return self.definition
        if body.version == self.newest.version:
            return self.newest
        raise VersionUnknownError(self.newest.version)


async def defined_form(store: EventStore, key: FormKey) -> DefinedForm:
    """Raise NotFoundError for a form that does not exist, or not for this brand or partner."""
    first = initial_form(key.form)
    if first.per_brand and not key.brand:
        raise FormNotFoundError(f"Das Formular „{first.title}“ wird je Marke ausgefüllt.")
    if key.brand and not first.per_brand:
        raise FormNotFoundError(
            f"Das Formular „{first.title}“ wird einmal für alle Marken ausgefüllt."
        )
    histories: list[History[Any, Any]] = [
        partner_history(key.partner),
        definition_history(key.form),
        form_history(key),
    ]
    of_partner, definitions, form = await states_of(store, histories)
    partner = onboarding_of(of_partner)
    if key.brand not in ("", *partner.brands):
        raise BrandNotFoundError
    latest = newest(key.form, definitions)
    own = of_version(key.form, definitions, form.content.version) if form.content else latest
    return DefinedForm(key, form, own, latest, partner)


async def answer_of(defined: DefinedForm, people: People) -> FilledForm:
    return await shown_form(
        defined.key, defined.form, defined.definition, defined.newest.version, people
    )


async def reviewed_answer(defined: DefinedForm, store: EventStore, people: People) -> FilledForm:
    """In terms of the version that it was filled in with. Raise FormNotReviewedError."""
    key, form = defined.key, defined.form
    if form.reviewed is None:
        raise FormNotReviewedError
    [definitions] = await states_of(store, [definition_history(key.form)])
    own = of_version(key.form, definitions, form.reviewed.version)
    newest_version = defined.newest.version
    return await shown_form(key, replace(form, content=form.reviewed), own, newest_version, people)


async def content_of(
    defined: DefinedForm,
    body: AnswersBody,
    request: RequestContext,
    people: People,
    *,
    complete: bool,
) -> Content:
    """Check the answers and seal the personal ones. Raise AnswersInvalidError."""
    definition = defined.version_for(body)
    today = day_of(request.context.at)
    found = checked(definition, body.filled_in(), complete=complete, today=today)
    return await sealed(defined.key, definition.version, found, people, request.context.at)


async def sealed(
    key: FormKey, version: int, checked: ValidatedForm, people: People, at: datetime
) -> Content:
    """Raise AnswersInvalidError for rows of people who were erased, and KeysUnavailableError."""
    by_contact: dict[str, list[CanonicalAnswer]] = defaultdict(list)
    for said in checked.said:
        if said.personal:
            by_contact[contact_of(key, said)].append(said)
    personal: list[PersonalAnswer] = []
    mistakes: list[Mistake] = []
    for contact_id, some in by_contact.items():
        texts = {column_of(said.field): said.text for said in some}
        person = person_of(key.partner, contact_id)
        found = await people.seal(person, "letter", at, **texts)
        if found is None:
            mistakes.append(erased(some[0]))
            continue
        personal += [
            PersonalAnswer(said.field, contact_id, found[column_of(said.field)], said.row)
            for said in some
        ]
    if mistakes:
        raise AnswersInvalidError(mistakes)
    return Content(
        version,
        tuple(FormRow(table, row) for table, row in checked.rows),
        tuple(
            Answer(said.field, said.text, said.row) for said in checked.said if not said.personal
        ),
        tuple(personal),
    )


def contact_of(key: FormKey, said: CanonicalAnswer) -> str:
    """Filled in again, a row is about the same person; it does not tell who that is."""
    row = (said.table or "", said.row or "")
    return derived_id("onboarding.contact", key.partner, key.brand, key.form, *row).hex


def erased(said: CanonicalAnswer) -> Mistake:
    where = f"tables.{said.table}.{said.row}" if said.table else f"answers.{said.field}"
    return Mistake(where, "Diese Person wurde gelöscht. Bitte legen Sie eine neue Zeile an.")


def column_of(field: str) -> str:
    return field.rpartition(".")[2]


def plain_texts(content: Content, partner: str, unsealed: Mapping[str, str]) -> tuple[Answer, ...]:
    """All answers, with what was sealed as its reader may see it."""
    return (
        *content.answers,
        *(
            Answer(
                answer.field,
                shown_as(
                    person_of(partner, answer.contact_id),
                    column_of(answer.field),
                    answer.text,
                    unsealed,
                ),
                answer.row,
            )
            for answer in content.personal
        ),
    )
