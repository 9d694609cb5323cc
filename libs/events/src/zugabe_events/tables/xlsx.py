"""Excel workbooks since 2007, Strict ones too, found through their relations."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from zugabe_events.tables.archive import Archive, damage_refused
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.number_format import BUILT_IN
from zugabe_events.tables.shared_strings import SharedStrings
from zugabe_events.tables.sheet import Line, Merges
from zugabe_events.tables.source import Source
from zugabe_events.tables.xlsx_sheet import CellReader, mentions_merges, merges_of, sheet_lines
from zugabe_events.tables.xml_stream import local, parse, parser_of

MAX_SHEETS = 1_000
MAX_STYLES = 100_000

type Relation = tuple[str, str]
"""The kind and the part it leads to."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    is_visible: bool
    part: str


class Workbook:
    """A workbook: its sheets, and what their cells refer to. Raise TableError."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        with damage_refused(), self.archive() as archive:
            main = main_part(archive)
            self._relations = relations(archive, main)
            self.from_1904, self.sheets = workbook_of(archive, main, self._relations)

    def archive(self) -> Archive:
        return Archive(self.source, self.limits.max_unpacked_bytes)

    @cached_property
    def reader(self) -> CellReader:
        strings = SharedStrings(self.limits.max_cell_characters)
        formats: Sequence[str] = ()
        with damage_refused(), self.archive() as archive:
            for kind, part in self._relations.values():
                if kind == "sharedStrings" and part in archive:
                    with archive.open(part) as stream:
                        strings.read(stream)
                elif kind == "styles" and part in archive:
                    with archive.open(part) as stream:
                        formats = formats_of(stream)
        return CellReader(strings, formats, self.from_1904, self.limits.max_cell_characters)


class XlsxSheet:
    def __init__(self, workbook: Workbook, part: SheetPart) -> None:
        self._workbook = workbook
        self._part = part
        self.name = part.name
        self.is_visible = part.is_visible

    def lines(self, width: int = 0) -> Iterator[Line]:
        reader = self._workbook.reader
        with (
            damage_refused(),
            self._workbook.archive() as archive,
            archive.open(self._part.part) as stream,
        ):
            yield from sheet_lines(stream, reader, self._workbook.limits.max_columns)

    def merges(self) -> Merges:
        return self._merges

    @cached_property
    def _merges(self) -> Merges:
        with damage_refused(), self._workbook.archive() as archive:
            with archive.open(self._part.part) as stream:
                if not mentions_merges(stream):
                    return {}
            with archive.open(self._part.part) as stream:
                return merges_of(stream)


def xlsx_sheets(source: Source, limits: Limits) -> Sequence[XlsxSheet]:
    workbook = Workbook(source, limits)
    return [XlsxSheet(workbook, part) for part in workbook.sheets]


def main_part(archive: Archive) -> str:
    kinds = relations(archive, "")
    return next(
        (part for kind, part in kinds.values() if kind == "officeDocument"), "xl/workbook.xml"
    )


def relations(archive: Archive, part: str) -> Mapping[str, Relation]:
    """Relations of a part by their ids; those of the whole archive for the part ''."""
    folder, name = posixpath.split(part)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, Relation] = {}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = (kind, posixpath.join("/", folder, target))

    if path in archive:
        with archive.open(path) as stream:
            parse(stream, parser_of(start))
    return found


def workbook_of(
    archive: Archive, main: str, related: Mapping[str, Relation]
) -> tuple[bool, Sequence[SheetPart]]:
    """Read the sheets that have cells; the first value is True if days count from 1904."""
    sheets: list[SheetPart] = []
    from_1904 = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal from_1904
        match local(name):
            case "workbookPr":
                from_1904 = attributes.get("date1904", "") in ("1", "true")
            case "sheet":
                by_name = {local(key): value for key, value in attributes.items()}
                kind, part = related.get(by_name.get("id", ""), ("", ""))
                if kind == "worksheet" and part in archive and len(sheets) < MAX_SHEETS:
                    is_visible = by_name.get("state", "visible") == "visible"
                    sheets.append(SheetPart(by_name.get("name", ""), is_visible, part))

    with archive.open(main) as stream:
        parse(stream, parser_of(start))
    if not sheets:
        raise TableError("Die Excel-Datei hat kein Tabellenblatt.")
    return from_1904, sheets


def formats_of(stream: IO[bytes]) -> Sequence[str]:
    """The number format of each style that a cell can have."""
    own: dict[int, str] = {}
    numbers: list[int] = []
    inside = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        match local(name):
            case "numFmt" if len(own) < MAX_STYLES:
                own[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "General")
            case "cellXfs":
                inside = True
            case "xf" if inside and len(numbers) < MAX_STYLES:
                numbers.append(int(attributes.get("numFmtId") or 0))

    def end(name: str) -> None:
        nonlocal inside
        if local(name) == "cellXfs":
            inside = False

    parse(stream, parser_of(start, end))
    return [own.get(number) or BUILT_IN.get(number, "General") for number in numbers]
