"""A file is what is in it; what pretends, is damaged, or would do harm is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel_tests.uploads import (
    CSV,
    EXE,
    PAGE,
    PDF,
    TEXT,
    archive,
    huge_png,
    image,
    understated,
    workbook,
)

from zugabe_events.files.archive import MAX_UNPACKED
from zugabe_events.files.kinds import KINDS, SHEET, checked_file
from zugabe_events.files.refusals import FileRefusedError

PNG, JPEG, XLSX = image("PNG"), image("JPEG"), workbook()


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Vertrag.PDF", PDF, "application/pdf"),
        ("logo.png", PNG, "image/png"),
        ("foto.jpg", JPEG, "image/jpeg"),
        ("foto.jpeg", JPEG, "image/jpeg"),
        ("liste.xlsx", XLSX, SHEET),
        ("liste.csv", CSV, "text/csv"),
        ("liste.csv", b"\xef\xbb\xbf" + CSV, "text/csv"),
        ("notiz.txt", TEXT, "text/plain"),
    ],
)
def test_what_people_need_is_taken(name: str, content: bytes, media_type: str) -> None:
    assert checked_file(content, name).media_type == media_type


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("rechnung.exe", EXE, "file-type-unknown"),
        ("rechnung", PDF, "file-type-unknown"),
        ("rechnung.pdf.exe", PDF, "file-type-unknown"),
        ("bild.svg", b"<svg/>", "file-type-unknown"),
        ("makros.xlsm", XLSX, "file-type-unknown"),
        ("rechnung.pdf", EXE, "file-type-mismatch"),
        ("rechnung.pdf", PAGE, "file-type-mismatch"),
        ("rechnung.pdf", PNG, "file-type-mismatch"),
        ("rechnung.pdf", PDF[:-7], "file-type-mismatch"),
        ("rechnung.pdf", b"", "file-type-mismatch"),
        ("bild.png", PNG[:-20], "file-type-mismatch"),
        ("bild.png", JPEG, "file-type-mismatch"),
        ("bild.jpg", JPEG[:200], "file-type-mismatch"),
        ("bild.jpg", PNG, "file-type-mismatch"),
        ("liste.xlsx", CSV, "file-type-mismatch"),
        ("liste.xlsx", XLSX[:-30], "file-type-mismatch"),
        ("liste.csv", EXE, "file-type-mismatch"),
        ("liste.csv", XLSX, "file-type-mismatch"),
        ("liste.csv", b"", "file-type-mismatch"),
        ("notiz.txt", PAGE, "file-type-mismatch"),
        ("notiz.txt", b"  <svg onload=alert(1)>", "file-type-mismatch"),
        ("notiz.txt", b"#!/bin/sh\nrm -rf /\n", "file-type-mismatch"),
        ("notiz.txt", "a\x00b".encode("utf-16"), "file-type-mismatch"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        checked_file(content, name)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF + XLSX),
        ("a.pdf", PDF[:-6] + XLSX + b"%%EOF\n"),
        ("a.png", PNG + XLSX),
        ("a.png", PNG + PAGE),
        ("a.jpg", JPEG + PDF),
        ("a.jpg", JPEG[:2] + b"\xff\xfe\x00\x40" + PDF[:62].ljust(62) + JPEG[2:]),
        ("a.xlsx", PDF + XLSX),
        ("a.xlsx", XLSX + PDF),
        ("a.txt", b"hello\n" + PDF),
        ("a.xlsx", archive(**{"xl/vbaProject.bin": b"macro"})),
    ],
)
def test_what_is_two_things_at_once_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        checked_file(content, name)
    assert refused.value.code == "file-type-mismatch"


def test_an_image_bomb_is_not_even_decoded() -> None:
    for content in (huge_png(), huge_png(10_000, 10_000)):
        with pytest.raises(FileRefusedError) as refused:
            checked_file(content, "bombe.png")
        assert refused.value.code == "file-too-complex"


def test_an_archive_that_unpacks_to_too_much_is_refused_by_what_it_declares() -> None:
    bomb = archive(**{"xl/sheet.xml": bytes(MAX_UNPACKED)})
    assert len(bomb) < 200_000
    with pytest.raises(FileRefusedError) as refused:
        checked_file(bomb, "bombe.xlsx")
    assert refused.value.code == "file-too-complex"


def test_an_archive_that_understates_its_parts_is_damaged() -> None:
    with pytest.raises(FileRefusedError) as refused:
        checked_file(understated(archive(**{"a.xml": b"x" * 5_000})), "bombe.xlsx")
    assert refused.value.code == "file-type-mismatch"


def test_an_archive_of_too_many_parts_is_refused() -> None:
    many = archive(**{f"part{number}": b"" for number in range(2_001)})
    with pytest.raises(FileRefusedError):
        checked_file(many, "viele.xlsx")


@given(st.sampled_from(sorted(KINDS)), st.sampled_from([PDF, PNG, JPEG, XLSX, CSV]), st.data())
def test_whatever_is_uploaded_is_taken_or_refused(
    suffix: str, content: bytes, data: st.DataObject
) -> None:
    """X-10: with bytes changed, cut off, or put before."""
    place = data.draw(st.integers(0, len(content)))
    changed = content[:place] + data.draw(st.binary(max_size=20)) + content[place:]
    cut = changed[: data.draw(st.integers(0, len(changed)))]
    with suppress(FileRefusedError):
        assert checked_file(cut, f"a{suffix}").media_type == KINDS[suffix].media_type
