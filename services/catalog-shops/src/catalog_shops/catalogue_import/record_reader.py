"""Records of a file in batches, numbered, each article once; numbers of all of them are kept."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from catalog_shops.catalogue_import.records import CatalogueArticle, Record, WrongRecord
from catalog_shops.catalogue_import.scratch import scratch_database
from catalog_shops.catalogue_import.source import CatalogueSource
from zugabe_events.domain.errors import RefusedError


class Numbered(NamedTuple):
    """A record and its number in the file, from 1."""

    position: int
    record: Record


class SeenNumbers:
    """Article numbers of a file, on disk: memory does not grow with them."""

    def __init__(self) -> None:
        self._disk: sqlite3.Connection = scratch_database(
            "CREATE TABLE seen (number TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID"
        )

    def earlier_line(self, record: CatalogueArticle) -> int | None:
        """The line of an earlier article of the same number; without one, this is it."""
        number = record.number
        added = self._disk.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET line = excluded.line"
            " WHERE seen.line IS NULL",
            (number, record.line),
        )
        if added.rowcount:
            return None
        [line] = self._disk.execute("SELECT line FROM seen WHERE number = ?", (number,)).fetchone()
        return int(line)

    def note_wrong(self, number: str) -> None:
        """An article that is wrong is in the file all the same; a right one may follow."""
        self._disk.execute("INSERT OR IGNORE INTO seen VALUES (?, NULL)", (number,))

    def __contains__(self, number: object) -> bool:
        found = self._disk.execute("SELECT 1 FROM seen WHERE number = ?", (number,))
        return found.fetchone() is not None

    def close(self) -> None:
        self._disk.close()


class RecordReader:
    """Reads on in whatever thread it is called, one at a time. `damage` ended it early."""

    def __init__(self, source: CatalogueSource, skipped: int) -> None:
        self.seen = SeenNumbers()
        self.damage: RefusedError | None = None
        self._records = self._numbered(source)
        self._skipped = skipped

    def skip(self) -> None:
        """Pass over the records that are done, which count as seen."""
        for _ in islice(self._records, self._skipped):
            pass

    def next_batch(self, size: int) -> list[Numbered]:
        """Up to `size` records; none at the end."""
        return list(islice(self._records, size))

    def close(self) -> None:
        self.seen.close()

    def _numbered(self, source: CatalogueSource) -> Iterator[Numbered]:
        try:
            for position, record in enumerate(source.records(), 1):
                yield Numbered(position, self._once(record))
        except RefusedError as damage:
            self.damage = damage

    def _once(self, record: Record) -> Record:
        if isinstance(record, WrongRecord):
            self.seen.note_wrong(record.number)
            return record
        line = self.seen.earlier_line(record)
        if line is None:
            return record
        reason = f"Dieser Artikel steht schon in Zeile {line}."
        return WrongRecord(record.line, record.number, reason)
