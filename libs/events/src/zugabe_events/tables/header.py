"""The row with the titles: found among the first rows, however the titles are written."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from zugabe_events.tables.cells import Cell
from zugabe_events.tables.errors import TableError, quoted
from zugabe_events.tables.sheet import Line

MAX_ROWS_SEARCHED = 10


@dataclass(frozen=True, slots=True)
class Header:
    """`places` are the columns of the titles that were asked for; `width` counts all columns."""

    line: int
    places: Mapping[str, int]
    width: int


@dataclass(frozen=True, slots=True)
class NoHeader:
    """The reason why there is none, and the number of titles in the row that has most of them."""

    error: TableError
    found: int


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles of columns that have to be there, and of those that may be."""

    required: Sequence[str]
    optional: Sequence[str] = ()

    def header(self, lines: Iterable[Line]) -> Header | NoHeader:
        """The first row that has all titles, or what is missing in the row that has most."""
        best: Sequence[str] | None = None
        for line in islice(lines, MAX_ROWS_SEARCHED):
            written = [normal(cell) for cell in line.cells]
            found = [title for title in self.required if normal(title) in written]
            if len(found) == len(self.required):
                return self._header(line.number, written)
            best = max(best or (), found, key=len)
        if best is None:
            return NoHeader(TableError("Die Datei ist leer.", code="table-empty"), -1)
        missing = [title for title in self.required if title not in best]
        return NoHeader(missing_error(missing), len(best))

    def _header(self, line: int, written: Sequence[str]) -> Header | NoHeader:
        named = {title: normal(title) for title in (*self.required, *self.optional)}
        if twice := [title for title, name in named.items() if written.count(name) > 1]:
            error = TableError(
                f"Die Spalte {quoted(twice)} gibt es mehrfach."
                if len(twice) == 1
                else f"Diese Spalten gibt es mehrfach: {quoted(twice)}.",
                code="columns-twice",
            )
            return NoHeader(error, len(self.required))
        places = {title: written.index(name) for title, name in named.items() if name in written}
        return Header(line, places, max(at for at, name in enumerate(written, 1) if name))


def missing_error(titles: Sequence[str]) -> TableError:
    return TableError(
        f"Es fehlt die Spalte {quoted(titles)}."
        if len(titles) == 1
        else f"Es fehlen die Spalten {quoted(titles)}.",
        code="columns-missing",
    )


def normal(cell: Cell) -> str:
    """A title without invisible characters, differences of case, and doubled blanks."""
    if not isinstance(cell, str):
        return ""
    visible = (sign for sign in unicodedata.normalize("NFKC", cell) if is_visible(sign))
    return " ".join("".join(visible).casefold().split())


def is_visible(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cf", "Cc")
