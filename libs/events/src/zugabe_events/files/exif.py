"""Exif: how a picture is turned, which is all that stays of it."""

import struct

ORIENTATION = 0x0112
UPRIGHT = 1
TURNED = range(2, 9)
SIDEWAYS = range(5, 9)
MAX_TAGS = 1_000


def orientation_of(tiff: bytes) -> int:
    """Upright also where Exif is damaged."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (tags,) = struct.unpack_from(f"{order}H", tiff, start)
        for index in range(min(tags, MAX_TAGS)):
            at = start + 2 + 12 * index
            tag, kind, count, value = struct.unpack_from(f"{order}HHIH", tiff, at)
            if (tag, kind, count) == (ORIENTATION, 3, 1):
                return int(value)
    except struct.error:
        pass
    return UPRIGHT


def turned(orientation: int) -> bytes:
    """Exif with nothing but the orientation; nothing for a picture that is upright."""
    if orientation not in TURNED:
        return b""
    tags = struct.pack(">HHHIHHI", 1, ORIENTATION, 3, 1, orientation, 0, 0)
    return b"MM\0*" + struct.pack(">I", 8) + tags


def shown_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    return (height, width) if orientation in SIDEWAYS else (width, height)
