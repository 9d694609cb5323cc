"""JPEG, segment by segment to the end of the first picture.

Colour stays, pixels are not touched, and of Exif only how the picture is turned. Thumbnails, which
may show what was cropped, comments and all other metadata are left out.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from zugabe_events.files.exif import UPRIGHT, orientation_of, shown_size, turned
from zugabe_events.files.picture import MAX_PARTS, Picture, check_size
from zugabe_events.files.refusals import another_type, too_much

START = b"\xff\xd8"
END = 0xD9
SCAN = 0xDA
APP1 = 0xE1
SIZES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive: what every reader shows."""

TABLES = frozenset({0xC4, 0xDB, 0xDC, 0xDD})
METADATA = frozenset({*range(0xE0, 0xF0), 0xFE})

MARKERS = SIZES | TABLES | METADATA | {SCAN, END}

MARKER = re.compile(rb"\xff++([^\x00\xff])", re.DOTALL)
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Within a scan, FF 00 is a byte of the scan, and FF D0 to FF D7 restart it."""

MAX_SCANS = 100
"""Every scan of a progressive picture is a pass over all of it."""

JFIF_BYTES = 14
ADOBE_BYTES = 12
EXIF = b"Exif\0"
EXIF_HEAD = EXIF + b"\0"


@dataclass(frozen=True, slots=True)
class Segment:
    """`data` is what follows the length; `scan` what follows the segment up to the next marker."""

    marker: int
    data: bytes
    scan: bytes
    end: int


def read_jpeg(content: bytes) -> Picture:
    """Raises FileRefusedError."""
    segments = list(islice(segments_of(content), MAX_PARTS))
    if segments[-1].marker != END:
        raise too_much()
    exif = next((part for part in segments if is_exif(part)), None)
    orientation = orientation_of(exif.data[len(EXIF_HEAD) :]) if exif else UPRIGHT
    width, height = shown_size(*size_in(segments), orientation)
    tiff = turned(orientation)
    only_turned = segment(APP1, EXIF_HEAD + tiff) if tiff else b""
    kept = [only_turned if part is exif else stored_part(part) for part in segments]
    return Picture(b"".join((START, *kept)), segments[-1].end, width, height)


def size_in(segments: Sequence[Segment]) -> tuple[int, int]:
    """The size of the picture, which is declared once, before the first scan."""
    markers = [part.marker for part in segments if part.marker in SIZES or part.marker == SCAN]
    if len(markers) > MAX_SCANS + 1:
        raise too_much()
    if not markers or markers[0] not in SIZES or set(markers[1:]) != {SCAN}:
        raise another_type()
    width, height = size_of(next(part.data for part in segments if part.marker in SIZES))
    check_size(width, height)
    return width, height


def segments_of(content: bytes) -> Iterator[Segment]:
    """Segments up to the first end; other markers are refused."""
    if not content.startswith(START):
        raise another_type()
    at = len(START)
    while True:
        found = MARKER.match(content, at)
        if found is None or found[1][0] not in MARKERS:
            raise another_type()
        marker, at = found[1][0], found.end()
        if marker == END:
            yield Segment(END, b"", b"", at)
            return
        length = int.from_bytes(content[at : at + 2])
        behind = end = at + length
        if length < 2 or end > len(content):
            raise another_type()
        if marker == SCAN:
            following = NEXT_MARKER.search(content, end)
            if following is None:
                raise another_type()
            behind = following.start()
        yield Segment(marker, content[at + 2 : end], content[end:behind], behind)
        at = behind


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2, "big") + data


def size_of(data: bytes) -> tuple[int, int]:
    if len(data) < 6 or data[0] != 8:
        raise another_type()
    height, width, components = struct.unpack_from(">HHB", data, 1)
    if components not in (1, 3, 4) or len(data) != 6 + 3 * components:
        raise another_type()
    return width, height


def stored_part(part: Segment) -> bytes:
    """A segment as it is stored: of metadata only colour information, without a thumbnail."""
    match part.marker, part.data:
        case 0xD9, _:
            return bytes((0xFF, END))
        case 0xE0, data if data.startswith(b"JFIF\0") and len(data) >= JFIF_BYTES:
            return segment(0xE0, data[: JFIF_BYTES - 2] + b"\0\0")
        case 0xE2, data if data.startswith(b"ICC_PROFILE\0"):
            return segment(0xE2, data)
        case 0xEE, data if data.startswith(b"Adobe") and len(data) >= ADOBE_BYTES:
            return segment(0xEE, data[:ADOBE_BYTES])
        case marker, data if marker not in METADATA:
            return segment(marker, data) + part.scan
        case _:
            return b""


def is_exif(part: Segment) -> bool:
    return part.marker == APP1 and part.data.startswith(EXIF)
