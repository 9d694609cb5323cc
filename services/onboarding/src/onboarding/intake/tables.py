"""A table that somebody uploads, as rows of text: CSV or XLSX, small, and nothing is executed."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from onboarding.intake.workbook import UnreadableWorkbookError, sheet_rows
from zugabe_events.domain.errors import InvalidError

MAX_TABLE_BYTES = 5_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 50
MARKS = (";", ",", "\t")

type Line = tuple[int, Sequence[str]]
"""The line in the file, and its cells."""


class TableError(InvalidError):
    """The file as a whole is not what it should be."""

    code = "table-unreadable"


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where people find it; `cells` are by title, trimmed, as they were written."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowError:
    """A mistake in a row, in German."""

    line: int
    column: str
    reason: str


def read_table(content: bytes, titles: Sequence[str]) -> Sequence[Row]:
    """The rows below a head that has these titles, however written; other columns are left out.

    Raises TableError.
    """
    if len(content) > MAX_TABLE_BYTES:
        raise TableError("Die Datei ist größer als 5 MB.", code="table-too-large")
    lines = workbook_lines(content) if content.startswith(b"PK") else csv_lines(content)
    head = next(lines, None)
    if head is None:
        raise TableError("Die Datei ist leer.", code="table-empty")
    places = places_of(titles, head[1])
    rows: list[Row] = []
    for line, cells in lines:
        found = {title: cells[at] if at < len(cells) else "" for title, at in places.items()}
        if any(found.values()):
            rows.append(Row(line, found))
        if len(rows) > MAX_ROWS:
            raise TableError(f"Die Datei hat mehr als {MAX_ROWS} Zeilen.", code="table-too-long")
    return rows


def places_of(titles: Sequence[str], head: Sequence[str]) -> Mapping[str, int]:
    written = [cell.casefold() for cell in head]
    missing = [title for title in titles if title.casefold() not in written]
    if missing:
        raise TableError(
            f"Es fehlt die Spalte {quoted(missing)}."
            if len(missing) == 1
            else f"Es fehlen die Spalten {quoted(missing)}.",
            code="columns-missing",
        )
    twice = [title for title in titles if written.count(title.casefold()) > 1]
    if twice:
        raise TableError(
            f"Die Spalte {quoted(twice)} gibt es mehrfach."
            if len(twice) == 1
            else f"Diese Spalten gibt es mehrfach: {quoted(twice)}.",
            code="columns-twice",
        )
    return {title: written.index(title.casefold()) for title in titles}


def quoted(titles: Sequence[str]) -> str:
    return ", ".join(f"„{title}“" for title in titles)


def csv_lines(content: bytes) -> Iterator[Line]:
    text = decoded(content)
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(MARKS, key=head.count), strict=True
    )
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells[:MAX_COLUMNS]]
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"Zeile {line} ist nicht lesbar.") from error


def decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, or what Excel writes in Germany."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError("Die Datei ist weder CSV (UTF-8, Windows-1252) noch XLSX.")


def workbook_lines(content: bytes) -> Iterator[Line]:
    try:
        for line, cells in sheet_rows(content, MAX_COLUMNS):
            yield line, [cell.strip() for cell in cells]
    except UnreadableWorkbookError as error:
        raise TableError("Die Datei ist keine lesbare Excel-Datei (XLSX).") from error
