"""The report of an import or a dry run: one answer for the whole file."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from zugabe_events.domain.validation_messages import validation_errors
from zugabe_events.tables.reader import ReadTable
from zugabe_events.tables.table import Row, RowError

FIRST_ROWS = 5
"""Rows that a dry run shows as they were read."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Rows that are `wrong` are left out; the others are new, changed, or were there already.

    `sheet` is the one that was read, if the file has any; `first_rows` are those of a dry run.
    """

    dry_run: bool
    rows: int
    new: int
    changed: int
    unchanged: int
    wrong: tuple[RowError, ...]
    sheet: str | None = None
    first_rows: tuple[Row, ...] = ()


def report_of(
    table: ReadTable,
    *,
    dry_run: bool,
    new: int,
    changed: int = 0,
    unchanged: int,
    wrong: Iterable[RowError],
) -> ImportReport:
    return ImportReport(
        dry_run,
        len(table.rows),
        new,
        changed,
        unchanged,
        tuple(sorted(wrong, key=lambda error: error.line)),
        table.sheet,
        tuple(table.rows[:FIRST_ROWS]) if dry_run else (),
    )


@dataclass(slots=True)
class RowReader:
    """A row while it is read; it collects all its mistakes, not only the first."""

    row: Row
    wrong: list[RowError] = field(init=False)

    def __post_init__(self) -> None:
        self.wrong = list(self.row.wrong)

    def cell[Value](self, title: str, kind: TypeAdapter[Value]) -> Value | None:
        """None for a cell that is wrong or empty, which is a mistake as well."""
        if not self.row.cells.get(title, "") and not self._is_wrong(title):
            self.reject(title, "Diese Angabe fehlt.")
        return self.optional(title, kind)

    def optional[Value](self, title: str, kind: TypeAdapter[Value]) -> Value | None:
        """None for a cell that is wrong, empty or not there."""
        text = self.row.cells.get(title, "")
        if not text:
            return None
        try:
            return kind.validate_python(text)
        except ValidationError as error:
            self.reject(title, validation_errors(error.errors())[0]["detail"])
            return None

    def reject(self, title: str, reason: str) -> None:
        self.wrong.append(RowError(self.row.line, title, reason))

    def _is_wrong(self, title: str) -> bool:
        return any(error.column in ("", title) for error in self.row.wrong)
