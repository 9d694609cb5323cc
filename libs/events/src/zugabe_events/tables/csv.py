"""CSV as people save it: any usual delimiter and encoding, stray quotes, lines above the header."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zugabe_events.domain.formula_text import unprotected
from zugabe_events.tables.archive import damage_refused
from zugabe_events.tables.cells import Cell, too_long
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.sheet import Line, Merges
from zugabe_events.tables.source import Source
from zugabe_events.tables.text_encoding import encoding_of, lines_of

DELIMITERS = (";", ",", "\t", "|")
SEPARATOR = re.compile('"?sep=(.)"?\\s*', re.IGNORECASE)
AS_FORMULA = re.compile('="([^"]*)"')
MAX_LINES_OF_A_ROW = 200
MAX_ROWS_WITHOUT_VALUE = 100_000
"""Rows beyond the limit that are empty, or say nothing in the columns that are read."""

STRAY_QUOTE = "In dieser Zeile passt ein Anführungszeichen nicht."
OPEN_QUOTE = "Ein Anführungszeichen in dieser Zeile wird nicht geschlossen."
REASONS = (
    ("end of data", OPEN_QUOTE),
    ("field limit", "In dieser Zeile ist ein Text zu lang."),
)
"""By what the parser says."""

TOO_MANY_CELLS = (
    "Diese Zeile hat mehr Zellen als die Kopfzeile. Enthält ein Text das Trennzeichen, muss er in "
    "Anführungszeichen stehen."
)


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """A text, read with one delimiter."""

    source: Source
    encoding: str
    delimiter: str
    lines_above: int
    limits: Limits
    name: None = None
    is_visible: bool = True

    def merges(self) -> Merges:
        return {}

    def lines(self, width: int = 0) -> Iterator[Line]:
        with damage_refused():
            physical = enumerate(lines_of(self.source, self.encoding), 1)
            for _ in range(self.lines_above):
                next(physical, None)
            yield from Records(physical, self.delimiter, self.limits, width)


def csv_sheets(source: Source, limits: Limits) -> Sequence[CsvSheet]:
    """The ways to read a text: with the delimiter that its first line names, or with each."""
    encoding = encoding_of(source)
    with damage_refused():
        named = SEPARATOR.fullmatch(next(lines_of(source, encoding), ""))
    if named:
        return [CsvSheet(source, encoding, named[1], 1, limits)]
    return [CsvSheet(source, encoding, delimiter, 0, limits) for delimiter in DELIMITERS]


class Records:
    """Rows of a text. A quote that does not fit makes one row wrong, and no others."""

    def __init__(
        self, lines: Iterator[tuple[int, str]], delimiter: str, limits: Limits, width: int
    ) -> None:
        self._lines = lines
        self._waiting: deque[tuple[int, str]] = deque()
        self._delimiter = delimiter
        self._limits = limits
        self._max_columns = limits.max_columns
        self._max_cell_characters = limits.max_cell_characters
        self._width = width

    def __iter__(self) -> Iterator[Line]:
        """Raises TableError for millions of rows, even if they are empty."""
        rows = 0
        while (first := self._next()) is not None:
            rows += 1
            self._limits.check_rows(rows - MAX_ROWS_WITHOUT_VALUE)
            number, text = first
            cells = self._cells(number, text)
            if isinstance(cells, str):
                yield Line(number, (), cells)
            elif any(cell.strip() for cell in cells):
                yield self._line(number, cells)

    def _line(self, number: int, cells: Sequence[str]) -> Line:
        width = self._width or len(cells)
        blanks = self._delimiter + " \t\r\n"
        if any(cell.strip(blanks) for cell in cells[width : self._max_columns + 1]):
            return Line(number, (), TOO_MANY_CELLS)
        return Line(number, [self._cell(cell) for cell in cells[: self._max_columns]])

    def _cell(self, cell: str) -> Cell:
        cell = cell.strip()
        if len(cell) > self._max_cell_characters:
            return too_long(self._max_cell_characters)
        if cell.startswith("'"):
            return unprotected(cell).strip()
        if cell.startswith('="') and (found := AS_FORMULA.fullmatch(cell)):
            return found[1]
        return cell

    def _next(self) -> tuple[int, str] | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def _cells(self, number: int, text: str) -> list[str] | str:
        """The cells of the row that begins in this line, or why there are none."""
        if '"' not in text:
            return text.rstrip("\r\n").split(self._delimiter, self._max_columns)
        lines = [text]
        cells = self._parsed(lines)
        while cells == OPEN_QUOTE and len(lines) < MAX_LINES_OF_A_ROW:
            if (following := self._next()) is None:
                break
            lines.append(following[1])
            if '"' in following[1]:
                cells = self._parsed(lines)
        if isinstance(cells, str) or self._swallows_rows(lines):
            self._waiting.extendleft(
                (number + at, lines[at]) for at in range(len(lines) - 1, 0, -1)
            )
            return cells if isinstance(cells, str) else OPEN_QUOTE
        return cells

    def _parsed(self, lines: Sequence[str]) -> list[str] | str:
        try:
            return next(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return next((reason for sign, reason in REASONS if sign in str(error)), STRAY_QUOTE)

    def _swallows_rows(self, lines: Sequence[str]) -> bool:
        """True if one of the lines between two quotes looks like a row of its own."""
        if len(lines) == 1 or self._width < 2:
            return False
        full = [line.count(self._delimiter) == self._width - 1 for line in lines]
        return any(full[1:-1]) or (full[0] and full[-1])
