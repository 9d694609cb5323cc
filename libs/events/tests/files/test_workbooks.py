"""Workbooks without programs and embedded files are taken, and none costs more than it may."""

import struct
import tracemalloc
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from kernel_tests.uploads import archive, workbook

from zugabe_events.files.archive import MAX_PARTS
from zugabe_events.files.kinds import SHEET, checked_file
from zugabe_events.files.refusals import FileRefusedError

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def checked(content: bytes) -> str:
    """The code of the refusal, or nothing."""
    try:
        file = checked_file(content, "liste.xlsx")
    except FileRefusedError as error:
        return error.code
    assert (file.media_type, file.content) == (SHEET, content)
    return ""


def relation(kind: str, target: str = "anything.xml") -> bytes:
    """The relations of a sheet or a workbook."""
    one = f'<Relationship Id="r1" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{RELATIONS}">{one}</Relationships>'.encode()


def with_relation(kind: str, target: str = "anything.xml", part: bytes = b"<x/>") -> bytes:
    """`part` is `xl/externalLinks/x1.xml`."""
    relations = {"xl/_rels/workbook.xml.rels": relation(kind, target)}
    return archive(**relations, **{"xl/externalLinks/x1.xml": part})


@pytest.mark.parametrize(
    "name",
    [
        "xl/embeddings/oleObject1.bin",
        "xl/embeddings/Microsoft_Word_Document.docx",
        "XL/Embeddings/x.bin",
        "xl\\embeddings\\oleObject1.bin",
        "xl/macrosheets/sheet1.xml",
        "xl/activeX/activeX1.xml",
        "xl/activeX/activeX1.bin",
        "xl/dialogsheets/sheet1.xml",
    ],
)
def test_parts_that_run_or_embed_something_are_refused(name: str) -> None:
    """F4"""
    assert checked(archive(**{name: b"x"})) == "file-active-content"


@pytest.mark.parametrize(
    "kind",
    [
        f"{OFFICE}/oleObject",
        f"{OFFICE}/package",
        f"{OFFICE}/control",
        f"{OFFICE}/dialogsheet",
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet",
        "http://schemas.microsoft.com/office/2006/relationships/xlIntlMacrosheet",
        "http://schemas.microsoft.com/office/2006/relationships/activeXControlBinary",
        "http://purl.oclc.org/ooxml/officeDocument/relationships/oleObject",
    ],
)
def test_a_relation_says_what_a_part_is_whatever_its_name(kind: str) -> None:
    """F4"""
    assert checked(with_relation(kind)) == "file-active-content"
    escaped = relation(kind.replace("o", "&#111;")).decode()
    for encoding in ("utf-8", "utf-16"):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{escaped}'.encode(encoding)
        content = archive(**{"xl/worksheets/_rels/sheet1.xml.rels": declared})
        assert checked(content) == "file-active-content"


BOOK = b'<externalLink xmlns="x"><externalBook/></externalLink>'
DDE = b'<externalLink xmlns="x"><ddeLink ddeService="cmd"/></externalLink>'
OLE = b'<x:externalLink xmlns:x="x"><x:oleLink/></x:externalLink>'


@pytest.mark.parametrize(
    "target", ["externalLinks/x1.xml", "/xl/externalLinks/x1.xml", "a/../externalLinks/x1.xml"]
)
@pytest.mark.parametrize(
    ("link", "code"), [(BOOK, ""), (DDE, "file-active-content"), (OLE, "file-active-content")]
)
def test_links_to_workbooks_may_stay_and_links_to_programs_may_not(
    target: str, link: bytes, code: str
) -> None:
    """F4"""
    assert checked(with_relation(f"{OFFICE}/externalLink", target, link)) == code


def test_workbooks_of_usual_programs_are_taken() -> None:
    usual = ("worksheet", "styles", "theme", "sharedStrings", "hyperlink", "image", "drawing")
    for kind in usual:
        assert checked(with_relation(f"{OFFICE}/{kind}")) == ""
    assert checked(workbook()) == ""
    link = f"{OFFICE}/externalLink"
    assert checked(with_relation(link, "externalLinks/gone.xml")) == "", "the link leads nowhere"


def test_relations_that_multiply_text_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Relationships>&a;</Relationships>'
    assert checked(archive(**{"xl/_rels/workbook.xml.rels": bomb})) == "file-type-mismatch"
    assert checked(archive(**{"xl/_rels/workbook.xml.rels": b"<a"})) == "file-type-mismatch"


def packed(method: int, name: str = "xl/sheet.xml", content: bytes = bytes(range(256))) -> bytes:
    written = BytesIO(archive())
    with ZipFile(written, "a", method) as opened:
        opened.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize("method", [ZIP_DEFLATED, ZIP_LZMA, ZIP_BZIP2])
def test_damaged_parts_are_refused(method: int) -> None:
    """D5, S26: wherever it matters; the last bits only say that there is nothing more."""
    content = packed(method)
    start = content.index(b"xl/sheet.xml") + len("xl/sheet.xml")
    with ZipFile(BytesIO(content)) as opened:
        end = start + opened.getinfo("xl/sheet.xml").compress_size
    for at in range(start, end - 2):
        damaged = content[:at] + bytes((content[at] ^ 0xFF,)) + content[at + 1 :]
        assert checked(damaged) == "file-type-mismatch"


@pytest.mark.parametrize("method", [ZIP_LZMA, ZIP_BZIP2])
def test_workbooks_are_packed_as_every_program_packs_them(method: int) -> None:
    assert checked(packed(method)) == "file-type-mismatch"
    assert checked(packed(ZIP_DEFLATED)) == checked(packed(ZIP_STORED)) == ""


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_has_one_reading() -> None:
    """Each part once, and the directory right behind the last one."""
    content = archive(**{"a.xml": b"<a/>"})
    for name in ("a.xml", "A.XML"):
        assert checked(packed(ZIP_DEFLATED, "xl/workbook.xml")) == "file-type-mismatch"
        written = BytesIO(content)
        with ZipFile(written, "a") as opened:
            opened.writestr(name, "<b/>")
        assert checked(written.getvalue()) == "file-type-mismatch"
    at = content.index(b"PK\x01\x02")
    assert checked(content[:at] + b"gap" + content[at:]) == "file-type-mismatch"
    with_comment = BytesIO(content)
    with ZipFile(with_comment, "a") as opened:
        opened.comment = b"hidden"
    assert checked(with_comment.getvalue()) == "file-type-mismatch"


def all_directory(parts: int, declared: int) -> bytes:
    """Entries of a directory without parts, and an end that declares so many."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 4) + bytes(16) + b"name"
    head = archive()[: archive().index(b"PK\x01\x02")]
    size = len(entry) * parts
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, declared, declared, size, len(head), 0)
    return head + entry * parts + end


@pytest.mark.parametrize(("parts", "declared"), [(180_000, 60_000), (180_000, 5), (2_500, 2_500)])
def test_a_workbook_that_is_all_directory_is_refused_by_its_end(parts: int, declared: int) -> None:
    """S14: the directory is not even read."""
    content = all_directory(parts, declared)
    tracemalloc.start()
    try:
        assert checked(content) == "file-too-complex"
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def large_end(content: bytes, parts: int, size: int) -> bytes:
    """The end of ZIP64, which some programs write for every archive."""
    at = len(content) - 22
    start = struct.unpack_from("<L", content, at + 16)[0]
    numbers = (44, 45, 45, 0, 0, parts, parts, size, start)
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", *numbers)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return content[:at] + end_64 + locator + content[at:]


def test_large_ends_are_read_and_bounded_too() -> None:
    """S14"""
    content = archive()
    size = len(content) - 22 - content.index(b"PK\x01\x02")
    assert checked(large_end(content, 2, size)) == ""
    assert checked(large_end(content, MAX_PARTS + 1, size)) == "file-too-complex"
    assert checked(large_end(content, 2, 2_000_000)) == "file-too-complex"
    assert checked(large_end(content, 2, size - 1)) == "file-type-mismatch"


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"PK\x03\x04" + bytes(17), bytes(22)])
def test_what_is_too_short_for_an_archive_is_refused(content: bytes) -> None:
    assert checked(content) == "file-type-mismatch"


def test_a_part_that_unpacks_beyond_what_it_declares_is_damaged() -> None:
    content = bytearray(archive(**{"a.xml": b"x" * 5_000}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 1)
    assert checked(bytes(content)) == "file-type-mismatch"
