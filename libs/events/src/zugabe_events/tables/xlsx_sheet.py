"""The rows of a sheet of an Excel workbook, while its XML is parsed."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, NamedTuple

from zugabe_events.tables.cells import (
    NOT_CALCULATED,
    Cell,
    Fault,
    error_cell,
    number_cell,
    too_long,
)
from zugabe_events.tables.emptiness import Emptiness
from zugabe_events.tables.shared_strings import Collected, SharedStrings, unescaped
from zugabe_events.tables.sheet import Line, check_merges
from zugabe_events.tables.xml_stream import local, parse, parsed, parser_of

REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


class RawCell(NamedTuple):
    column: int
    kind: str
    style: str
    text: str | None
    """None without a value; the number of a shared string is read later."""
    is_formula: bool
    is_too_long: bool


class CellReader(NamedTuple):
    """The texts and formats that cells of a workbook refer to."""

    strings: SharedStrings
    formats: Sequence[str]
    from_1904: bool
    max_cell_characters: int

    def cell(self, raw: RawCell) -> Cell:
        """Raise ValueError, LookupError."""
        if raw.is_too_long:
            return too_long(self.max_cell_characters)
        text = raw.text
        if text is None or (not text and raw.kind in ("n", "b", "e", "d", "s")):
            return Fault(NOT_CALCULATED) if raw.is_formula else None
        match raw.kind:
            case "s":
                return self.strings.cell(int(text))
            case "str" | "inlineStr":
                return unescaped(text)
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return error_cell(text)
            case "d":
                return datetime.fromisoformat(text).replace(tzinfo=None)
            case _:
                return self._number(text, raw.style)

    def _number(self, text: str, style: str) -> Cell:
        value = float(text)
        if not math.isfinite(value):
            raise ValueError(text)
        number = int(style) if style else 0
        number_format = self.formats[number] if 0 <= number < len(self.formats) else "General"
        return number_cell(value, number_format, from_1904=self.from_1904)


class SheetParser:
    """Handlers of the parser; complete rows with values wait in `rows`."""

    def __init__(self, max_columns: int, max_cell_characters: int) -> None:
        self.rows: list[tuple[int, list[RawCell]]] = []
        self._max_columns = max_columns
        self._collected = Collected(max_cell_characters)
        self._prefix = ""
        self._line = 0
        self._column = -1
        self._row: list[RawCell] = []
        self._kind = self._style = ""
        self._has_value = self._is_formula = False
        self.emptiness = Emptiness()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        collected = self._collected
        match name.rpartition(" ")[2]:
            case "c":
                self.emptiness.elements += 1
                reference = attributes.get("r")
                self._column = column_of(reference) if reference else self._column + 1
                self._kind = attributes.get("t", "n")
                self._style = attributes.get("s", "")
                self._has_value = self._is_formula = False
                collected.begin()
            case "v":
                self._has_value = collected.is_open = True
            case "f":
                self._is_formula = True
            case "t":
                self._has_value = True
                collected.is_open = not collected.is_hidden
            case "rPh":
                collected.is_hidden = True
            case "row":
                self.emptiness.elements += 1
                self._line = int(attributes.get("r") or self._line + 1)
                self._column = -1
                self._row = []

    def end(self, name: str) -> None:
        collected = self._collected
        match name.rpartition(" ")[2]:
            case "c":
                has_place = max(self._column, len(self._row)) < self._max_columns
                if has_place and (self._has_value or self._is_formula):
                    self.emptiness.values += 1
                    text = collected.text() if self._has_value else None
                    self._row.append(
                        RawCell(
                            self._column,
                            self._kind,
                            self._style,
                            text,
                            self._is_formula,
                            collected.is_too_long,
                        )
                    )
            case "v" | "t":
                collected.is_open = False
            case "rPh":
                collected.is_hidden = False
            case "row":
                if self._row:
                    self.rows.append((self._line, self._row))
                    self._row = []

    def text(self, text: str) -> None:
        self._collected.add(text)


def sheet_lines(stream: IO[bytes], reader: CellReader, max_columns: int) -> Iterator[Line]:
    """Rows with values or formulas. Raise HostileError, ExpatError, ValueError, LookupError."""
    handlers = SheetParser(max_columns, reader.max_cell_characters)
    parser = parser_of(handlers.start, handlers.end, handlers.text)
    for _ in parsed(stream, parser):
        handlers.emptiness.check()
        rows, handlers.rows = handlers.rows, []
        for line, raw_cells in rows:
            cells: list[Cell] = []
            for raw in raw_cells:
                if (cell := reader.cell(raw)) is not None:
                    cells += [None] * (raw.column + 1 - len(cells))
                    cells[raw.column] = cell
            if cells:
                yield Line(line, cells)


def column_of(reference: str) -> int:
    """The column of `B7`, from 0. Raise ValueError."""
    return place_of(reference)[1]


def place_of(reference: str) -> tuple[int, int]:
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1


def merges_of(stream: IO[bytes]) -> Mapping[tuple[int, int], int]:
    """The last line of each vertical merge, by line and column of its first cell."""
    merges: dict[tuple[int, int], int] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if local(name) != "mergeCell":
            return
        first, _, last = attributes.get("ref", "").partition(":")
        if last and (line := place_of(last)[0]) > (place := place_of(first))[0]:
            merges[place] = line
        check_merges(merges)

    parse(stream, parser_of(start))
    return merges


def mentions_merges(stream: IO[bytes]) -> bool:
    """A quick look before the whole sheet is parsed once more."""
    tail = b""
    while chunk := stream.read(1 << 20):
        if b"mergeCell" in (piece := tail + chunk) or piece.startswith((b"\xff\xfe", b"\xfe\xff")):
            return True
        tail = chunk[-16:]
    return False
