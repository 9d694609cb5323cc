"""The place of a ZIP archive's directory: bounded by its own words before it is read."""

import struct
from typing import NamedTuple

END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")

END_SIGNATURE, END_64_SIGNATURE, LOCATOR_SIGNATURE = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"

MAX_COMMENT_BYTES = 65_535
MAX_END_BYTES = MAX_COMMENT_BYTES + END.size + LOCATOR.size + END_64.size
"""Bytes at the end of an archive in which all its end records are."""


class ZipDirectory(NamedTuple):
    """A directory as the end records describe it, which begin at `records_at`."""

    parts: int
    start: int
    size: int
    records_at: int
    behind: int
    """Bytes behind the end records, of which `comment` belong to the archive."""
    comment: int


def zip_directory(tail: bytes, archive_size: int) -> ZipDirectory | None:
    """Read the last end record in `tail`, the last bytes of an archive; None for a damaged one."""
    offset = archive_size - len(tail)
    at = tail.rfind(END_SIGNATURE)
    if at < 0 or at + END.size > len(tail):
        return None
    _, *_, parts, size, start, comment = END.unpack_from(tail, at)
    behind = len(tail) - at - END.size
    locator_at = at - LOCATOR.size
    if locator_at >= END_64.size and tail.startswith(LOCATOR_SIGNATURE, locator_at):
        at = locator_at - END_64.size
        if not tail.startswith(END_64_SIGNATURE, at):
            return None
        _, _, place, _ = LOCATOR.unpack_from(tail, locator_at)
        if place != offset + at:
            return None
        _, *_, parts, size, start = END_64.unpack_from(tail, at)
    return ZipDirectory(parts, start, size, offset + at, behind, comment)
