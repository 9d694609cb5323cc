"""The directory of a ZIP archive, as its end records describe it."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from zugabe_events.domain.zip_directory import END_64, LOCATOR, ZipDirectory, zip_directory


def archive(comment: bytes = b"") -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as written:
        written.writestr("a.txt", b"hello")
        written.comment = comment
    return file.getvalue()


def with_end_64(content: bytes, place: int | None = None, parts: int = 70_000) -> bytes:
    """The archive with end records of 64 bits, which say that they are at `place`."""
    end = content.rfind(b"PK\x05\x06")
    start = content.find(b"PK\x01\x02")
    record = END_64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, parts, parts, end - start, start)
    locator = LOCATOR.pack(b"PK\x06\x07", 0, end if place is None else place, 1)
    return content[:end] + record + locator + content[end:]


def test_the_end_of_an_archive_says_where_its_directory_is() -> None:
    content = archive()
    start = content.find(b"PK\x01\x02")
    end = len(content) - 22
    assert zip_directory(content, len(content)) == ZipDirectory(1, start, end - start, end, 0, 0)


def test_the_last_bytes_of_an_archive_are_enough() -> None:
    content = archive()
    assert zip_directory(content[-30:], len(content)) == zip_directory(content, len(content))


def test_a_comment_and_bytes_behind_it_are_counted() -> None:
    content = archive(b"hello") + b"more"
    found = zip_directory(content, len(content))
    assert found is not None
    assert (found.behind, found.comment) == (9, 5)


def test_records_of_64_bits_come_before_those_of_32() -> None:
    content = with_end_64(archive())
    found = zip_directory(content, len(content))
    assert found is not None
    assert found.parts == 70_000
    assert found.records_at == found.start + found.size == content.find(b"PK\x06\x06")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        archive()[:-1],
        with_end_64(archive(), place=0),
        with_end_64(archive()).replace(b"PK\x06\x06", b"PK\x06\x05"),
    ],
    ids=["empty", "cut off", "64 bits elsewhere", "64 bits missing"],
)
def test_a_damaged_end_is_none(content: bytes) -> None:
    assert zip_directory(content, len(content)) is None
