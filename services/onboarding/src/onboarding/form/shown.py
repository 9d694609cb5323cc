"""A form as its readers see it: the questions of its own version, and what is filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import asdict

from onboarding.form.filled import Content, Form, FormStatus, Place
from onboarding.form.sealing import plain_texts
from zugabe_events.contracts.onboarding import (
    Answer,
    FieldKind,
    FormColumn,
    FormDefined,
    Source,
    Step,
)
from zugabe_events.encryption.personal_data import People

type Shown = str | list[str]


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    label: str
    kind: FieldKind
    help: str
    required: bool
    personal: bool
    choices: tuple[str, ...]
    least: int | None
    most: int | None
    only_if: str | None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    label: str
    columns: list[Question]
    help: str
    least_rows: int
    most_rows: int


@dataclass(frozen=True, slots=True)
class Definition:
    """Enough to draw the form; texts are German."""

    form: str
    version: int
    step: Step
    title: str
    introduction: str
    per_brand: bool
    fields: list[Question]
    tables: list[Table]


@dataclass(frozen=True, slots=True)
class FilledRow:
    row: str
    answers: dict[str, Shown]


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
    definition: Definition
    answers: dict[str, Shown] = field(default_factory=dict)
    tables: dict[str, list[FilledRow]] = field(default_factory=dict)


def question(column: FormColumn) -> Question:
    return Question(**asdict(column))


def shown_definition(form: FormDefined) -> Definition:
    return Definition(
        form=form.form,
        version=form.version,
        step=form.step,
        title=form.title,
        introduction=form.introduction,
        per_brand=form.per_brand,
        fields=[question(one) for one in form.fields],
        tables=[
            Table(**{**asdict(one), "columns": [question(each) for each in one.columns]})
            for one in form.tables
        ],
    )


async def shown_form(
    place: Place, form: Form, definition: FormDefined, newest: int, people: People
) -> FilledForm:
    """Raises KeysUnavailableError."""
    content = form.content or Content(definition.version)
    opened = await people.open(one.text for one in content.personal)
    answers = plain_texts(content, place.partner, opened)
    by_row: dict[tuple[str, str | None], list[Answer]] = {}
    for one in answers:
        table = one.field.rpartition(".")[0]
        by_row.setdefault((table, one.row), []).append(one)
    tables: dict[str, list[FilledRow]] = {table.name: [] for table in definition.tables}
    for row in content.rows:
        columns = next(one.columns for one in definition.tables if one.name == row.table)
        said = by_column(columns, by_row.get((row.table, row.row), ()))
        tables[row.table].append(FilledRow(row.row, said))
    return FilledForm(
        partner=place.partner,
        brand=place.brand,
        form=place.form,
        status=form.status,
        revision=form.revision,
        source=form.source,
        reason=form.reason,
        changed_at=form.changed_at,
        newest=newest,
        definition=shown_definition(definition),
        answers=by_column(definition.fields, by_row.get(("", None), ())),
        tables=tables,
    )


def by_column(columns: Sequence[FormColumn], answers: Sequence[Answer]) -> dict[str, Shown]:
    """Several choices as a list; what is not answered is left out."""
    texts: Mapping[str, list[str]] = {
        column.name: [one.text for one in answers if one.field.rpartition(".")[2] == column.name]
        for column in columns
    }
    return {
        column.name: texts[column.name] if column.kind == "choices" else texts[column.name][0]
        for column in columns
        if texts[column.name]
    }
