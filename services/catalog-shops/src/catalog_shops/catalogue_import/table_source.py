"""Tables with articles: CSV and Excel, read row by row."""

from collections.abc import Iterator
from pathlib import Path

from catalog_shops.catalogue_import.columns import KINDS, REQUIRED, optional_titles
from catalog_shops.catalogue_import.records import Record
from catalog_shops.catalogue_import.table_row import RowRecord
from zugabe_events.contracts.catalog_shops import ImportScope
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.table import Table, open_table

LIMITS = Limits(
    max_bytes=500_000_000,
    max_rows=1_050_000,
    max_cell_characters=20_000,
    max_characters=1_000_000_000,
    max_unpacked_bytes=400_000_000,
)


def table_of(path: Path, scope: ImportScope) -> Table:
    """Raises TableError."""
    optional = optional_titles(scope)
    return open_table(path, REQUIRED[scope], optional=optional, kinds=KINDS, limits=LIMITS)


class TableSource:
    """The number of rows is unknown before they are read."""

    total: int | None = None

    def __init__(self, path: Path, scope: ImportScope) -> None:
        self._scope = scope
        self._table = table_of(path, scope)

    def records(self) -> Iterator[Record]:
        for row in self._table:
            yield RowRecord(row, self._scope).record()

    def close(self) -> None:
        """Nothing stays open."""
