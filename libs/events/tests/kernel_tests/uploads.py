"""Files as people upload them, and as those make them who mean harm."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
CSV = "Produkttyp;Anzahl\nMütze;12\n".encode()
TEXT = "Mützen und Größen\n".encode("cp1252")
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(200)
PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def image(form: str) -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, form)
    return content.getvalue()


def workbook() -> bytes:
    content, book = BytesIO(), Workbook()
    assert book.active is not None
    book.active["A1"] = "Mütze"
    book.save(content)
    return content.getvalue()


def archive(**parts: bytes) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            packed.writestr(name, "<x/>")
        for name, part in parts.items():
            packed.writestr(name, part)
    return content.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A head that promises what would take gigabytes to decode."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\x00" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def understated(content: bytes) -> bytes:
    """The directory says that the first part is small."""
    changed = bytearray(content)
    entry = changed.find(b"PK\x01\x02")
    changed[entry + 24 : entry + 28] = struct.pack("<I", 1)
    return bytes(changed)
