"""Streams of an OLE compound file, which is what Excel 97 to 2003 writes.

Chains of sectors are followed no further than the file is long, so none can go round in circles.
"""

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SMALL_SECTOR_BYTES = 64
ENTRY_BYTES = 128
LARGEST_SECTOR = 0xFFFFFFFA
STREAM, ROOT = 2, 5


class Entry(NamedTuple):
    start: int
    size: int


class CompoundFile:
    """Raise ValueError, LookupError and struct.error for what is damaged."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in (9, 12):
            raise ValueError(f"sectors of 2**{shift} bytes")
        self._sector_bytes = 1 << shift
        self._sectors = -(-len(content) // self._sector_bytes)
        header = struct.unpack_from("<7L", content, 48)
        directory, _, self._smallest_in_sectors, small_table, _, more_tables, _ = header
        self._table = self._allocation_table(more_tables)
        self._root = Entry(0, 0)
        self.streams = self._directory(self._joined(directory))
        self._small_table = table_of(self._joined(small_table))
        self._small = self._joined(self._root.start)[: self._root.size]

    def read(self, name: str) -> bytes:
        """Raise KeyError."""
        entry = self.streams[name]
        if entry.size >= self._smallest_in_sectors:
            return self._joined(entry.start)[: entry.size]
        chain = followed(entry.start, self._small_table, len(self._small_table))
        starts = (number * SMALL_SECTOR_BYTES for number in chain)
        pieces = [self._small[at : at + SMALL_SECTOR_BYTES] for at in starts]
        return b"".join(pieces)[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._sector_bytes
        return self._content[start : start + self._sector_bytes]

    def _joined(self, start: int) -> bytes:
        chain = followed(start, self._table, self._sectors)
        return b"".join(map(self._sector, chain))

    def _allocation_table(self, more: int) -> Sequence[int]:
        """The sector that follows each one. `more` is the first sector that names parts of it."""
        parts = list(struct.unpack_from("<109L", self._content, 76))
        needed = -(-self._sectors * 4 // self._sector_bytes)
        while more < LARGEST_SECTOR and len(parts) < needed:
            *named, more = table_of(self._sector(more))
            parts += named
        numbers = [number for number in parts if number < self._sectors][:needed]
        return table_of(b"".join(map(self._sector, numbers)))

    def _directory(self, entries: bytes) -> Mapping[str, Entry]:
        streams: dict[str, Entry] = {}
        for at in range(0, len(entries) - ENTRY_BYTES + 1, ENTRY_BYTES):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<LL", entries, at + 116)
            if kind == ROOT:
                self._root = Entry(start, size)
            elif kind == STREAM:
                name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                streams.setdefault(name.casefold(), Entry(start, size))
        return streams


def table_of(content: bytes) -> Sequence[int]:
    return array("I", content[: len(content) // 4 * 4])


def followed(start: int, table: Sequence[int], most: int) -> Iterator[int]:
    """Raise ValueError for a chain that is longer than the file, or leads nowhere."""
    number = start
    for _ in range(most + 1):
        if number >= LARGEST_SECTOR:
            return
        yield number
        number = table[number]
    raise ValueError("a chain of sectors without end")
