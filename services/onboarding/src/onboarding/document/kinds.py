"""Accepted file types, recognised by content, whatever the names say.

Every type has one strict reading, and what can be read as a second type is refused. Nothing is
decoded: images by their heads, workbooks by what they unpack to.
"""

import re
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, is_zipfile

from onboarding.document.refusals import another_type, too_much, unknown_type

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_UNPACKED = 100_000_000
MAX_PARTS = 2_000

PDF_HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG_END = b"\xff\xd9"
ZIP_END = b"PK\x05\x06"
ZIP_END_BYTES = 22
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PROGRAM = re.compile(r"\s*(<[a-z!?/]|#!|{\\rtf)", re.IGNORECASE)
"""Beginnings of pages, pictures and scripts that are text themselves."""


def media_type_of(content: bytes, file_name: str) -> str:
    """Raise FileRefusedError."""
    kind = KINDS.get(PurePosixPath(file_name).suffix.lower())
    if kind is None:
        raise unknown_type()
    media_type, check = kind
    check(content)
    if check is not is_pdf and b"%PDF-" in content[:1024]:
        raise another_type()
    if check is not is_workbook and is_zipfile(BytesIO(content)):
        raise another_type()
    return media_type


def is_pdf(content: bytes) -> None:
    """From head to end, with nothing behind."""
    end = content.rfind(b"%%EOF")
    if not PDF_HEAD.match(content) or end < 0 or content[end + 5 :].strip(b" \t\r\n\x00"):
        raise another_type()


def is_png(content: bytes) -> None:
    check_image(content, "PNG")
    if not content.endswith(PNG_END):
        raise another_type()


def is_jpeg(content: bytes) -> None:
    check_image(content, "JPEG")
    if not content.endswith(JPEG_END):
        raise another_type()


def check_image(content: bytes, form: str) -> None:
    from PIL import Image  # several MiB, which most processes never need

    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(content), formats=[form]) as image,
        ):
            width, height = image.size
    except Image.DecompressionBombError:
        raise too_much() from None
    except Exception:  # Pillow has no error of its own for what it cannot read
        raise another_type() from None
    if width * height > MAX_PIXELS:
        raise too_much()


def is_workbook(content: bytes) -> None:
    """An archive from the first byte to the last, without programs, and no bomb: what a part
    unpacks to is read no further than it declares."""
    if not content.startswith(b"PK\x03\x04") or content.rfind(ZIP_END) != (
        len(content) - ZIP_END_BYTES
    ):
        raise another_type()
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            if len(archive.infolist()) > MAX_PARTS:
                raise too_much()
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise too_much()
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= parts.keys():
                raise another_type()
            if any(name.lower().endswith("vbaproject.bin") for name in parts):
                raise another_type()
            if archive.testzip() is not None:
                raise another_type()
    except (BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise another_type() from None  # damaged, encrypted, packed in ways of its own


def is_text(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if not content or CONTROL.search(text) or PROGRAM.match(text):
        raise another_type()


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS: Mapping[str, tuple[str, Callable[[bytes], None]]] = {
    ".pdf": ("application/pdf", is_pdf),
    ".png": ("image/png", is_png),
    ".jpg": ("image/jpeg", is_jpeg),
    ".jpeg": ("image/jpeg", is_jpeg),
    ".xlsx": (SHEET, is_workbook),
    ".csv": ("text/csv", is_text),
    ".txt": ("text/plain", is_text),
}
