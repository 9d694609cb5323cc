"""Whatever file comes: rows of text, or a refusal that says what is wrong."""

import csv
import io
import time
from collections.abc import Sequence

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from kernel_tests.workbooks import SHEET, active, changed, part_of, saved, xls, xlsx
from openpyxl import Workbook

from zugabe_events.domain.formula_text import protected
from zugabe_events.domain.reserved_text import RESERVED
from zugabe_events.domain.visible_text import trimmed
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.table import Row, open_table
from zugabe_testing.malformed import SEALED_BY_NOBODY

TITLES = ("Produkttyp", "Gruppe")
HEAD = "Produkttyp;Gruppe\r\n"
LIMITS = Limits()
MAX_ROWS = LIMITS.max_rows
CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="ÂÃâ#"), max_size=20
)
"""Without the signs of texts that are refused."""


def read_table(content: bytes, titles: Sequence[str] = TITLES) -> list[Row]:
    return list(open_table(content, titles))


def cells_of(content: bytes) -> list[tuple[str, ...]]:
    return [tuple(row.cells[title] for title in TITLES) for row in read_table(content, TITLES)]


def refused(content: bytes) -> str:
    before = time.monotonic()
    with pytest.raises(TableError) as caught:
        read_table(content)
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
    csv.writer(written, delimiter=";").writerows([TITLES, *(map(protected, row) for row in table)])
    told = [(trimmed(one), trimmed(other)) for one, other in table]
    read = [tuple(row.cells.values()) for row in read_table(written.getvalue().encode())]
    assert read == [row for row in told if any(row)]


def test_a_cell_that_looks_sealed_is_wrong_in_every_kind_of_file() -> None:
    """S7, D1: and the rest of the file is read."""
    for content in (
        f"{HEAD}{SEALED_BY_NOBODY};x\ny;z\n".encode(),
        xlsx([*TITLES], [SEALED_BY_NOBODY, "x"], ["y", "z"]),
    ):
        bad, good = read_table(content)
        assert [(error.column, error.reason) for error in bad.wrong] == [("Produkttyp", RESERVED)]
        assert (bad.cells, good.cells) == ({"Gruppe": "x"}, {"Produkttyp": "y", "Gruppe": "z"})


def test_a_workbook_is_read_as_text() -> None:
    book = Workbook()
    sheet = active(book)
    sheet.append(["Nr", *TITLES])
    sheet.append([1, "0017", 17])
    sheet.append([2, 17.0, 1.5])
    sheet.append([None, None, None])
    sheet.append([4, "x", 17])
    sheet["C5"].number_format = "00000"
    rows = read_table(saved(book))
    assert rows == [
        Row(2, {"Produkttyp": "0017", "Gruppe": "17"}),
        Row(3, {"Produkttyp": "17", "Gruppe": "1,5"}),
        Row(5, {"Produkttyp": "x", "Gruppe": "00017"}),
    ]


def test_a_formula_is_never_computed() -> None:
    """X-10: without a stored result it is a wrong cell; in CSV it stays text."""
    [row] = read_table(xlsx(TITLES, ['=HYPERLINK("https://example.org")', "x"]))
    assert (row.cells, [error.column for error in row.wrong]) == ({"Gruppe": "x"}, ["Produkttyp"])
    assert cells_of((HEAD + "=1+1;x\n").encode()) == [("=1+1", "x")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"Gruppe\nx\n", "columns-missing"),
        (b"Produkttyp;Gruppe;gruppe\n", "columns-twice"),
        (b"\x81\x8d;Gruppe\n", "table-encoding"),
        (HEAD.encode() + b"x;y\n" * (MAX_ROWS + 1), "table-too-long"),
        (HEAD.encode() + b"x" * LIMITS.max_bytes, "table-too-large"),
        (b"PK\x03\x04 but nothing else", "table-unreadable"),
        (b"\x89PNG\r\n\x1a\n\0\0", "table-foreign"),
        (b"%PDF-1.7\n", "table-foreign"),
        (b"a\0b;Gruppe\n", "table-unreadable"),
        (HEAD.encode() + b"x;" + b"y" * 5_000_000, "table-too-large"),
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes, code: str) -> None:
    """X-10"""
    assert refused(content) == code


def test_the_most_rows_are_read() -> None:
    assert len(read_table(HEAD.encode() + b"x;y\n" * MAX_ROWS, TITLES)) == MAX_ROWS
    assert len(read_table(xlsx(TITLES, *[["x", "y"]] * MAX_ROWS), TITLES)) == MAX_ROWS


@pytest.mark.parametrize("padding", [b" " * 60_000_000, b"<c/>" * 15_000_000])
def test_a_bomb_is_refused_before_it_is_unpacked(padding: bytes) -> None:
    """X-10, X-38: T15"""
    bomb = changed(xlsx(TITLES, ["x", "y"]), SHEET, b"</sheetData>", padding + b"</sheetData>")
    assert len(bomb) < 200_000
    assert refused(bomb) == "table-too-large"


def test_cells_without_a_value_cost_nothing() -> None:
    """X-38: T2"""
    cells = b'<row r="3">' + b"<c/>" * 500_000 + b"</row></sheetData>"
    padded = changed(xlsx(TITLES, ["x", "y"]), SHEET, b"</sheetData>", cells)
    assert cells_of(padded) == [("x", "y")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding: str) -> None:
    """X-10: it could multiply text, or read files of the machine."""
    content = xlsx(TITLES, ["x", "y"])
    sheet = part_of(content, SHEET)
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + sheet.decode()
    assert refused(changed(content, SHEET, sheet, laughs.encode(encoding))) == "table-unreadable"


def test_a_stray_cell_at_the_end_of_a_sheet_costs_little() -> None:
    """X-38: T2"""
    far = changed(xlsx(TITLES, ["x", "y"]), SHEET, b'r="2"', b'r="1048576"')
    assert [row.line for row in read_table(far)] == [1_048_576]


def test_a_workbook_without_a_sheet_is_refused() -> None:
    content = changed(xlsx(TITLES), "xl/workbook.xml", b'"rId1"', b'"rId99"')
    assert refused(content) == "table-unreadable"


@settings(max_examples=200)
@examples(st.binary(max_size=2_000), st.sampled_from([b"", HEAD.encode(), b"PK\x03\x04"]))
def test_arbitrary_bytes_are_rows_or_a_refusal(content: bytes, start: bytes) -> None:
    """X-10"""
    try:
        rows = read_table(start + content)
    except TableError:
        return
    assert all(set(row.cells) == set(TITLES) or row.wrong for row in rows)


WORKBOOKS = {kind: kind(TITLES, ["x", "y"], ["0017", 17]) for kind in (xlsx, xls)}


@pytest.mark.parametrize("workbook", WORKBOOKS.values(), ids=["xlsx", "xls"])
@settings(max_examples=100, deadline=None)
@examples(data=st.data())
def test_a_damaged_workbook_is_rows_or_a_refusal(workbook: bytes, data: st.DataObject) -> None:
    """X-10"""
    content = bytearray(workbook)
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[at] ^= data.draw(st.integers(1, 255))
    try:
        rows = read_table(bytes(content))
    except TableError:
        return
    assert all(set(row.cells) == set(TITLES) or row.wrong for row in rows)
