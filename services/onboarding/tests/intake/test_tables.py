"""Whatever file comes: rows of text, or a refusal that says what is wrong."""

import csv
import io
import time
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from onboarding.intake.tables import MAX_ROWS, MAX_TABLE_BYTES, Row, TableError, read_table

TITLES = ("Produkttyp", "Gruppe")
HEAD = "Produkttyp;Gruppe\r\n"
SHEET = "xl/worksheets/sheet1.xml"
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def sheet_of(book: Workbook) -> Worksheet:
    assert isinstance(book.active, Worksheet)
    return book.active


def xlsx(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        sheet_of(book).append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with other bytes in one of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", 8) as packed:
        for name in source.namelist():
            body = source.read(name)
            packed.writestr(name, body.replace(old, new) if name == part else body)
    return target.getvalue()


def cells_of(content: bytes) -> list[tuple[str, ...]]:
    return [tuple(row.cells[title] for title in TITLES) for row in read_table(content, TITLES)]


def refused(content: bytes) -> str:
    before = time.monotonic()
    with pytest.raises(TableError) as caught:
        read_table(content, TITLES)
    assert time.monotonic() - before < 20, "it costs too much to refuse"
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv_is_read_as_excel_and_others_write_it(encoding: str, mark: str) -> None:
    text = f'produkttyp {mark}GRUPPE\r\nHüte{mark}"Mode{mark} Damen"\r\n{mark}\r\nTöpfe{mark}\r\n'
    rows = read_table(text.encode(encoding), TITLES)
    assert [row.line for row in rows] == [2, 4]
    assert cells_of(text.encode(encoding)) == [("Hüte", f"Mode{mark} Damen"), ("Töpfe", "")]


def test_a_cell_with_lines_does_not_shift_the_lines_that_are_told() -> None:
    rows = read_table((HEAD + '"a\nb";x\nc;y\n').encode(), TITLES)
    assert [(row.line, row.cells["Produkttyp"]) for row in rows] == [(2, "a\nb"), (4, "c")]


@examples(st.lists(st.tuples(CELLS, CELLS), max_size=20))
def test_what_csv_says_is_what_is_read(table: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows([TITLES, *table])
    told = [(one.strip(), other.strip()) for one, other in table]
    assert cells_of(written.getvalue().encode()) == [row for row in told if any(row)]


def test_a_workbook_is_read_as_text() -> None:
    book = Workbook()
    sheet = sheet_of(book)
    sheet.append(["Nr", *TITLES])
    sheet.append([1, "0017", 17])
    sheet.append([2, 17.0, 1.5])
    sheet.append([None, None, None])
    sheet.append([4, True, 17])
    sheet["C5"].number_format = "00000"
    content = io.BytesIO()
    book.save(content)
    rows = read_table(content.getvalue(), TITLES)
    assert rows == [
        Row(2, {"Produkttyp": "0017", "Gruppe": "17"}),
        Row(3, {"Produkttyp": "17", "Gruppe": "1.5"}),
        Row(5, {"Produkttyp": "ja", "Gruppe": "00017"}),
    ]


def test_a_formula_is_never_computed() -> None:
    """X-10: without a stored result it is an empty cell; with one in CSV it stays text."""
    assert cells_of(xlsx(TITLES, ['=HYPERLINK("https://example.org")', "x"])) == [("", "x")]
    assert cells_of((HEAD + "=1+1;x\n").encode()) == [("=1+1", "x")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"Gruppe\nx\n", "columns-missing"),
        (b"Produkttyp;Gruppe;gruppe\n", "columns-twice"),
        (HEAD.encode("utf-16"), "table-unreadable"),
        (b"\x81\x8d;Gruppe\n", "table-unreadable"),
        (HEAD.encode() + b'"open;x\n', "table-unreadable"),
        (HEAD.encode() + b'"a"b;x\n', "table-unreadable"),
        (HEAD.encode() + b'"' + b"x" * 200_000 + b'";y\n', "table-unreadable"),
        (HEAD.encode() + b"x;y\n" * (MAX_ROWS + 1), "table-too-long"),
        (HEAD.encode() + b"x" * MAX_TABLE_BYTES, "table-too-large"),
        (b"PK\x03\x04 but nothing else", "table-unreadable"),
        (b"\x89PNG\r\n\x1a\n\0\0", "table-unreadable"),
        (b"%PDF-1.7\n", "columns-missing"),
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes, code: str) -> None:
    """X-10"""
    assert refused(content) == code


def test_the_most_rows_are_read() -> None:
    assert len(read_table(HEAD.encode() + b"x;y\n" * MAX_ROWS, TITLES)) == MAX_ROWS
    assert len(read_table(xlsx(TITLES, *[["x", "y"]] * MAX_ROWS), TITLES)) == MAX_ROWS


@pytest.mark.parametrize("padding", [b" " * 30_000_000, b"<c/>" * 2_000_000])
def test_a_bomb_is_refused(padding: bytes) -> None:
    """X-10"""
    bomb = changed(xlsx(TITLES, ["x", "y"]), SHEET, b"</sheetData>", padding + b"</sheetData>")
    assert len(bomb) < 100_000
    assert refused(bomb) == "table-unreadable"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding: str) -> None:
    """X-10: it could multiply text, or read files of the machine."""
    content = xlsx(TITLES, ["x", "y"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET)
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + sheet.decode()
    assert refused(changed(content, SHEET, sheet, laughs.encode(encoding))) == "table-unreadable"


def test_a_stray_cell_at_the_end_of_a_sheet_costs_little() -> None:
    far = changed(xlsx(TITLES, ["x", "y"]), SHEET, b'r="2"', b'r="1048576"')
    assert refused(far) == "table-unreadable"


def test_a_workbook_without_a_sheet_is_refused() -> None:
    content = changed(xlsx(TITLES), "xl/workbook.xml", b'"rId1"', b'"rId99"')
    assert refused(content) == "table-unreadable"


@settings(max_examples=200)
@examples(st.binary(max_size=2_000), st.sampled_from([b"", HEAD.encode(), b"PK\x03\x04"]))
def test_arbitrary_bytes_are_rows_or_a_refusal(content: bytes, start: bytes) -> None:
    """X-10"""
    try:
        rows = read_table(start + content, TITLES)
    except TableError:
        return
    assert all(set(row.cells) == set(TITLES) for row in rows)


@settings(max_examples=100, deadline=None)
@examples(st.data())
def test_a_damaged_workbook_is_rows_or_a_refusal(data: st.DataObject) -> None:
    """X-10"""
    content = bytearray(WORKBOOK)
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[at] ^= data.draw(st.integers(1, 255))
    try:
        read_table(bytes(content), TITLES)
    except TableError:
        return


WORKBOOK = xlsx(TITLES, ["x", "y"], ["0017", 17])
