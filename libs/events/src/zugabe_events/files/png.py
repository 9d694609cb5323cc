"""PNG, chunk by chunk to the first end. Texts and times are left out, and of Exif stays only how
the picture is turned."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zugabe_events.files.exif import UPRIGHT, orientation_of, shown_size, turned
from zugabe_events.files.picture import MAX_PARTS, Picture, check_size
from zugabe_events.files.refusals import another_type, too_much

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEAD = struct.Struct(">IIBBBBB")

ANY_LENGTH = 2**31 - 1
KEPT: Mapping[bytes, int] = {
    b"IDAT": ANY_LENGTH,
    b"IEND": 0,
    b"IHDR": HEAD.size,
    b"PLTE": 768,
    b"acTL": 8,
    b"bKGD": 6,
    b"cHRM": 32,
    b"cICP": 4,
    b"fcTL": 26,
    b"fdAT": ANY_LENGTH,
    b"gAMA": 4,
    b"iCCP": ANY_LENGTH,
    b"pHYs": 9,
    b"sBIT": 4,
    b"sRGB": 1,
    b"tRNS": 256,
}
"""Chunks that change how the picture looks, with the most bytes that they have."""

DEPTHS: Mapping[int, tuple[int, ...]] = {
    0: (1, 2, 4, 8, 16),
    2: (8, 16),
    3: (1, 2, 4, 8),
    4: (8, 16),
    6: (8, 16),
}
"""Bit depths by colour type."""

MAX_PROFILE_BYTES = 4_000_000
"""A colour profile is compressed, and unpacked whole by whoever shows the picture."""

SAMPLES: Mapping[int, int] = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type."""

PIECE_BYTES = 1_000_000
FED_BYTES = 16_384
"""Its rest is copied for every piece that it unpacks to."""


@dataclass(frozen=True, slots=True)
class Chunk:
    kind: bytes
    data: bytes
    whole: bytes
    end: int


def read_png(content: bytes) -> Picture:
    """Raises FileRefusedError."""
    if not content.startswith(SIGNATURE):
        raise another_type()
    kept = [SIGNATURE]
    kinds: list[bytes] = []
    width = height = frames = end = 0
    orientation = UPRIGHT
    for chunk in chunks_of(content):
        end = chunk.end
        if chunk.kind == b"eXIf" and orientation == UPRIGHT and kinds:
            orientation = orientation_of(chunk.data)
            kept.append(exif(turned(orientation)))
        if chunk.kind not in KEPT or (chunk.kind == b"iCCP" and not is_profile(chunk.data)):
            continue
        if chunk.kind == b"IHDR":
            width, height = size_of(chunk.data)
        frames += chunk.kind == b"fcTL"
        check_size(width, height, max(frames, 1))
        kept.append(chunk.whole)
        if not kinds or kinds[-1] != chunk.kind:
            kinds.append(chunk.kind)
        if chunk.kind == b"IHDR":
            pixels = Pixels(chunk.data)
        elif chunk.kind == b"IDAT" and kinds[0] == b"IHDR":
            pixels.unpack(chunk.data)
    if kinds[0] != b"IHDR" or kinds.count(b"IHDR") != 1 or kinds.count(b"IDAT") != 1:
        raise another_type()  # also when other chunks interrupt the pixels
    return Picture(b"".join(kept), end, *shown_size(width, height, orientation))


def chunks_of(content: bytes) -> Iterator[Chunk]:
    """Chunks up to the first end. Critical ones, which no reader may skip, have to be in KEPT and
    whole."""
    at = len(SIGNATURE)
    for _ in range(MAX_PARTS):
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content) or not (kind.isalpha() and kind.isascii()):
            raise another_type()
        if kind in KEPT:
            whole = zlib.crc32(content[at + 4 : end - 4]) == int.from_bytes(content[end - 4 : end])
            if not whole or length > KEPT[kind]:
                raise another_type()
        elif kind[:1].isupper():
            raise another_type()
        yield Chunk(kind, content[at + 8 : end - 4], content[at:end], end)
        if kind == b"IEND":
            return
        at = end
    raise too_much()


def exif(tiff: bytes) -> bytes:
    kind = b"eXIf" + tiff
    return len(tiff).to_bytes(4) + kind + zlib.crc32(kind).to_bytes(4) if tiff else b""


def size_of(head: bytes) -> tuple[int, int]:
    if len(head) != HEAD.size:
        raise another_type()
    width, height, depth, colour, compression, filtering, interlace = HEAD.unpack(head)
    if depth not in DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
        raise another_type()
    return width, height


class Pixels:
    """Unpacks the pixels of a picture, and refuses far more of them than its size says.

    What is damaged or missing is left to whoever shows it.
    """

    def __init__(self, head: bytes) -> None:
        width, height, depth, colour, *_ = HEAD.unpack(head)
        row = 1 + -(-width * depth * SAMPLES[colour] // 8)
        self._left = (row + 8) * height + PIECE_BYTES  # interlaced ones have more, shorter rows
        self._unpacking = zlib.decompressobj()

    def unpack(self, packed: bytes) -> None:
        for at in range(0, len(packed), FED_BYTES):
            fed = packed[at : at + FED_BYTES]
            while fed and not self._unpacking.eof:
                try:
                    self._left -= len(self._unpacking.decompress(fed, PIECE_BYTES))
                except zlib.error:
                    return
                if self._left < 0:
                    raise too_much()
                fed = self._unpacking.unconsumed_tail


def is_profile(data: bytes) -> bool:
    """A damaged profile is no reason to refuse a picture; one that explodes is."""
    _, named, packed = data.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return False
    if unpacking.unconsumed_tail:
        raise too_much()
    return bool(named) and unpacking.eof
