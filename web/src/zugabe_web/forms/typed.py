"""Typed answers to a form: from those stored or sent, to those that onboarding takes.

Fields are named `f.question` and `t.table.row.question`; `r.table` names the rows in their order.
"""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.datastructures import FormData

from zugabe_web.forms.definition import AnswerText, Column, Definition, FilledForm, FilledRow

ROW_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)
GERMAN_DAY = re.compile(r"\s*([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})\s*", re.ASCII)
THOUSANDS = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)

type Texts = Mapping[str, tuple[str, ...]]
"""Answers by question; several for a question with several choices."""


@dataclass(frozen=True, slots=True)
class TypedRow:
    row: str
    answers: Texts = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for texts in self.answers.values() for text in texts)


@dataclass(frozen=True, slots=True)
class Typed:
    """`revision` and `version` are those of the form that was seen."""

    revision: int
    version: int
    answers: Texts = field(default_factory=dict)
    tables: Mapping[str, tuple[TypedRow, ...]] = field(default_factory=dict)

    def with_row(self, table: str) -> "Typed":
        """One more, which is empty."""
        rows = (*self.tables.get(table, ()), TypedRow(new_row_id()))
        return replace(self, tables={**self.tables, table: rows})

    def without_row(self, table: str, row: str) -> "Typed":
        rows = tuple(each for each in self.tables.get(table, ()) if each.row != row)
        return replace(self, tables={**self.tables, table: rows})

    def with_least_rows(self, definition: Definition) -> "Typed":
        """With rows to begin with."""
        typed = self
        for table in definition.tables:
            while len(typed.tables.get(table.name, ())) < max(table.least_rows, 1):
                typed = typed.with_row(table.name)
        return typed

    def with_rows_of(self, other: "Typed", *, empty: bool = False) -> "Typed":
        """Also with the rows that only the other has."""
        tables = {}
        for table, theirs in other.tables.items():
            own = self.tables.get(table, ())
            known = {row.row for row in own}
            more = [row for row in theirs if row.row not in known and not row.is_empty]
            tables[table] = (*own, *(TypedRow(row.row) if empty else row for row in more))
        return replace(self, tables={**self.tables, **tables})

    def at(self, filled: FilledForm) -> "Typed":
        """The same answers on the form as it is now."""
        return replace(self, revision=filled.revision, version=filled.definition.version)


def new_row_id() -> str:
    """Says nothing about anybody."""
    return secrets.token_hex(4)


def stored(filled: FilledForm) -> Typed:
    definition = filled.definition
    return Typed(
        filled.revision,
        definition.version,
        texts_of(filled.answers, definition.fields),
        {
            table.name: stored_rows(filled.tables.get(table.name, ()), table.columns)
            for table in definition.tables
        },
    )


def stored_rows(rows: Iterable[FilledRow], columns: Sequence[Column]) -> tuple[TypedRow, ...]:
    return tuple(TypedRow(row.row, texts_of(row.answers, columns)) for row in rows)


def texts_of(answers: Mapping[str, AnswerText], columns: Sequence[Column]) -> Texts:
    """As people would type them: decimals have a comma."""
    found = {}
    for column in columns:
        answer = answers.get(column.name)
        if answer is not None:
            texts = (answer,) if isinstance(answer, str) else tuple(answer)
            decimal = column.kind == "decimal"
            found[column.name] = tuple(t.replace(".", ",") for t in texts) if decimal else texts
    return found


def sent(form: FormData, definition: Definition) -> Typed:
    """The answers that a browser sent; anything else is left out."""
    return Typed(
        number(form.get("revision")),
        number(form.get("version")),
        {column.name: texts(form, f"f.{column.name}") for column in definition.fields},
        {
            table.name: tuple(
                TypedRow(
                    row,
                    {
                        column.name: texts(form, f"t.{table.name}.{row}.{column.name}")
                        for column in table.columns
                    },
                )
                for row in row_ids(form, table.name)
            )
            for table in definition.tables
        },
    )


def texts(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(text for text in form.getlist(name) if isinstance(text, str) and text != "")


def row_ids(form: FormData, table: str) -> Sequence[str]:
    return [row for row in dict.fromkeys(texts(form, f"r.{table}")) if ROW_ID.fullmatch(row)]


def number(text: Any) -> int:
    """0 for what is none."""
    return int(text) if isinstance(text, str) and NUMBER.fullmatch(text) else 0


def body_of(typed: Typed, definition: Definition) -> dict[str, Any]:
    """As onboarding takes it. Answers to questions that are not asked, and empty rows, are left
    out."""
    return {
        "revision": typed.revision,
        "version": typed.version,
        "answers": answers_of(typed.answers, definition.fields),
        "tables": {
            table.name: [
                {"row": row.row, "answers": answers_of(row.answers, table.columns)}
                for row in typed.tables.get(table.name, ())
                if not row.is_empty
            ]
            for table in definition.tables
        },
    }


def answers_of(typed: Texts, columns: Sequence[Column]) -> dict[str, AnswerText]:
    said: dict[str, tuple[str, ...]] = {}
    for column in columns:
        texts = tuple(text.strip() for text in typed.get(column.name, ()) if text.strip())
        if texts and column.is_asked(said):
            said[column.name] = texts
    return {
        column.name: list(said[column.name])
        if column.kind == "choices"
        else canonical(column, said[column.name][0])
        for column in columns
        if column.name in said
    }


def canonical(column: Column, text: str) -> str:
    """As onboarding takes it: 2026-12-31 for 31.12.2026, as browsers without a field for days send
    it, and 1234,5 for 1.234,5. Anything else stays as it is, and is refused there."""
    if column.kind == "date" and (found := GERMAN_DAY.fullmatch(text)):
        day, month, year = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    if column.kind in ("whole-number", "decimal") and THOUSANDS.fullmatch(text):
        return text.replace(".", "")
    return text
