"""Bodies of requests about forms."""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, StrictFloat, StrictInt, StringConstraints

from onboarding.form.answers import FormInput, Row
from onboarding.form.definition import (
    MAX_CHOICES,
    MAX_COLUMNS,
    MAX_FIELDS,
    MAX_ROWS,
    DefineForm,
)
from onboarding.form.values import plain
from zugabe_events.contracts.onboarding import FieldKind, FormColumn, FormTable
from zugabe_events.http.fields import Body, LongText, Text, at_most

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
RowId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]
"""Chosen by the front end, at random: it says nothing about anybody."""

Line = Annotated[str, StringConstraints(max_length=200)]
Choice = Annotated[Text, AfterValidator(plain)]
ChoiceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""Stands for a choice whose label is free text (Q33)."""

Value = (
    StrictBool
    | StrictInt
    | StrictFloat
    | Annotated[str, StringConstraints(strict=True, max_length=5_000)]
    | Annotated[list[Line], Field(max_length=MAX_CHOICES)]
    | None
)
Values = Annotated[dict[Name, Value], Field(max_length=MAX_FIELDS), at_most(MAX_FIELDS)]
Revision = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Bound = Annotated[int, Field(strict=True, ge=-(10**12), le=10**12)]


class RowBody(Body):
    row: RowId
    answers: Values


Rows = Annotated[list[RowBody], Field(max_length=MAX_ROWS)]


class AnswersBody(Body):
    """`revision` is that of the form that was seen; `version` that of the questions answered: the
    form's own if left out, or the newest."""

    revision: Revision
    version: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    answers: Values = Field(default_factory=dict)
    tables: Annotated[dict[Name, Rows], Field(max_length=20), at_most(20)] = Field(
        default_factory=dict
    )

    def filled_in(self) -> FormInput:
        tables = {
            name: [Row(row.row, row.answers) for row in rows] for name, rows in self.tables.items()
        }
        return FormInput(self.answers, tables)


class RevisionBody(Body):
    """The revision that was looked at."""

    revision: Revision


class SendBackBody(RevisionBody):
    reason: Text


class ColumnBody(Body):
    name: Name
    label: Text
    kind: FieldKind
    help: LongText = ""
    required: bool = Field(False, strict=True)
    personal: bool = Field(False, strict=True)
    choices: Annotated[tuple[Choice, ...], Field(max_length=MAX_CHOICES), at_most(MAX_CHOICES)] = ()
    least: Bound | None = None
    most: Bound | None = None
    only_if: Name | None = None
    choice_ids: Annotated[
        tuple[ChoiceId, ...], Field(max_length=MAX_CHOICES), at_most(MAX_CHOICES)
    ] = ()
    only_if_choice: ChoiceId | None = None
    web_address: bool = Field(False, strict=True)
    not_past: bool = Field(False, strict=True)
    at_least: Name | None = None

    def column(self) -> FormColumn:
        return FormColumn(**self.model_dump())


class TableBody(Body):
    name: Name
    label: Text
    columns: Annotated[
        tuple[ColumnBody, ...], Field(min_length=1, max_length=MAX_COLUMNS), at_most(MAX_COLUMNS)
    ]
    help: LongText = ""
    least_rows: Annotated[int, Field(strict=True, ge=0, le=MAX_ROWS)] = 0
    most_rows: Annotated[int, Field(strict=True, ge=1, le=MAX_ROWS)] = 100

    def table(self) -> FormTable:
        return FormTable(
            name=self.name,
            label=self.label,
            columns=tuple(column.column() for column in self.columns),
            help=self.help,
            least_rows=self.least_rows,
            most_rows=self.most_rows,
        )


class FormBody(Body):
    title: Text
    introduction: LongText = ""
    fields: Annotated[
        tuple[ColumnBody, ...], Field(max_length=MAX_FIELDS), at_most(MAX_FIELDS)
    ] = ()
    tables: Annotated[tuple[TableBody, ...], Field(max_length=5), at_most(5)] = ()

    def command(self, form: str) -> DefineForm:
        return DefineForm(
            form=form,
            title=self.title,
            introduction=self.introduction,
            fields=tuple(field.column() for field in self.fields),
            tables=tuple(table.table() for table in self.tables),
        )
