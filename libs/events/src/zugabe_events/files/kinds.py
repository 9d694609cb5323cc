"""Accepted file types, recognised by content, whatever the names say.

Every type has one strict reading, and what can be read as a second type is refused. Nothing is
decoded: pictures by their parts, workbooks by what they unpack to. Of a picture only the bytes up
to its first end are stored, without metadata about people and places.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import is_zipfile

from zugabe_events.files.gif import read_gif
from zugabe_events.files.jpeg import read_jpeg
from zugabe_events.files.pdf import check_pdf
from zugabe_events.files.picture import Picture
from zugabe_events.files.png import read_png
from zugabe_events.files.refusals import another_type, unknown_type
from zugabe_events.files.text import PROGRAM, check_text
from zugabe_events.files.workbook import check_workbook

MAX_BYTES = 10 * 1024 * 1024

PDF = "application/pdf"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PDF_HEAD = b"%PDF-"
PDF_HEAD_WITHIN = 1_024
"""Readers of PDF look for its head so far into a file."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """`content` is what is stored of an upload; `sha256` is the hash of that."""

    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class CheckedPicture:
    """`width` and `height` are those in which it is shown."""

    file: CheckedFile
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is what people call it; `read` raises FileRefusedError."""

    name: str
    media_type: str
    read: Callable[[bytes], Picture | None]


PICTURES: Mapping[str, Kind] = {
    ".png": Kind("PNG", "image/png", read_png),
    ".jpg": Kind("JPEG", "image/jpeg", read_jpeg),
    ".jpeg": Kind("JPEG", "image/jpeg", read_jpeg),
    ".gif": Kind("GIF", "image/gif", read_gif),
}

KINDS: Mapping[str, Kind] = {
    ".pdf": Kind("PDF", PDF, check_pdf),
    **PICTURES,
    ".xlsx": Kind("XLSX", SHEET, check_workbook),
    ".csv": Kind("CSV", "text/csv", check_text),
    ".txt": Kind("Text (.txt)", "text/plain", check_text),
}

SIGNATURES: Mapping[bytes, str] = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif"}


def checked_file(content: bytes, file_name: str) -> CheckedFile:
    """The file as its name says it is. Raises FileRefusedError."""
    kind = KINDS.get(PurePosixPath(file_name).suffix.lower())
    if kind is None:
        raise unknown_type(names_of(KINDS.values()))
    picture = check(kind, content)
    return CheckedFile(kind.media_type, content if picture is None else picture.content)


def checked_picture(content: bytes) -> CheckedPicture:
    """A picture, whatever its name. Raises FileRefusedError."""
    suffix = next((SIGNATURES[head] for head in SIGNATURES if content.startswith(head)), None)
    if suffix is None:
        raise unknown_type(names_of(PICTURES.values()))
    kind = PICTURES[suffix]
    picture = check(kind, content)
    assert picture is not None
    file = CheckedFile(kind.media_type, picture.content)
    return CheckedPicture(file, picture.width, picture.height)


def names_of(kinds: Collection[Kind]) -> list[str]:
    return list(dict.fromkeys(kind.name for kind in kinds))


def check(kind: Kind, content: bytes) -> Picture | None:
    picture = kind.read(content)
    if kind.media_type != PDF and PDF_HEAD in content[:PDF_HEAD_WITHIN]:
        raise another_type()
    if kind.media_type != SHEET and is_zipfile(BytesIO(content)):
        raise another_type()
    if picture is not None:
        check_rest(content[picture.end :])
    return picture


def check_rest(rest: bytes) -> None:
    """Padding, second pictures and films of phones lie behind pictures and are left out; what would
    make the whole a document or a page is refused."""
    begin = rest[:PDF_HEAD_WITHIN].lstrip(b"\0\xef\xbb\xbf")
    if PDF_HEAD in begin or PROGRAM.match(begin.decode("latin-1")):
        raise another_type()
