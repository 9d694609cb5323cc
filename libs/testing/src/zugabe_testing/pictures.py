"""Pictures of one colour, of any size, made without a library and readable by every one."""

import struct
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int = 1, *more: bytes) -> bytes:
    """`more` are chunks behind the head."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = zlib.compress((b"\0" + b"\xc0\x20\x20" * width) * height)
    parts = (head, *more, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(width: int, height: int = 1, *more: bytes) -> bytes:
    """Grey; `more` are segments behind the head. All blocks are equal, so each takes two bits."""
    blocks = -(-width // 8) * -(-height // 8)
    codes = bytes((1, *[0] * 15, 0))
    parts = (
        segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        *more,
        segment(0xDB, b"\0" + b"\x10" * 64),
        segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"),
        segment(0xC4, b"\0" + codes),
        segment(0xC4, b"\x10" + codes),
        segment(0xDA, b"\x01\x01\0\0\x3f\0") + bytes(-(-blocks // 4)),
    )
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9"


def gif(width: int, height: int = 1, frames: int = 1, *more: bytes) -> bytes:
    """`more` are blocks behind the head. Codes stay at eight bits: the table is cleared in time."""
    pixels = bytes(width * height)
    codes = [b"\x80" + pixels[at : at + 126] for at in range(0, len(pixels), 126)]
    packed = b"".join(codes) + b"\x81"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x07" + blocks(packed)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF6, 0, 0) + b"\xc0\x20\x20" * 128
    return head + b"".join(more) + frame * frames + b"\x3b"


def blocks(data: bytes) -> bytes:
    """Data of a GIF, in blocks of up to 255 bytes."""
    pieces = (data[at : at + 255] for at in range(0, len(data), 255))
    return b"".join(bytes((len(piece),)) + piece for piece in pieces) + b"\0"
