"""Places on the page of the mistakes that onboarding found in a form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zugabe_web.forms.definition import Definition
from zugabe_web.forms.typed import Typed
from zugabe_web.service_client import RefusedError

MAX_PLACE_LENGTH = 64
"""Onboarding cuts the names of places there."""

INVALID = ("answers-invalid", "invalid")


@dataclass(frozen=True, slots=True)
class Place:
    """`id` of the field, row or table on the page, and its name for the summary."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class FoundMistake:
    """`place` is None for what is on no field of the page."""

    place: Place | None
    detail: str


@dataclass(frozen=True, slots=True)
class Mistakes:
    """`others` is the number of those that were not listed."""

    found: tuple[FoundMistake, ...] = ()
    others: int = 0

    def at(self, id: str) -> str:  # noqa: A002 - of HTML
        """In one sentence after the other; "" if there is none."""
        return " ".join(
            mistake.detail for mistake in self.found if mistake.place and mistake.place.id == id
        )

    def __bool__(self) -> bool:
        return bool(self.found)


def places(definition: Definition, typed: Typed) -> Mapping[str, Place]:
    """By their names in onboarding's answers."""
    return dict(_places(definition, typed))


def _places(definition: Definition, typed: Typed) -> Iterator[tuple[str, Place]]:
    for column in definition.fields:
        yield f"answers.{column.name}", Place(f"f-{column.name}", column.label)
    for table in definition.tables:
        name = table.name
        yield f"tables.{name}", Place(f"t-{name}", table.label)
        for index, row in enumerate(typed.tables.get(name, ())):
            label = f"{table.label}, Zeile {index + 1}"
            yield f"tables.{name}.{row.row}", Place(f"t-{name}-{row.row}", label)
            for column in table.columns:
                place = Place(f"t-{name}-{row.row}-{column.name}", f"{label}: {column.label}")
                yield f"tables.{name}.{row.row}.{column.name}", place


def mistakes_in(error: RefusedError, definition: Definition, typed: Typed) -> Mistakes:
    known = places(definition, typed)
    found = tuple(
        FoundMistake(place_of(mistake.where, known, typed), mistake.detail)
        for mistake in error.problem.errors
    )
    total = error.members.get("mistakes")
    others = total - len(found) if isinstance(total, int) else 0
    return Mistakes(found or (FoundMistake(None, error.problem.detail),), max(others, 0))


def place_of(where: str, known: Mapping[str, Place], typed: Typed) -> Place | None:
    where = with_row_id(where.removeprefix("body."), typed)
    if where in known:
        return known[where]
    if len(where) == MAX_PLACE_LENGTH:
        return next((known[name] for name in known if name.startswith(where)), None)
    return next((known[name] for name in parents(where) if name in known), None)


def with_row_id(where: str, typed: Typed) -> str:
    """`tables.kontakte.0.answers.email` counts the rows that were sent."""
    match where.split("."):
        case ["tables", table, index, "answers", column, *_] if index.isdecimal():
            rows = [row for row in typed.tables.get(table, ()) if not row.is_empty]
            if int(index) < len(rows):
                return f"tables.{table}.{rows[int(index)].row}.{column}"
    return where


def parents(where: str) -> Iterator[str]:
    while "." in where:
        where = where.rpartition(".")[0]
        yield where


def without_mistakes(body: dict[str, Any], error: RefusedError, typed: Typed) -> dict[str, Any]:
    """The answers that are right, so that a draft keeps at least these."""
    wrong = {
        with_row_id(mistake.where.removeprefix("body."), typed) for mistake in error.problem.errors
    }

    def is_right(place: str) -> bool:
        return place[:MAX_PLACE_LENGTH] not in wrong

    tables = {
        table: [
            {
                **row,
                "answers": {
                    name: answer
                    for name, answer in row["answers"].items()
                    if is_right(f"tables.{table}.{row['row']}.{name}")
                },
            }
            for row in rows
            if is_right(f"tables.{table}.{row['row']}")
        ]
        for table, rows in body["tables"].items()
        if is_right(f"tables.{table}")
    }
    answers = {
        name: answer for name, answer in body["answers"].items() if is_right(f"answers.{name}")
    }
    return {**body, "answers": answers, "tables": tables}
