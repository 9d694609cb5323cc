"""From what somebody filled in to answers in canonical text; all mistakes at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from onboarding.form.refusals import AnswersInvalidError, Mistake
from onboarding.form.values import YES, Value, WrongError, texts_of
from zugabe_events.contracts.onboarding import FormColumn, FormDefined, FormTable


@dataclass(frozen=True, slots=True)
class Row:
    """`row` is the id that goes with it."""

    row: str
    answers: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FormInput:
    answers: Mapping[str, Value] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CanonicalAnswer:
    """One answer in canonical text; `personal` ones are to be sealed before they go anywhere."""

    field: str
    text: str
    personal: bool
    table: str | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class ValidatedForm:
    """`rows` are tables and row ids, in their order."""

    rows: tuple[tuple[str, str], ...]
    said: tuple[CanonicalAnswer, ...]


def checked(
    form: FormDefined, filled: FormInput, *, complete: bool, today: date | None = None
) -> ValidatedForm:
    """`complete`: nothing that is required may be missing, and all is plausible: dates to come are
    compared with `today`, a day in Berlin, unless that is None. Raises AnswersInvalidError."""
    mistakes: list[Mistake] = []
    said = _answered(form.fields, filled.answers, "answers", mistakes, complete, today)
    rows: list[tuple[str, str]] = []
    for table in form.tables:
        given = filled.tables.get(table.name, ())
        rows += [(table.name, row.row) for row in given]
        said += _of_table(table, given, mistakes, complete, today)
    tables = {table.name for table in form.tables}
    for name in filled.tables.keys() - tables:
        mistakes.append(Mistake(f"tables.{name}", "Diese Tabelle gibt es im Formular nicht."))
    if mistakes:
        raise AnswersInvalidError(mistakes)
    return ValidatedForm(tuple(rows), tuple(said))


def _of_table(
    table: FormTable,
    rows: Sequence[Row],
    mistakes: list[Mistake],
    complete: bool,
    today: date | None,
) -> list[CanonicalAnswer]:
    where = f"tables.{table.name}"
    if len(rows) > table.most_rows:
        mistakes.append(Mistake(where, at_most(table.most_rows)))
        return []
    if complete and len(rows) < table.least_rows:
        mistakes.append(Mistake(where, at_least(table.least_rows)))
    if len({row.row for row in rows}) < len(rows):
        mistakes.append(Mistake(where, "Mehrere Zeilen haben dieselbe Kennung."))
    said: list[CanonicalAnswer] = []
    for row in rows:
        place = f"{where}.{row.row}"
        before = len(mistakes)
        found = _answered(table.columns, row.answers, place, mistakes, complete, today)
        if complete and not found and len(mistakes) == before:
            mistakes.append(Mistake(place, "Diese Zeile ist leer."))
        said += [
            CanonicalAnswer(
                f"{table.name}.{each.field}", each.text, each.personal, table.name, row.row
            )
            for each in found
        ]
    return said


def at_least(rows: int) -> str:
    if rows == 1:
        return "Mindestens eine Zeile wird benötigt."
    return f"Mindestens {rows} Zeilen werden benötigt."


def at_most(rows: int) -> str:
    return (
        "Höchstens eine Zeile ist möglich."
        if rows == 1
        else f"Höchstens {rows} Zeilen sind möglich."
    )


def is_asked(column: FormColumn, said: Mapping[str, Sequence[str]]) -> bool:
    """`said` are canonical answers to earlier questions."""
    if column.only_if is None:
        return True
    return (column.only_if_choice or YES) in said.get(column.only_if, ())


def implausible(
    column: FormColumn, text: str, said: Mapping[str, Sequence[str]], today: date | None
) -> Iterator[str]:
    """Answers that are right by themselves, and cannot be meant (D18)."""
    if column.not_past and today is not None and date.fromisoformat(text) < today:
        yield "Dieser Tag ist schon vorbei."
    lower = said.get(column.at_least, ()) if column.at_least is not None else ()
    if lower and column.kind == "date" and text < lower[0]:
        yield "Dieser Tag liegt vor dem früher genannten."
    elif lower and column.kind != "date" and Decimal(text) < Decimal(lower[0]):
        yield "Diese Zahl ist kleiner als die zuvor genannte."


def _answered(
    columns: Sequence[FormColumn],
    values: Mapping[str, Value],
    where: str,
    mistakes: list[Mistake],
    complete: bool,
    today: date | None,
) -> list[CanonicalAnswer]:
    said: dict[str, tuple[str, ...]] = {}
    for column in columns:
        place = f"{where}.{column.name}"
        asked = is_asked(column, said)
        try:
            texts = texts_of(column, values.get(column.name))
        except WrongError as wrong:
            mistakes.append(Mistake(place, str(wrong)))
            continue
        if texts and not asked:
            mistakes.append(Mistake(place, "Diese Angabe ist hier nicht vorgesehen."))
        if complete and asked and column.required and not texts:
            mistakes.append(Mistake(place, "Diese Angabe fehlt."))
        if complete and texts:
            mistakes += [Mistake(place, why) for why in implausible(column, texts[0], said, today)]
        said[column.name] = texts
    for name in values.keys() - {column.name for column in columns}:
        mistakes.append(Mistake(f"{where}.{name}", "Diese Frage gibt es im Formular nicht."))
    return [
        CanonicalAnswer(column.name, text, column.personal)
        for column in columns
        for text in said.get(column.name, ())
    ]
