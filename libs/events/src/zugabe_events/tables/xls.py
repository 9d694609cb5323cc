"""Workbooks of Excel 5 to 2003, read from their records; nothing in them is evaluated."""

import codecs
import struct
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from zugabe_events.tables.archive import damage_refused
from zugabe_events.tables.biff import (
    BIFF5,
    BIFF8,
    BOF,
    CONTINUE,
    Record,
    Strings,
    following,
    read_shared_strings,
    records,
)
from zugabe_events.tables.cells import Cell
from zugabe_events.tables.compound_file import SIGNATURE, CompoundFile
from zugabe_events.tables.content import not_a_table
from zugabe_events.tables.emptiness import Emptiness
from zugabe_events.tables.errors import TableError, encrypted, megabytes
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.number_format import BUILT_IN
from zugabe_events.tables.shared_strings import SharedStrings
from zugabe_events.tables.sheet import Line, Merges, check_merges
from zugabe_events.tables.source import Source
from zugabe_events.tables.xls_cells import KINDS, XlsCells

MAX_XLS_BYTES = 50_000_000

CODE_PAGE, DATE_MODE, FILE_PASS, SHEET, FORMAT, XF = 0x42, 0x22, 0x2F, 0x85, 0x41E, 0xE0
SHARED_STRINGS, MERGED = 0xFC, 0xE5
WITH_CELLS = 0
"""Sheets of other kinds are charts, macros and programs."""

OTHER_DOCUMENTS = {
    "worddocument": "ein Textdokument (Word)",
    "powerpoint document": "eine Präsentation (PowerPoint)",
    "__properties_version1.0": "eine E-Mail (Outlook)",
}


class SheetPart(NamedTuple):
    name: str
    is_visible: bool
    start: int


class XlsSheet:
    """Cells in the order of their lines, whatever the order of their records."""

    def __init__(self, cells: XlsCells, part: SheetPart, max_columns: int) -> None:
        self._cells = cells
        self._part = part
        self._max_columns = max_columns
        self.name = part.name
        self.is_visible = part.is_visible

    def lines(self, width: int = 0) -> Iterator[Line]:
        emptiness = Emptiness()
        with damage_refused():
            for row, places in groupby(self._places, key=lambda place: place >> 32):
                cells: list[Cell] = []
                for place in places:
                    emptiness.elements += 1
                    emptiness.values += self._add(cells, place & 0xFFFFFFFF)
                emptiness.check()
                if cells:
                    yield Line(row + 1, cells)

    def merges(self) -> Merges:
        return self._scanned[1]

    @property
    def _places(self) -> Sequence[int]:
        return self._scanned[0]

    def _add(self, cells: list[Cell], start: int) -> bool:
        """True if a cell has a value."""
        has_value = False
        record = next(following(self._cells.stream, Record(0, 0, start)))
        for column, cell in self._cells.of(record):
            if column < self._max_columns:
                cells += [None] * (column + 1 - len(cells))
                cells[column] = cell
                has_value = has_value or cell not in (None, "")
        return has_value

    @cached_property
    def _scanned(self) -> tuple[Sequence[int], Merges]:
        """Line and start of each record with cells, in one number; and merged cells."""
        places, merges = array("Q"), dict[tuple[int, int], int]()
        is_sorted, last = True, 0
        stream = self._cells.stream
        with damage_refused():
            for record in records(stream, self._part.start):
                if record.kind in KINDS:
                    (row,) = struct.unpack_from("<H", stream, record.start)
                    is_sorted, last = is_sorted and row >= last, row
                    places.append(row << 32 | record.start - 4)
                elif record.kind == MERGED:
                    add_merges(merges, stream[record.start : record.end])
        return places if is_sorted else array("Q", sorted(places)), merges


def add_merges(merges: dict[tuple[int, int], int], data: bytes) -> None:
    ranges = data[2 : len(data) - (len(data) - 2) % 8]
    for first, last, column, _ in struct.iter_unpack("<4H", ranges):
        if last > first:
            merges[first + 1, column] = last + 1
    check_merges(merges)


def xls_sheets(source: Source, limits: Limits) -> Sequence[XlsSheet]:
    """Raise TableError."""
    if source.size > MAX_XLS_BYTES:
        raise TableError(
            f"Eine XLS-Datei darf höchstens {megabytes(MAX_XLS_BYTES)} groß sein. Bitte als "
            "XLSX oder CSV speichern.",
            code="table-too-large",
        )
    with damage_refused():
        stream = workbook_stream(source.head(MAX_XLS_BYTES))
        cells, parts = workbook_of(stream, limits.max_cell_characters)
    if not parts:
        raise TableError("Die Excel-Datei hat kein Tabellenblatt.")
    return [XlsSheet(cells, part, limits.max_columns) for part in parts]


def workbook_stream(content: bytes) -> bytes:
    """The records; some programs write them without a compound file around."""
    if not content.startswith(SIGNATURE):
        return content
    file = CompoundFile(content)
    if "encryptedpackage" in file.streams:
        raise encrypted()
    for name, what in OTHER_DOCUMENTS.items():
        if name in file.streams:
            raise not_a_table(what)
    return file.read("workbook" if "workbook" in file.streams else "book")


def workbook_of(stream: bytes, max_characters: int) -> tuple[XlsCells, Sequence[SheetPart]]:
    """Read what stands before the first sheet."""
    version = version_of(stream)
    strings, from_1904 = Strings(version, "cp1252"), False
    own: dict[int, str] = {}
    styles, parts, shared = array("H"), list[SheetPart](), list[Record]()
    for record in records(stream, 0):
        data = stream[record.start : record.end]
        kind = record.kind
        if kind == CODE_PAGE:
            strings = Strings(version, code_page_of(data))
        elif kind == DATE_MODE:
            from_1904 = data[0] == 1
        elif kind == FILE_PASS:
            raise encrypted()
        elif kind == SHEET and data[5] == WITH_CELLS:
            name = strings.read(data[6:], length_bytes=1)
            parts.append(SheetPart(name, data[4] & 3 == 0, struct.unpack_from("<L", data)[0]))
        elif kind == FORMAT:
            (number,) = struct.unpack_from("<H", data)
            own[number] = strings.read(data[2:], length_bytes=2 if version == BIFF8 else 1)
        elif kind == XF:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == SHARED_STRINGS or (
            kind == CONTINUE and shared and shared[-1].end == record.start - 4
        ):
            shared.append(record)
    texts = SharedStrings(max_characters)
    if shared:
        read_shared_strings(stream, shared, texts, max_characters)
    formats = [own.get(number) or BUILT_IN.get(number, "General") for number in styles]
    return XlsCells(stream, strings, texts, formats, from_1904, max_characters), parts


def version_of(stream: bytes) -> int:
    kind, _, version = struct.unpack_from("<HHH", stream)
    if kind != BOF or version not in (BIFF5, BIFF8):
        raise TableError(
            "Die Datei stammt aus einem Excel vor 1995. Bitte als XLSX oder CSV speichern."
        )
    return int(version)


def code_page_of(data: bytes) -> str:
    (number,) = struct.unpack_from("<H", data)
    name = {10_000: "mac_roman", 32_768: "mac_roman", 1_200: "cp1252"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
