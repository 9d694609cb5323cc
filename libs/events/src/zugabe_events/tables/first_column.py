"""The first column of a table that needs no header: lists of numbers as people keep them."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import islice
from pathlib import Path

from zugabe_events.tables.errors import TableError
from zugabe_events.tables.header import MAX_ROWS_SEARCHED, Header, normal
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.sheet import Line, Sheet, filled_down
from zugabe_events.tables.source import Source
from zugabe_events.tables.table import DEFAULT_LIMITS, Table
from zugabe_events.tables.workbooks import chosen, sheets_of


def open_first_column(
    content: bytes | Path,
    title: str,
    headings: Collection[str] = (),
    *,
    sheet: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """The texts of the first column, as cells under `title`; what other columns say is not read.

    `headings` are titles that the column may have, as letters in lower case. Rows count from below
    the last such heading among the first rows, or from the top. The sheet is the first visible one
    that has a value there, or the one of that name. Reading takes time: call it in a thread. Raise
    TableError.
    """
    source = Source(content)
    file_format, sheets = sheets_of(source, limits)
    candidates = chosen(sheets, sheet)
    if file_format == "csv":
        candidates = [by_delimiter(candidates)]
    for candidate in candidates:
        if any(map(has_first, candidate.lines())):
            header = Header(heading_line(candidate, headings), {title: 0}, 0)
            return Table(file_format, candidate.name, (title,), candidate, header, {}, limits)
    if any(line for candidate in candidates for line in islice(candidate.lines(), 1)):
        raise TableError("In der ersten Spalte steht nichts.", code="table-without-values")
    raise TableError("Die Datei ist leer.", code="table-empty")


def has_first(line: Line) -> bool:
    """A broken line counts: it is named as a wrong row."""
    first = line.cells[0] if line.cells else None
    has_value = bool(normal(first)) if isinstance(first, str) else first is not None
    return bool(line.broken) or has_value


def heading_line(sheet: Sheet, headings: Collection[str]) -> int:
    """The last of the first rows that has a heading, or 0."""
    lines = islice(filled_down(sheet.lines(), sheet.merges()), MAX_ROWS_SEARCHED)
    return max((line.number for line in lines if is_heading(line, headings)), default=0)


def is_heading(line: Line, headings: Collection[str]) -> bool:
    if not line.cells:
        return False
    return "".join(filter(str.isalpha, normal(line.cells[0]))) in headings


def by_delimiter(readings: Sequence[Sheet]) -> Sheet:
    """The reading of a text in which most of its first rows have equally many cells."""

    def rows_alike(reading: Sheet) -> int:
        lines = islice(reading.lines(), MAX_ROWS_SEARCHED)
        widths = Counter(len(line.cells) for line in lines if len(line.cells) > 1)
        return max(widths.values(), default=0)

    return max(readings, key=rows_alike)
