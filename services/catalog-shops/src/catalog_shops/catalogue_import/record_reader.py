"""Records of a file in batches, numbered, each article once; numbers of all of them are kept."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from catalog_shops.catalogue_import.reading import RecordStream
from catalog_shops.catalogue_import.records import CatalogueArticle, Record, WrongRecord
from catalog_shops.catalogue_import.scratch import scratch_database


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
    """Records behind the first `skipped` ones, which are done and count as seen."""

    def __init__(self, stream: RecordStream, skipped: int) -> None:
        self.seen = SeenNumbers()
        self._stream = stream
        self._skipped = skipped
        self._position = 0
        self._rest: Sequence[Numbered] = ()

    @property
    def damage(self) -> str:
        """The reason for the early end of the file, in German, or ""."""
        return self._stream.damage

    async def skip(self) -> None:
        """Pass over what is done. Raises ReaderEndedError."""
        while self._position < self._skipped and (batch := await self._next()):
            self._rest = [found for found in batch if found.position > self._skipped]

    async def next_batch(self) -> Sequence[Numbered]:
        """The next records; none at the end. Raises ReaderEndedError."""
        rest, self._rest = self._rest, ()
        return rest or await self._next()

    async def _next(self) -> Sequence[Numbered]:
        records = await self._stream.next_batch()
        first = self._position + 1
        self._position += len(records)
        return [
            Numbered(position, self._once(record)) for position, record in enumerate(records, first)
        ]

    def close(self) -> None:
        self.seen.close()

    def _once(self, record: Record) -> Record:
        if isinstance(record, WrongRecord):
            self.seen.note_wrong(record.number)
            return record
        line = self.seen.earlier_line(record)
        if line is None:
            return record
        reason = f"Dieser Artikel steht schon in Zeile {line}."
        return WrongRecord(record.line, record.number, reason)
