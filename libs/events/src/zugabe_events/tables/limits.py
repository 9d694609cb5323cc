"""Limits on what is read of a file; whoever imports more says so."""

from dataclasses import dataclass

from zugabe_events.domain.german_numbers import thousands
from zugabe_events.tables.errors import TableError, megabytes


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a file. Values count, not formats; a longer cell is a wrong cell.

    `max_characters` bounds what all cells of all rows hold together, `max_unpacked_bytes` the parts
    of a workbook.
    """

    max_bytes: int = 5_000_000
    max_rows: int = 5_000
    max_columns: int = 250
    max_cell_characters: int = 10_000
    max_characters: int = 20_000_000
    max_unpacked_bytes: int = 50_000_000

    def check_size(self, size: int) -> None:
        """Raise TableError."""
        if size > self.max_bytes:
            raise TableError(
                f"Die Datei ist größer als {megabytes(self.max_bytes)}.", code="table-too-large"
            )

    def check_rows(self, rows: int) -> None:
        """Raise TableError."""
        if rows > self.max_rows:
            raise TableError(
                f"Die Datei hat mehr als {thousands(self.max_rows)} Zeilen.", code="table-too-long"
            )

    def check_characters(self, characters: int) -> None:
        """Raise TableError."""
        if characters > self.max_characters:
            raise TableError(
                f"Die Zellen haben zusammen mehr als {thousands(self.max_characters)} Zeichen.",
                code="table-too-long",
            )
