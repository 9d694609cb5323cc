"""Archives (ZIP) from the first byte to the last, bounded before anything of them is read."""

import struct
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from lzma import LZMAError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from zugabe_events.files.refusals import another_type, too_much

MAX_UNPACKED = 100_000_000
MAX_PARTS = 2_000
MAX_DIRECTORY_BYTES = 1_000_000

HEAD = b"PK\x03\x04"
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")

DAMAGES = (
    BadZipFile,
    EOFError,
    LZMAError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What reading raises for archives that are damaged, encrypted, or packed in ways of their own."""


@contextmanager
def open_archive(content: bytes) -> Generator[ZipFile]:
    """An archive that declares no more than it may; what is damaged in it is refused, also while
    it is read. No part unpacks to more than it declares. Raises FileRefusedError."""
    try:
        check_end(content)
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise too_much()
            if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
                raise another_type()
            yield archive
    except DAMAGES:
        raise another_type() from None


def check_end(content: bytes) -> None:
    """The directory lies between parts and end, and is bounded before it is read."""
    at = len(content) - END.size
    if not content.startswith(HEAD) or content.rfind(b"PK\x05\x06") != at:
        raise another_type()
    _, *_, parts, size, start, comment = END.unpack_from(content, at)
    at_64 = at - LOCATOR.size - END_64.size
    if at_64 > 0 and content[at - LOCATOR.size :].startswith(b"PK\x06\x07"):
        _, _, place, _ = LOCATOR.unpack_from(content, at - LOCATOR.size)
        signature, *_, parts, size, start = END_64.unpack_from(content, at_64)
        if place != at_64 or signature != b"PK\x06\x06":
            raise another_type()
        at = at_64
    if parts > MAX_PARTS or size > MAX_DIRECTORY_BYTES:
        raise too_much()
    if comment or start + size != at:
        raise another_type()
