"""Read models as tables for people: columns with German titles, and values of cells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Literal, Protocol

from zugabe_events.domain.calendar import BERLIN
from zugabe_events.domain.projection import ComputedList, ReadModel

type Cell = str | int | bool | date | datetime | None

type Unit = Literal["plain", "hundredths", "instant", "utc"]


@dataclass(frozen=True, slots=True)
class Column[View]:
    """`hundredths` are cents, shown in euros, and basis points, shown in percent.

    An `instant` has two columns in a file: by the clocks of Berlin and, since these show an hour
    twice in autumn, in UTC (D19).
    """

    title: str
    cell: Callable[[View], Cell]
    unit: Unit = "plain"


@dataclass(frozen=True, slots=True)
class Table[View]:
    """`name` is German and names the file."""

    name: str
    model: ReadModel[View] | ComputedList[View]
    columns: tuple[Column[View], ...]


@dataclass(frozen=True, slots=True)
class RowTable[View]:
    """A table whose rows are no documents of a read model."""

    name: str
    columns: tuple[Column[View], ...]


type AnyTable[View] = Table[View] | RowTable[View]


class Writer[View](Protocol):
    """Writes a file in pieces; each call returns the next one."""

    def rows(self, views: Sequence[View]) -> bytes: ...

    def end(self) -> bytes: ...


def with_decimals(hundredths: int, separator: str) -> str:
    """Format exactly, without floating-point arithmetic."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}{separator}{rest:02d}"


def yes_or_no(value: bool) -> str:
    return "ja" if value else "nein"


def columns_of[View](table: AnyTable[View]) -> tuple[Column[View], ...]:
    """The columns of a file, whose titles tell the zones of instants."""
    return tuple(
        shown
        for column in table.columns
        for shown in (in_zones(column) if column.unit == "instant" else (column,))
    )


def in_zones[View](column: Column[View]) -> tuple[Column[View], Column[View]]:
    return (
        replace(column, title=f"{column.title} (Berlin)"),
        replace(column, title=f"{column.title} (UTC)", unit="utc"),
    )


def clock_time(instant: datetime, unit: Unit) -> datetime:
    """The time on the clocks of a zone, to the second."""
    zone = UTC if unit == "utc" else BERLIN
    return instant.astimezone(zone).replace(microsecond=0, tzinfo=None)


def with_offset(instant: datetime) -> str:
    """An instant in a column that does not tell its zone."""
    return str(instant.astimezone(BERLIN).replace(microsecond=0))
