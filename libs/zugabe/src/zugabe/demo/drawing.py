"""Simple PNG pictures: stripes in a brand's colours, as banners and logos of the demo."""

import struct
import zlib

type Colour = tuple[int, int, int]

STRIPE = 46
"""Width of a stripe in pixels."""


def striped(width: int, height: int, ground: Colour, stripe: Colour) -> bytes:
    """A PNG with diagonal stripes that fade in from the left."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            share = x / width if (x + y) // STRIPE % 2 else 0.0
            rows += bytes(
                round(below + (above - below) * share)
                for below, above in zip(ground, stripe, strict=True)
            )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + head, b"IDAT" + zlib.compress(bytes(rows), 9), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(framed, chunks))


def framed(chunk: bytes) -> bytes:
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
