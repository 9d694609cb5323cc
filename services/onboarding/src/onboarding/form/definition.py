"""Definitions of forms: set by central, version after version (X-13)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import msgspec

from onboarding.form.refusals import (
    DefinitionInvalidError,
    FormNotFoundError,
    Mistake,
    VersionUnknownError,
)
from zugabe_events.contracts.onboarding import FormColumn, FormDefined, FormTable, Step
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

FORMS = (
    "marken-und-vertrieb",
    "plattformauswahl",
    "ansprechpartner",
    "produkttypen",
    "lagerbestand",
    "kundenservice",
)
"""In the order of the sub-steps (ON-14)."""


PLATFORM_FORM, PLATFORMS = "plattformauswahl", "plattformen"
"""The question whose answers say where the brand shall go live."""


def read(form: str) -> FormDefined:
    content = (files("onboarding.form") / "definitions" / f"{form}.json").read_bytes()
    return msgspec.json.decode(content, type=FormDefined)


INITIAL: Mapping[str, FormDefined] = {form: read(form) for form in FORMS}
"""The first versions."""

REVISED: Mapping[str, tuple[FormDefined, ...]] = {
    "marken-und-vertrieb": (read("marken-und-vertrieb-2"),),
    PLATFORM_FORM: (read(f"{PLATFORM_FORM}-2"), read(f"{PLATFORM_FORM}-3")),
    "lagerbestand": (read("lagerbestand-2"),),
}
"""Later versions that ship with the service."""


def initial_form(form: str) -> FormDefined:
    """Raise FormNotFoundError."""
    if form not in INITIAL:
        raise FormNotFoundError
    return INITIAL[form]


def forms_of(step: Step) -> tuple[str, ...]:
    return tuple(form for form, defined in INITIAL.items() if defined.step == step)


MAX_FIELDS, MAX_TABLES, MAX_COLUMNS, MAX_CHOICES, MAX_ROWS = 60, 5, 20, 100, 300


NAME = re.compile(r"[a-z][a-z_]{0,39}")
"""Such a name can be part of what a sealed answer is bound to."""

CHOICE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
"""Such an id can be part of a route."""


MAX_LENGTHS = {"text": 200, "long-text": 5_000, "email": 254, "phone": 40}


MAX_NUMBER = 10**12


CHOOSING = ("choice", "choices")


NUMBERS = ("whole-number", "decimal")


def mistakes_of(form: FormDefined) -> list[Mistake]:
    return list(_mistakes(form))


def _mistakes(form: FormDefined) -> Iterator[Mistake]:
    if not form.fields and not form.tables:
        yield Mistake("fields", "Ein Formular braucht mindestens eine Frage.")
    if len(form.fields) > MAX_FIELDS:
        yield Mistake("fields", f"Höchstens {MAX_FIELDS} Fragen sind möglich.")
    if len(form.tables) > MAX_TABLES:
        yield Mistake("tables", f"Höchstens {MAX_TABLES} Tabellen sind möglich.")
    names = [*(field.name for field in form.fields), *(table.name for table in form.tables)]
    yield from _about_names("", names)
    yield from _about_columns("fields", form.fields)
    for table in form.tables:
        yield from _about_table(table)
    if form.form == PLATFORM_FORM:
        yield from _about_platforms(form)


def _about_platforms(form: FormDefined) -> Iterator[Mistake]:
    """Releases and preconditions of platforms go by the ids of the choices (Q33)."""
    found = [field for field in form.fields if field.name == PLATFORMS]
    if not found or (found[0].kind, found[0].required) != ("choices", True):
        yield Mistake(
            PLATFORMS, "Diese Auswahl muss erhalten bleiben: Von ihr hängen die Freigaben ab."
        )
    elif not found[0].choice_ids:
        yield Mistake(
            f"fields.{PLATFORMS}", "Jede Plattform braucht eine Kennung, wie „about-you“."
        )


def _about_table(table: FormTable) -> Iterator[Mistake]:
    where = f"tables.{table.name}"
    if not table.columns:
        yield Mistake(where, "Eine Tabelle braucht mindestens eine Spalte.")
    if len(table.columns) > MAX_COLUMNS:
        yield Mistake(where, f"Höchstens {MAX_COLUMNS} Spalten sind möglich.")
    if not 0 <= table.least_rows <= table.most_rows or not 1 <= table.most_rows <= MAX_ROWS:
        yield Mistake(
            where,
            "Die Mindestzahl der Zeilen darf die Höchstzahl nicht übersteigen; höchstens "
            f"{MAX_ROWS} Zeilen sind möglich.",
        )
    yield from _about_names(f"{where}.", [column.name for column in table.columns])
    yield from _about_columns(where, table.columns)


def _about_names(prefix: str, names: Sequence[str]) -> Iterator[Mistake]:
    for name in dict.fromkeys(names):
        if not NAME.fullmatch(name):
            yield Mistake(
                f"{prefix}{name}",
                "Ein Name besteht nur aus Kleinbuchstaben (a bis z) und Unterstrichen.",
            )
        if names.count(name) > 1:
            yield Mistake(f"{prefix}{name}", "Diesen Namen gibt es mehrfach.")


def _about_columns(where: str, columns: Iterable[FormColumn]) -> Iterator[Mistake]:
    earlier: dict[str, FormColumn] = {}
    for column in columns:
        for detail in _about_column(column, earlier):
            yield Mistake(f"{where}.{column.name}", detail)
        earlier[column.name] = column


def _about_column(column: FormColumn, earlier: Mapping[str, FormColumn]) -> Iterator[str]:
    yield from _about_condition(column, earlier)
    yield from _about_ids(column)
    choices = column.choices
    if (column.kind in CHOOSING) != bool(choices):
        yield "Nur Auswahlfragen haben Antwortmöglichkeiten, und sie brauchen mindestens eine."
    if len(choices) > MAX_CHOICES or len(set(choices)) < len(choices) or "" in choices:
        yield (
            f"Höchstens {MAX_CHOICES} Antwortmöglichkeiten sind erlaubt, alle verschieden und "
            "keine leer."
        )
    if column.personal and column.kind in ("choices", "yes-no"):
        yield "Eine personenbezogene Frage kann nur eine Antwort in Worten oder Zahlen haben."
    yield from _about_bounds(column)
    yield from _about_plausibility(column, earlier)


def _about_plausibility(column: FormColumn, earlier: Mapping[str, FormColumn]) -> Iterator[str]:
    if column.web_address and column.kind != "text":
        yield "Nur ein kurzer Text kann eine Webadresse sein."
    if column.not_past and column.kind != "date":
        yield "Nur ein Datum kann in der Vergangenheit liegen."
    if column.at_least is not None:
        lower = earlier.get(column.at_least)
        if lower is None or lower.kind != column.kind or column.kind not in (*NUMBERS, "date"):
            yield "Verglichen werden kann nur mit einer früheren Frage nach Zahl oder Datum."


def _about_condition(column: FormColumn, earlier: Mapping[str, FormColumn]) -> Iterator[str]:
    condition = earlier.get(column.only_if) if column.only_if is not None else None
    if column.only_if_choice is not None:
        if condition is None or column.only_if_choice not in (
            condition.choice_ids or condition.choices
        ):
            yield "Die Bedingung muss eine Antwortmöglichkeit einer früheren Auswahlfrage nennen."
    elif column.only_if is not None and (condition is None or condition.kind != "yes-no"):
        yield "Die Bedingung muss eine frühere Ja-Nein-Frage nennen."


def _about_ids(column: FormColumn) -> Iterator[str]:
    """An id that is the label of another choice would leave open which one is meant."""
    ids, labels = column.choice_ids, column.choices
    if not ids:
        return
    if len(ids) != len(labels) or len({*ids}) < len(ids):
        yield "Jede Antwortmöglichkeit braucht eine eigene Kennung."
    elif not all(map(CHOICE_ID.fullmatch, ids)):
        yield "Eine Kennung besteht aus Kleinbuchstaben (a bis z), Ziffern und Bindestrichen."
    elif any(label in ids and ids[place] != label for place, label in enumerate(labels)):
        yield "Eine Kennung darf nicht der Text einer anderen Antwortmöglichkeit sein."


def _about_bounds(column: FormColumn) -> Iterator[str]:
    least, most = column.least, column.most
    if least is not None and most is not None and least > most:
        yield "Das Mindestmaß ist größer als das Höchstmaß."
    bounds = [bound for bound in (least, most) if bound is not None]
    if column.kind in MAX_LENGTHS:
        if not all(0 <= bound <= MAX_LENGTHS[column.kind] for bound in bounds):
            yield f"Die Länge muss zwischen 0 und {MAX_LENGTHS[column.kind]} liegen."
    elif column.kind in NUMBERS:
        if not all(abs(bound) <= MAX_NUMBER for bound in bounds):
            yield f"Die Grenzen müssen zwischen -{MAX_NUMBER} und {MAX_NUMBER} liegen."
    elif bounds:
        yield "Fragen dieser Art haben weder Mindest- noch Höchstmaß."


@dataclass(frozen=True, slots=True)
class DefineForm:
    form: str
    title: str
    introduction: str
    fields: tuple[FormColumn, ...]
    tables: tuple[FormTable, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Of one form, those that central defined."""

    later: tuple[FormDefined, ...] = ()


def decide(command: DefineForm, definitions: Definitions) -> Sequence[FormDefined]:
    """The step of a form and its per-brand flag never change: gates count on them."""
    before = newest(command.form, definitions)
    defined = FormDefined(
        form=command.form,
        version=before.version + 1,
        step=before.step,
        title=command.title,
        introduction=command.introduction,
        per_brand=before.per_brand,
        fields=command.fields,
        tables=command.tables,
    )
    if mistakes := mistakes_of(defined):
        raise DefinitionInvalidError(mistakes)
    return [] if asks_the_same(defined, before) else [defined]


def asks_the_same(form: FormDefined, other: FormDefined) -> bool:
    return (form.title, form.introduction, form.fields, form.tables) == (
        other.title,
        other.introduction,
        other.fields,
        other.tables,
    )


def evolve(definitions: Definitions, event: FormDefined) -> Definitions:
    return Definitions((*definitions.later, event))


def newest(form: str, definitions: Definitions) -> FormDefined:
    """Raise FormNotFoundError."""
    return definitions.later[-1] if definitions.later else shipped(form)[-1]


def shipped(form: str) -> tuple[FormDefined, ...]:
    """Raise FormNotFoundError."""
    return (initial_form(form), *REVISED.get(form, ()))


def of_version(form: str, definitions: Definitions, version: int) -> FormDefined:
    """Central's own version goes before a shipped one that took its number later.

    Raise VersionUnknownError, FormNotFoundError.
    """
    for definition in (*definitions.later, *shipped(form)):
        if definition.version == version:
            return definition
    raise VersionUnknownError(newest(form, definitions).version)


DEFINITION_DECIDER: Decider[DefineForm, Definitions, FormDefined] = Decider(
    "form-definition", Definitions(), decide, evolve
)


def definition_history(form: str) -> History[Definitions, FormDefined]:
    return History(Stream(f"form-definition/{form}", "form-definition"), DEFINITION_DECIDER)
