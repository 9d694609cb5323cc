"""A filled-in form as a manager reads it: each answer beside the one of the version before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import msgspec

from zugabe_events.domain.german_numbers import thousands

type AnswerText = str | list[str]


class Question(msgspec.Struct, frozen=True):
    name: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()
    choice_ids: tuple[str, ...] = ()


class QuestionTable(msgspec.Struct, frozen=True):
    name: str
    label: str
    columns: tuple[Question, ...]


class Definition(msgspec.Struct, frozen=True):
    form: str
    title: str
    version: int
    introduction: str = ""
    fields: tuple[Question, ...] = ()
    tables: tuple[QuestionTable, ...] = ()


class Row(msgspec.Struct, frozen=True):
    row: str
    answers: Mapping[str, AnswerText]


class FilledForm(msgspec.Struct, frozen=True):
    status: str
    revision: int
    source: str
    reason: str
    changed_at: datetime | None
    definition: Definition
    answers: Mapping[str, AnswerText]
    tables: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Line:
    """One question. `change`: "new", "changed", "gone", or "" for the same as before."""

    label: str
    now: str
    before: str
    change: str


@dataclass(frozen=True, slots=True)
class Group:
    """A table's row, or the questions outside of tables with "" as title."""

    title: str
    lines: tuple[Line, ...]

    @property
    def changed(self) -> bool:
        return any(line.change for line in self.lines)


def compared(form: FilledForm, before: FilledForm | None) -> Sequence[Group]:
    """Without a version before, nothing counts as changed."""
    beside = before.answers if before else None
    groups = [Group("", lines_of(form.definition.fields, form.answers, beside))]
    for table in form.definition.tables:
        rows = {row.row: row.answers for row in form.tables.get(table.name, ())}
        old = {row.row: row.answers for row in before.tables.get(table.name, ())} if before else {}
        for number, key in enumerate([*rows, *(key for key in old if key not in rows)], start=1):
            row_before = old.get(key, {}) if before else None
            found = lines_of(table.columns, rows.get(key, {}), row_before)
            groups.append(Group(f"{table.label}, Zeile {number}", found))
    return [group for group in groups if group.lines]


def lines_of(
    questions: Sequence[Question],
    now: Mapping[str, AnswerText],
    before: Mapping[str, AnswerText] | None,
) -> tuple[Line, ...]:
    """Without questions that were answered neither now nor before."""
    found = []
    for question in questions:
        new = shown(question, now.get(question.name, ""))
        old = shown(question, before.get(question.name, "")) if before is not None else ""
        if new or old:
            found.append(Line(question.label, new, old, change(new, old, before is not None)))
    return tuple(found)


def change(new: str, old: str, compares: bool) -> str:
    if not compares or new == old:
        return ""
    if not old:
        return "new"
    return "changed" if new else "gone"


def shown(question: Question, answer: AnswerText) -> str:
    if isinstance(answer, list):
        return ", ".join(one(question, text) for text in answer)
    return one(question, answer)


def one(question: Question, text: str) -> str:
    """As Germans write it; a text that does not fit its kind stays as it is."""
    if not text:
        return ""
    try:
        match question.kind:
            case "date":
                return date.fromisoformat(text).strftime("%d.%m.%Y")
            case "whole-number":
                return thousands(int(text))
            case "decimal":
                whole, _, rest = str(Decimal(text)).partition(".")
                return thousands(int(whole)) + (f",{rest}" if rest else "")
            case "choice" | "choices" if text in question.choice_ids:
                return question.choices[question.choice_ids.index(text)]
    except (ValueError, InvalidOperation, IndexError):
        pass
    return text
