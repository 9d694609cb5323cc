"""The parts of a workbook that is a ZIP archive. Bombs are refused before anything is unpacked."""

import posixpath
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, BinaryIO, Self
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.zip_directory import MAX_END_BYTES, zip_directory
from zugabe_events.tables.errors import HostileError, TableError, encrypted, megabytes
from zugabe_events.tables.source import Source

MAX_PARTS = 2_000
MAX_DIRECTORY_BYTES = 500_000

ENCRYPTED = 0x1

DAMAGE = (
    BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    LookupError,
    ValueError,
    ArithmeticError,
)
"""Errors that damage can cause in whatever reads an archive and its XML."""


@contextmanager
def damage_refused() -> Iterator[None]:
    """Raise TableError for what is damaged."""
    try:
        yield
    except DAMAGE as error:
        raise TableError(
            "Die Datei ist beschädigt. Bitte in Excel öffnen und noch einmal speichern."
        ) from error


class Archive:
    """Parts by name, whatever the case and the slashes of the writer."""

    def __init__(self, source: Source, max_unpacked_bytes: int) -> None:
        self._file = source.open()
        try:
            check_directory(self._file, source.size)
            self._zip = ZipFile(self._file)
            self._entries = entries_of(self._zip, max_unpacked_bytes)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()

    def __contains__(self, part: str) -> bool:
        return normal(part) in self._entries

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(self._entries)

    def open(self, part: str) -> IO[bytes]:
        """Raise KeyError, HostileError. No more is read than the directory declares."""
        entry = self._entries[normal(part)]
        if entry.flag_bits & ENCRYPTED:
            raise encrypted()
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise HostileError("sie ist auf unübliche Weise gepackt")
        return self._zip.open(entry)


def entries_of(archive: ZipFile, max_unpacked_bytes: int) -> Mapping[str, ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MAX_PARTS:
        raise HostileError(f"sie besteht aus mehr als {thousands(MAX_PARTS)} Teilen")
    if sum(entry.file_size for entry in entries) > max_unpacked_bytes:
        raise TableError(
            f"Die Datei ist entpackt größer als {megabytes(max_unpacked_bytes)}.",
            code="table-too-large",
        )
    return {normal(entry.filename): entry for entry in entries}


def normal(part: str) -> str:
    return posixpath.normpath(part.replace("\\", "/").lstrip("/")).casefold()


def check_directory(file: BinaryIO, size: int) -> None:
    """Refuse a directory that is too large to be read, by the end records of the archive."""
    file.seek(max(0, size - MAX_END_BYTES))
    directory = zip_directory(file.read(), size)
    if directory is None:
        raise BadZipFile("no end")
    if directory.size > MAX_DIRECTORY_BYTES:
        raise HostileError("sie besteht aus zu vielen Teilen")
