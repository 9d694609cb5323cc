"""OpenDocument tables, as LibreOffice writes them: all sheets in one part, with what they show."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zugabe_events.tables.archive import Archive, damage_refused
from zugabe_events.tables.cells import Cell, Fault, Number, error_cell, too_long
from zugabe_events.tables.emptiness import Emptiness
from zugabe_events.tables.errors import HostileError, TableError, encrypted
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.shared_strings import Collected
from zugabe_events.tables.sheet import Line, Merges, check_merges
from zugabe_events.tables.source import Source
from zugabe_events.tables.xml_stream import local, parsed, parser_of

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
MAX_LINES = 1_048_576
MAX_MANIFEST_BYTES = 1_000_000
OFFICE = "opendocument:xmlns:office"
KIND_OF_RESULT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"
CELLS = ("table-cell", "covered-table-cell")
ASIDE = ("annotation", "frame", "custom-shape", "table")
"""Elements in a cell whose texts are not its own."""


@dataclass(frozen=True, slots=True)
class OdsSheet:
    source: Source
    limits: Limits
    number: int
    name: str
    is_visible: bool
    _merges: MutableMapping[tuple[int, int], int] = field(default_factory=dict)

    def lines(self, width: int = 0) -> Iterator[Line]:
        rows = TableRows(self.number, self.limits, self._merges)
        parser = parser_of(rows.start, rows.end, rows.text)
        with (
            damage_refused(),
            Archive(self.source, self.limits.max_unpacked_bytes) as archive,
            archive.open(CONTENT) as stream,
        ):
            for _ in parsed(stream, parser):
                complete, rows.complete = rows.complete, []
                for first, repeated, cells in complete:
                    for number in range(first, first + repeated):
                        yield Line(number, cells)
                if rows.is_over:
                    return

    def merges(self) -> Merges:
        """Those of the lines that were read so far."""
        return self._merges


class TableRows:
    """Handlers of the parser for one sheet."""

    def __init__(
        self, number: int, limits: Limits, merges: MutableMapping[tuple[int, int], int]
    ) -> None:
        self.complete: list[tuple[int, int, list[Cell]]] = []
        self.is_over = False
        self._tables_left = number + 1
        self._limits = limits
        self._merges = merges
        self._collected = Collected(limits.max_cell_characters)
        self._line, self._repeated = 1, 1
        self._cells: list[Cell] = []
        self._column = 0
        self._attributes: Mapping[str, str] = {}
        self._paragraphs = self._aside = 0
        self._in_cell = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = local(name)
        if self._in_cell:
            self._start_in_cell(element, attributes)
        elif element == "table":
            self._tables_left -= 1
        elif self._tables_left != 0:
            return
        elif element == "table-row":
            self._repeated = count(attributes, "number-rows-repeated")
            self._cells, self._column = [], 0
        elif element in CELLS:
            self._in_cell = True
            self._attributes = attributes
            self._paragraphs = self._aside = 0
            self._collected.begin()

    def _start_in_cell(self, element: str, attributes: Mapping[str, str]) -> None:
        collected = self._collected
        if element in ASIDE:
            self._aside += 1
        if self._aside:
            return
        if element == "p":
            collected.is_open = True
            if self._paragraphs:
                collected.add("\n")
            self._paragraphs += 1
        elif element == "s":
            collected.add(" " * min(count(attributes, "c"), self._limits.max_cell_characters))
        elif element == "tab":
            collected.add("\t")
        elif element == "line-break":
            collected.add("\n")

    def end(self, name: str) -> None:
        element = local(name)
        if self._in_cell:
            if element in ASIDE:
                self._aside -= 1
            elif self._aside == 0 and element == "p":
                self._collected.is_open = False
            elif self._aside == 0 and element in CELLS:
                self._in_cell = False
                self._end_cell()
        elif self._tables_left != 0:
            return
        elif element == "table-row":
            if self._cells:
                self.complete.append((self._line, self._repeated, self._cells))
            self._line += self._repeated
            if self._line > 2 * MAX_LINES:
                raise HostileError("sie hat zu viele Zeilen")
        elif element == "table":
            self._tables_left, self.is_over = -1, True

    def text(self, text: str) -> None:
        if self._in_cell and not self._aside:
            self._collected.add(text)

    def _end_cell(self) -> None:
        repeated = count(self._attributes, "number-columns-repeated")
        cell = self._cell()
        if cell is not None and self._column < self._limits.max_columns:
            last = min(self._column + repeated, self._limits.max_columns)
            self._cells += [None] * (self._column - len(self._cells))
            self._cells += [cell] * (last - self._column)
            if (rows := count(self._attributes, "number-rows-spanned")) > 1:
                self._merges[self._line, self._column] = self._line + rows - 1
            check_merges(self._merges)
        self._column += repeated

    def _cell(self) -> Cell:
        """Raise ValueError."""
        if self._collected.is_too_long:
            return too_long(self._limits.max_cell_characters)
        shown = self._collected.text()
        values = {local(key): value for key, value in self._attributes.items() if OFFICE in key}
        if self._attributes.get(KIND_OF_RESULT) == "error" or shown.startswith("Err:"):
            return error_cell(shown)
        match values.get("value-type", ""):
            case "float" | "currency":
                return Number(float(values["value"]), seen=shown)
            case "percentage":
                return Number(float(values["value"]), "0%", seen=shown)
            case "date":
                return datetime.fromisoformat(values["date-value"]).replace(tzinfo=None)
            case "time":
                return Fault(f"Hier steht eine Uhrzeit ({shown[:20]}).")
            case "boolean":
                return values["boolean-value"] == "true"
            case "string":
                return shown
            case _:
                return shown or None


def count(attributes: Mapping[str, str], name: str) -> int:
    """A number of repetitions, at least one. Raise ValueError."""
    return max(1, next((int(value) for key, value in attributes.items() if local(key) == name), 1))


class TableNames:
    """Handlers of the parser for the names and styles of all sheets."""

    def __init__(self) -> None:
        self.emptiness = Emptiness()
        self.hidden: set[str] = set()
        self.tables: list[tuple[str, str]] = []
        self._style, self._depth = "", 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = local(name)
        if element == "table-row" or element in CELLS:
            self.emptiness.elements += 1
            return
        by_name = {local(key): value for key, value in attributes.items()}
        match element:
            case "style":
                self._style = by_name.get("name", "")
            case "table-properties" if by_name.get("display") == "false":
                self.hidden.add(self._style)
            case "table":
                self._depth += 1
                if self._depth == 1:
                    self.tables.append((by_name.get("name", ""), by_name.get("style-name", "")))

    def end(self, name: str) -> None:
        self._depth -= local(name) == "table"

    def text(self, text: str) -> None:
        self.emptiness.values += not text.isspace()


def ods_sheets(source: Source, limits: Limits) -> Sequence[OdsSheet]:
    """Raise TableError."""
    names = TableNames()
    with damage_refused(), Archive(source, limits.max_unpacked_bytes) as archive:
        if MANIFEST in archive:
            with archive.open(MANIFEST) as stream:
                if b"encryption-data" in stream.read(MAX_MANIFEST_BYTES):
                    raise encrypted()
        with archive.open(CONTENT) as stream:
            for _ in parsed(stream, parser_of(names.start, names.end, names.text)):
                names.emptiness.check()
    if not names.tables:
        raise TableError("Die Datei hat kein Tabellenblatt.")
    return [
        OdsSheet(source, limits, number, name, style not in names.hidden)
        for number, (name, style) in enumerate(names.tables)
    ]
