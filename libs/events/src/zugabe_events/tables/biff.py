"""Records of Excel 5 to 2003 (BIFF5 and BIFF8), and the texts and numbers in them."""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zugabe_events.tables.shared_strings import SharedStrings

BOF, EOF, CONTINUE = 0x0809, 0x0A, 0x3C
BIFF5, BIFF8 = 0x0500, 0x0600
WIDE, EXTENDED, RICH = 0x01, 0x04, 0x08


class Record(NamedTuple):
    kind: int
    start: int
    end: int


def following(stream: bytes, record: Record) -> Iterator[Record]:
    at = record.end
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4 + size
        yield Record(kind, at - size, min(at, len(stream)))


def records(stream: bytes, start: int) -> Iterator[Record]:
    """Records from a beginning to its end; what is nested, such as a chart, is left out."""
    depth = 0
    for record in following(stream, Record(0, 0, start)):
        depth += (record.kind == BOF) - (record.kind == EOF)
        if depth == 1:
            yield record
        if depth <= 0:
            return


class Strings(NamedTuple):
    """Texts as a version writes them: BIFF8 in Unicode, BIFF5 in the code page of the workbook."""

    version: int
    code_page: str

    def read(self, data: bytes, *, length_bytes: int = 2) -> str:
        """Raise ValueError for a text that goes beyond its record."""
        characters = int.from_bytes(data[:length_bytes], "little")
        if self.version != BIFF8:
            return exactly(data[length_bytes:], characters).decode(self.code_page, "replace")
        is_wide = data[length_bytes] & WIDE
        start = length_bytes + 1
        if data[length_bytes] & RICH:
            start += 2
        if data[length_bytes] & EXTENDED:
            start += 4
        return decoded(exactly(data[start:], characters << is_wide), is_wide)


def exactly(data: bytes, size: int) -> bytes:
    if len(data) < size:
        raise ValueError("a text that goes beyond its record")
    return data[:size]


def decoded(data: bytes, is_wide: int) -> str:
    return data.decode("utf-16-le" if is_wide else "latin-1", "replace")


class Cursor:
    """Reads on from record to record; a text that goes on in the next one has a new width there."""

    def __init__(self, stream: bytes, pieces: Sequence[Record]) -> None:
        self._stream = stream
        self._pieces = iter(pieces)
        self._at = self._end = 0
        self._go_on()

    def _go_on(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            raise EOFError
        self._at, self._end = piece.start, piece.end

    def number(self, size: int) -> int:
        data = b""
        while len(data) < size:
            if self._at == self._end:
                self._go_on()
            data += self._stream[self._at : self._at + 1]
            self._at += 1
        return int.from_bytes(data, "little")

    def skip(self, size: int) -> None:
        while size > self._end - self._at:
            size -= self._end - self._at
            self._go_on()
        self._at += size

    def text(self, characters: int, is_wide: int) -> str:
        pieces: list[str] = []
        while True:
            taken = min(characters, (self._end - self._at) >> is_wide)
            data = self._stream[self._at : self._at + (taken << is_wide)]
            pieces.append(decoded(data, is_wide))
            self._at += len(data)
            characters -= taken
            if not characters:
                return "".join(pieces)
            self._go_on()
            is_wide = self.number(1) & WIDE


def read_shared_strings(
    stream: bytes, pieces: Sequence[Record], strings: SharedStrings, max_characters: int
) -> None:
    cursor = Cursor(stream, pieces)
    cursor.skip(4)
    for _ in range(cursor.number(4)):
        try:
            characters, flags = cursor.number(2), cursor.number(1)
            runs = cursor.number(2) if flags & RICH else 0
            extended = cursor.number(4) if flags & EXTENDED else 0
            text = cursor.text(characters, flags & WIDE)
            strings.add(text, too_long=len(text) > max_characters)
            cursor.skip(runs * 4 + extended)
        except EOFError:
            return


def rk_number(packed: int) -> float:
    """A number in four bytes: thirty bits of an integer or of a double, perhaps in hundredths."""
    value: float
    if packed & 2:
        value = (packed >> 2) - (1 << 30 if packed >> 31 else 0)
    else:
        (value,) = struct.unpack("<d", struct.pack("<xxxxL", packed & 0xFFFFFFFC))
    return value / 100 if packed & 1 else value
