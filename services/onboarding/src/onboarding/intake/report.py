"""The report of an import or a dry run: one answer for the whole file."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from onboarding.intake.tables import Row, RowError
from zugabe_events.domain.validation_messages import validation_errors


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Rows that are `wrong` are left out; the others are new, changed, or were there already."""

    dry_run: bool
    rows: int
    new: int
    changed: int
    unchanged: int
    wrong: tuple[RowError, ...]


@dataclass(slots=True)
class RowReader:
    """A row while it is read; it collects all its mistakes, not only the first."""

    row: Row
    wrong: list[RowError] = field(default_factory=list)

    def cell[Value](self, title: str, kind: TypeAdapter[Value]) -> Value | None:
        text = self.row.cells[title]
        if not text:
            self.reject(title, "Diese Angabe fehlt.")
            return None
        try:
            return kind.validate_python(text)
        except ValidationError as error:
            self.reject(title, validation_errors(error.errors())[0]["detail"])
            return None

    def reject(self, title: str, reason: str) -> None:
        self.wrong.append(RowError(self.row.line, title, reason))
