"""The questions of a form as a page shows them, with answers, mistakes and conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zugabe_web.forms.definition import YES, Column, Definition, Table
from zugabe_web.forms.mistakes import Mistakes
from zugabe_web.forms.typed import Texts, Typed, TypedRow

MAX_LENGTHS: Mapping[str, int] = {"text": 200, "long-text": 5_000, "email": 254, "phone": 40}
INPUTS: Mapping[str, str] = {"email": "email", "phone": "tel", "date": "date"}
MODES: Mapping[str, str] = {"whole-number": "numeric", "decimal": "decimal"}
MAX_RADIOS = 4
"""A question with more choices is a list to select from."""

NEW_ROW = "neue-zeile"
"""Id of the row that is copied for new ones."""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """The question is asked only if the field `name` has this `value`."""

    name: str
    value: str
    label: str

    @property
    def text(self) -> str:
        return f"Nur ausfüllen bei „{self.label}“."


@dataclass(frozen=True, slots=True)
class Question:
    """`stored` is what somebody else saved meanwhile, where it differs."""

    id: str
    name: str
    column: Column
    texts: tuple[str, ...]
    error: str = ""
    condition: Condition | None = None
    stored: str | None = None

    @property
    def label(self) -> str:
        return self.column.label

    @property
    def kind(self) -> str:
        match self.column.kind:
            case "yes-no":
                return "radios"
            case "choice":
                return "radios" if len(self.column.choices) <= MAX_RADIOS else "select"
            case "choices":
                return "checkboxes"
            case "long-text":
                return "textarea"
            case _:
                return "input"

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def type(self) -> str:
        return INPUTS.get(self.column.kind, "text")

    @property
    def mode(self) -> str:
        return MODES.get(self.column.kind, "")

    @property
    def max_length(self) -> int | None:
        length = MAX_LENGTHS.get(self.column.kind)
        return min(length, self.column.most or length) if length else None

    @property
    def options(self) -> Sequence[Option]:
        return [
            Option(value, label, value in self.texts)
            for value, label in self.column.options.items()
        ]

    @property
    def described_by(self) -> str:
        parts = {"hilfe": self.column.help, "wenn": self.condition, "fehler": self.error}
        return " ".join(f"{self.id}-{part}" for part, is_there in parts.items() if is_there)

    @property
    def reads(self) -> str:
        return readable(self.column, self.texts)


@dataclass(frozen=True, slots=True)
class Row:
    row: str
    id: str
    number: int
    questions: tuple[Question, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """`pattern` is a row without answers, to be copied."""

    table: Table
    id: str
    rows: tuple[Row, ...]
    pattern: Row
    error: str = ""

    @property
    def may_grow(self) -> bool:
        return len(self.rows) < self.table.most_rows


@dataclass(frozen=True, slots=True)
class Questions:
    fields: tuple[Question, ...]
    tables: tuple[QuestionTable, ...]


def questions(
    definition: Definition, typed: Typed, mistakes: Mistakes, other: Typed | None = None
) -> Questions:
    """`other` is what is stored, if somebody changed it meanwhile."""
    fields = asked(
        definition.fields, "f", typed.answers, mistakes, other.answers if other else None
    )
    return Questions(
        fields, tuple(table_of(table, typed, mistakes, other) for table in definition.tables)
    )


def table_of(table: Table, typed: Typed, mistakes: Mistakes, other: Typed | None) -> QuestionTable:
    rows = typed.tables.get(table.name, ())
    others = {row.row: row for row in other.tables.get(table.name, ())} if other else None
    name = f"t-{table.name}"
    return QuestionTable(
        table,
        name,
        tuple(row_of(table, row, number, mistakes, others) for number, row in enumerate(rows, 1)),
        row_of(table, TypedRow(NEW_ROW), 0, Mistakes(), None),
        mistakes.at(name),
    )


def row_of(
    table: Table,
    row: TypedRow,
    number: int,
    mistakes: Mistakes,
    others: Mapping[str, TypedRow] | None,
) -> Row:
    other = None
    if others is not None:
        other = others[row.row].answers if row.row in others else {}
    prefix = f"t.{table.name}.{row.row}"
    place = prefix.replace(".", "-")
    return Row(
        row.row,
        place,
        number,
        asked(table.columns, prefix, row.answers, mistakes, other),
        mistakes.at(place),
    )


def asked(
    columns: Sequence[Column],
    prefix: str,
    answers: Texts,
    mistakes: Mistakes,
    other: Texts | None,
) -> tuple[Question, ...]:
    by_name = {column.name: column for column in columns}
    found = []
    for column in columns:
        place = f"{prefix.replace('.', '-')}-{column.name}"
        texts = answers.get(column.name, ())
        saved = other.get(column.name, ()) if other is not None else texts
        differs = readable(column, saved) != readable(column, texts)
        found.append(
            Question(
                place,
                f"{prefix}.{column.name}",
                column,
                texts,
                mistakes.at(place),
                condition_of(column, prefix, by_name),
                readable(column, saved) if differs else None,
            )
        )
    return tuple(found)


def condition_of(column: Column, prefix: str, columns: Mapping[str, Column]) -> Condition | None:
    if column.only_if is None or column.only_if not in columns:
        return None
    on, value = columns[column.only_if], column.only_if_choice or YES
    return Condition(
        f"{prefix}.{column.only_if}", value, f"{on.label} – {on.options.get(value, value)}"
    )


def readable(column: Column, texts: Sequence[str]) -> str:
    """As people read it."""
    if column.options:
        return ", ".join(column.options.get(text, text) for text in texts)
    text = texts[0] if texts else ""
    if column.kind != "date":
        return text
    try:
        return f"{date.fromisoformat(text):%d.%m.%Y}"
    except ValueError:
        return text
