"""CSV for German spreadsheets: UTF-8 with byte order mark, semicolons, decimal commas."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO

from zugabe_events.domain.formula_text import protected
from zugabe_events.export.table import (
    AnyTable,
    Cell,
    Unit,
    clock_time,
    columns_of,
    with_decimals,
    with_offset,
    yes_or_no,
)

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class CsvWriter[View]:
    """Days are 2026-12-31, instants 2026-12-31 14:05:09. Every cell is quoted."""

    def __init__(self, table: AnyTable[View]) -> None:
        columns = columns_of(table)
        self._columns = [(column.cell, column.unit) for column in columns]
        self._text = StringIO(newline="")
        self._csv = csv.writer(self._text, delimiter=";", quoting=csv.QUOTE_ALL)
        self._text.write(BYTE_ORDER_MARK)
        self._csv.writerow([column.title for column in columns])

    def rows(self, views: Sequence[View]) -> bytes:
        columns = self._columns
        self._csv.writerows(
            [formatted(cell(view), unit) for cell, unit in columns] for view in views
        )
        return self._take()

    def end(self) -> bytes:
        return self._take()

    def _take(self) -> bytes:
        """The bytes written so far; lone surrogates are replaced."""
        text = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return text.encode("utf-8", "replace")


def formatted(cell: Cell, unit: Unit) -> str:
    match cell:
        case None:
            return ""
        case str():
            return protected(cell)
        case bool():
            return yes_or_no(cell)
        case int():
            return with_decimals(cell, ",") if unit == "hundredths" else str(cell)
        case datetime():
            return with_offset(cell) if unit == "plain" else str(clock_time(cell, unit))
        case date():
            return cell.isoformat()
