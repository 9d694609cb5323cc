"""Archives (ZIP) from the first byte to the last, bounded before anything of them is read."""

import struct
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from lzma import LZMAError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from zugabe_events.domain.zip_directory import zip_directory
from zugabe_events.files.refusals import another_type, too_much

MAX_UNPACKED = 100_000_000
MAX_PARTS = 2_000
MAX_DIRECTORY_BYTES = 1_000_000

HEAD = b"PK\x03\x04"

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
"""Errors of reading archives that are damaged, encrypted, or packed in ways of their own."""


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
    directory = zip_directory(content, len(content))
    if directory is None or not content.startswith(HEAD):
        raise another_type()
    if directory.parts > MAX_PARTS or directory.size > MAX_DIRECTORY_BYTES:
        raise too_much()
    is_whole = directory.start + directory.size == directory.records_at
    if directory.behind or directory.comment or not is_whole:
        raise another_type()
