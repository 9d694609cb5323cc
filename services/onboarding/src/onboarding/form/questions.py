"""What is wrong with the questions of a form: all of it at once."""

import re
from collections.abc import Iterable, Iterator, Sequence

from onboarding.form.initial import PLATFORM_FORM, PLATFORMS
from onboarding.form.refusals import Mistake
from zugabe_events.contracts.onboarding import FormColumn, FormDefined, FormTable

MOST_FIELDS, MOST_TABLES, MOST_COLUMNS, MOST_CHOICES, MOST_ROWS = 60, 5, 20, 100, 300

NAME = re.compile(r"[a-z][a-z_]{0,39}")
"""Such a name can be part of what a sealed answer is bound to."""

LONGEST = {"text": 200, "long-text": 5_000, "email": 254, "phone": 40}
GREATEST = 10**12

CHOOSING = ("choice", "choices")
NUMBERS = ("whole-number", "decimal")


def mistakes_of(form: FormDefined) -> list[Mistake]:
    return list(_mistakes(form))


def _mistakes(form: FormDefined) -> Iterator[Mistake]:
    if not form.fields and not form.tables:
        yield Mistake("fields", "Ein Formular hat mindestens eine Frage.")
    if len(form.fields) > MOST_FIELDS:
        yield Mistake("fields", f"Höchstens {MOST_FIELDS} Fragen sind möglich.")
    if len(form.tables) > MOST_TABLES:
        yield Mistake("tables", f"Höchstens {MOST_TABLES} Tabellen sind möglich.")
    names = [*(one.name for one in form.fields), *(one.name for one in form.tables)]
    yield from _about_names("", names)
    yield from _about_columns("fields", form.fields)
    for table in form.tables:
        yield from _about_table(table)
    if form.form == PLATFORM_FORM and not any(
        (one.name, one.kind, one.required) == (PLATFORMS, "choices", True) for one in form.fields
    ):
        yield Mistake(PLATFORMS, "Diese Auswahl muss bleiben: Von ihr hängen Freigaben ab.")


def _about_table(table: FormTable) -> Iterator[Mistake]:
    where = f"tables.{table.name}"
    if not table.columns:
        yield Mistake(where, "Eine Tabelle hat mindestens eine Spalte.")
    if len(table.columns) > MOST_COLUMNS:
        yield Mistake(where, f"Höchstens {MOST_COLUMNS} Spalten sind möglich.")
    if not 0 <= table.least_rows <= table.most_rows or not 1 <= table.most_rows <= MOST_ROWS:
        yield Mistake(where, f"Die Zahl der Zeilen passt nicht; höchstens {MOST_ROWS}.")
    yield from _about_names(f"{where}.", [one.name for one in table.columns])
    yield from _about_columns(where, table.columns)


def _about_names(prefix: str, names: Sequence[str]) -> Iterator[Mistake]:
    for name in dict.fromkeys(names):
        if not NAME.fullmatch(name):
            yield Mistake(f"{prefix}{name}", "Ein Name hat nur Kleinbuchstaben und Unterstriche.")
        if names.count(name) > 1:
            yield Mistake(f"{prefix}{name}", "Diesen Namen gibt es mehrfach.")


def _about_columns(where: str, columns: Iterable[FormColumn]) -> Iterator[Mistake]:
    yes_no = set[str]()
    for column in columns:
        for detail in _about_column(column, yes_no):
            yield Mistake(f"{where}.{column.name}", detail)
        if column.kind == "yes-no":
            yes_no.add(column.name)


def _about_column(column: FormColumn, yes_no: set[str]) -> Iterator[str]:
    if column.only_if is not None and column.only_if not in yes_no:
        yield "Eine Bedingung muss eine frühere Ja-Nein-Frage sein."
    choices = column.choices
    if (column.kind in CHOOSING) != bool(choices):
        yield "Eine Auswahl muss Möglichkeiten haben, eine andere Frage hat keine."
    if len(choices) > MOST_CHOICES or len(set(choices)) < len(choices) or "" in choices:
        yield f"Die Möglichkeiten müssen verschieden sein; höchstens {MOST_CHOICES} sind erlaubt."
    if column.personal and column.kind in ("choices", "yes-no"):
        yield "Eine personenbezogene Frage kann nur eine Antwort in Worten oder Zahlen haben."
    yield from _about_bounds(column)


def _about_bounds(column: FormColumn) -> Iterator[str]:
    least, most = column.least, column.most
    if least is not None and most is not None and least > most:
        yield "Das Mindestmaß ist größer als das Höchstmaß."
    bounds = [one for one in (least, most) if one is not None]
    if column.kind in LONGEST:
        if not all(0 <= one <= LONGEST[column.kind] for one in bounds):
            yield f"Die Länge muss zwischen 0 und {LONGEST[column.kind]} liegen."
    elif column.kind in NUMBERS:
        if not all(abs(one) <= GREATEST for one in bounds):
            yield f"Die Zahl darf höchstens {GREATEST} betragen."
    elif bounds:
        yield "Diese Art Frage hat keine Grenzen."
