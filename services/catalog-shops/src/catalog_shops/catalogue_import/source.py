"""A catalogue file as a sequence of records, whatever its format."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from catalog_shops.catalogue_import.bmecat.reader import outline_of, records_of
from catalog_shops.catalogue_import.records import CatalogueArticle, Record, WrongRecord
from catalog_shops.catalogue_import.table_source import TableSource
from zugabe_events.contracts.catalog_shops import ImportFormat, ImportScope


class CatalogueSource(Protocol):
    """Opening it may take as long as reading the whole file once: call all of it in a thread."""

    @property
    def total(self) -> int | None:
        """The number of records up to the end or a damage, if it is known."""
        ...

    def records(self) -> Iterator[Record]:
        """Raises a RefusedError behind the last record before a damage."""
        ...

    def close(self) -> None: ...


class BmecatSource:
    def __init__(self, path: Path, scope: ImportScope) -> None:
        self._path = path
        self._scope = scope
        with path.open("rb") as file:
            self._outline = outline_of(file)

    @property
    def total(self) -> int | None:
        return self._outline.articles

    def records(self) -> Iterator[Record]:
        with self._path.open("rb") as file:
            for record in records_of(file, self._outline):
                yield prices_only(record) if self._scope == "prices" else record

    def close(self) -> None:
        self._outline.close()


def prices_only(record: Record) -> Record:
    """The part of an article with master data that an import of prices takes."""
    if isinstance(record, WrongRecord):
        return record
    line, number = record.line, record.number
    if record.action == "delist":
        return WrongRecord(line, number, "Ein Import von Preisen listet nichts aus.")
    if record.prices is None:
        return WrongRecord(line, number, next(iter(record.notices), "Der Preis fehlt."))
    bare = CatalogueArticle(line, number, "set-prices", prices=record.prices)
    return replace(bare, tax=record.tax)


def open_source(path: Path, format_: ImportFormat, scope: ImportScope) -> CatalogueSource:
    """Raises a RefusedError for a file that cannot be read at all."""
    if format_ == "bmecat":
        return BmecatSource(path, scope)
    return TableSource(path, scope)
