"""A read model as a table for people: columns with German titles, and what a cell holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from zugabe_events.domain.calendar import BERLIN
from zugabe_events.domain.projection import ReadModel

type Cell = str | int | bool | date | datetime | None

type Unit = Literal["plain", "hundredths"]


@dataclass(frozen=True, slots=True)
class Column[View]:
    """`hundredths` are cents, shown in euros, and basis points, shown in percent."""

    title: str
    cell: Callable[[View], Cell]
    unit: Unit = "plain"


@dataclass(frozen=True, slots=True)
class Table[View]:
    """`name` is German: the file is called so."""

    name: str
    model: ReadModel[View]
    columns: tuple[Column[View], ...]


class Writer[View](Protocol):
    """A file in pieces: what each call returns follows what those before it returned."""

    def rows(self, views: Sequence[View]) -> bytes: ...

    def end(self) -> bytes: ...


def with_decimals(hundredths: int, mark: str) -> str:
    """Exact: no float comes near it."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole}{mark}{rest:02d}"


def yes_or_no(value: bool) -> str:
    return "ja" if value else "nein"


def local(instant: datetime) -> datetime:
    """The time on the clocks of Berlin, to the second."""
    return instant.astimezone(BERLIN).replace(microsecond=0, tzinfo=None)


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula(text: str) -> bool:
    """What a spreadsheet might compute instead of showing it."""
    return text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
