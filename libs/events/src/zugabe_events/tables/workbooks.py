"""The sheets of a file, by its format."""

from collections.abc import Sequence

from zugabe_events.tables.content import Format, format_of
from zugabe_events.tables.csv import csv_sheets
from zugabe_events.tables.errors import TableError, quoted
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.ods import ods_sheets
from zugabe_events.tables.sheet import Sheet
from zugabe_events.tables.source import Source
from zugabe_events.tables.xls import xls_sheets
from zugabe_events.tables.xlsx import xlsx_sheets


def sheets_of(source: Source, limits: Limits) -> tuple[Format, Sequence[Sheet]]:
    """Raise TableError."""
    limits.check_size(source.size)
    match format_of(source, limits):
        case "csv":
            return "csv", csv_sheets(source, limits)
        case "xlsx":
            return "xlsx", xlsx_sheets(source, limits)
        case "xls":
            return "xls", xls_sheets(source, limits)
        case "ods":
            return "ods", ods_sheets(source, limits)


def chosen(sheets: Sequence[Sheet], name: str | None) -> Sequence[Sheet]:
    """The visible sheets, or the one of this name; a text has no names. Raise TableError."""
    if name is None or all(sheet.name is None for sheet in sheets):
        visible = [sheet for sheet in sheets if sheet.is_visible]
        if not visible:
            raise TableError("Die Datei hat kein sichtbares Tabellenblatt.")
        return visible
    named = [sheet for sheet in sheets if (sheet.name or "").casefold() == name.casefold()]
    if not named:
        there = [sheet.name for sheet in sheets if sheet.name and sheet.is_visible]
        raise TableError(
            f"Ein Tabellenblatt {quoted([name])} gibt es nicht."
            + (f" Vorhanden: {quoted(there[:20])}." if there else ""),
            code="sheet-unknown",
        )
    return named
