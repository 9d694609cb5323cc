"""A table that somebody uploads: workbook or text, read row by row, and nothing is executed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from zugabe_events.tables.cells import CellError, Kind, read
from zugabe_events.tables.content import Format
from zugabe_events.tables.errors import TableError, quoted
from zugabe_events.tables.header import Header, NoHeader, Titles
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.sheet import Line, Sheet, filled_down
from zugabe_events.tables.source import Source
from zugabe_events.tables.workbooks import chosen, sheets_of

DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class RowError:
    """A mistake in a row, in German; `column` is empty if it is about the whole row."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where people find it. `cells` are by title, trimmed, in the spelling of the
    column's kind; those that cannot be read are left out, and in `wrong`."""

    line: int
    cells: Mapping[str, str]
    wrong: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header that has the titles, however written; other columns are left out.

    Each iteration reads the file once more, in bounded memory, and may raise TableError. `sheet`
    is the name of the sheet, for texts `None`; `titles` are those columns that are there.
    """

    format: Format
    sheet: str | None
    titles: Sequence[str]
    _source: Sheet
    _header: Header
    _kinds: Mapping[str, Kind]
    _limits: Limits

    def __iter__(self) -> Iterator[Row]:
        rows = characters = unread = 0
        for line in self._lines():
            if (row := self._row(line)) is None:
                unread += 1
                continue
            rows += 1
            self._limits.check_rows(rows)
            characters += sum(map(len, row.cells.values()))
            self._limits.check_characters(characters)
            yield row
        if unread and not rows:
            raise TableError(
                f"Unter {quoted(self.titles)} steht kein Wert. Falls dort Formeln stehen: bitte "
                "die Datei in Excel öffnen und speichern.",
                code="table-without-values",
            )

    def _lines(self) -> Iterator[Line]:
        lines = self._source.lines(self._header.width)
        merged = filled_down(lines, self._source.merges(), self._header.line)
        return (line for line in merged if line.number > self._header.line)

    def _row(self, line: Line) -> Row | None:
        """None for a line without a value in these columns."""
        if line.broken:
            return Row(line.number, {}, (RowError(line.number, "", line.broken),))
        cells: dict[str, str] = {}
        wrong: list[RowError] = []
        for title, at in self._header.places.items():
            cell = line.cells[at] if at < len(line.cells) else None
            try:
                cells[title] = read(cell, self._kinds.get(title, "text"))
            except CellError as error:
                wrong.append(RowError(line.number, title, str(error)))
        return Row(line.number, cells, tuple(wrong)) if wrong or any(cells.values()) else None


def open_table(
    content: bytes | Path,
    titles: Sequence[str],
    *,
    optional: Sequence[str] = (),
    kinds: Mapping[str, Kind] = MappingProxyType({}),
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Find the table: the first visible sheet that has all `titles`, or the sheet of that name.

    What the file is, its content says. Columns are texts unless `kinds` says otherwise. Reading
    takes time: call it in a thread. Raise TableError.
    """
    source = Source(content)
    file_format, sheets = sheets_of(source, limits)
    wanted = Titles(titles, optional)
    missing: list[NoHeader] = []
    for candidate in chosen(sheets, sheet):
        header = wanted.header(filled_down(candidate.lines(), candidate.merges()))
        if isinstance(header, Header):
            there = tuple(header.places)
            return Table(file_format, candidate.name, there, candidate, header, kinds, limits)
        missing.append(header)
    raise max(missing, key=lambda header: header.found).error
