"""X-38, CS-26, VO-23: workbooks of Excel 5 to 2003, as another reader of such files reads them."""

import struct
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlrd
import xlwt
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from kernel_tests.workbooks import biff, cell, record, saved, xls

from zugabe_events.tables.cells import Number
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.source import Source
from zugabe_events.tables.table import Row, RowError, open_table
from zugabe_events.tables.xls import xls_sheets

BIFF5, BIFF8 = 0x500, 0x600
NUMBER, LABEL, TRUTH_OR_ERROR, RK, MANY_RK, FORMULA, STRING = (
    0x203,
    0x204,
    0x205,
    0x27E,
    0xBD,
    0x06,
    0x207,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
VALUES = (
    TEXTS
    | st.text("äöüß€Ж漢", min_size=1_000, max_size=5_000)
    | st.integers(-(2**29), 2**29 - 1)
    | st.integers(-(10**6), 10**6).map(lambda cents: cents / 100)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
)


def rows_of(content: bytes, *titles: str, **others: Any) -> list[Row]:
    return list(open_table(content, titles, **others))


def values_read(content: bytes) -> list[tuple[int, Sequence[Any]]]:
    [sheet] = xls_sheets(Source(content), Limits(max_cell_characters=40_000))
    return [
        (line.number, [one.value if isinstance(one, Number) else one for one in line.cells])
        for line in sheet.lines()
    ]


def values_that_xlrd_reads(content: bytes) -> list[tuple[int, Sequence[Any]]]:
    [sheet] = xlrd.open_workbook(file_contents=content, ragged_rows=True).sheets()
    rows = [(line + 1, [*map(value_of, sheet.row(line))]) for line in range(sheet.nrows)]
    return [(line, row) for line, row in rows if any(value is not None for value in row)]


def value_of(one: Any) -> Any:
    match one.ctype:
        case xlrd.XL_CELL_BOOLEAN:
            return bool(one.value)
        case xlrd.XL_CELL_EMPTY:
            return None
    return one.value


@settings(max_examples=60, deadline=None)
@examples(st.lists(st.lists(VALUES, min_size=1, max_size=6), max_size=12))
def test_values_are_read_as_xlrd_reads_them(rows: list[list[Any]]) -> None:
    """CS-26, VO-23: texts that go on in the next record, integers and doubles in four bytes."""
    content = xls(*rows)
    assert values_read(content) == values_that_xlrd_reads(content)


def test_many_long_texts_go_on_from_record_to_record() -> None:
    rows = [[f"{line} {'Schlüssel€'[: 3 + line % 8] * 200}"] for line in range(200)]
    content = xls(*rows)
    assert [text for _, [text] in values_read(content)] == [text for [text] in rows]
    assert values_read(content) == values_that_xlrd_reads(content)


def test_numbers_are_shown_as_their_formats_say() -> None:
    """X-38: T5"""
    content = xls(
        ["Artikel", "Preis", "Ab"],
        [123, 3.49, date(2026, 12, 31)],
        ["00123", 1234, date(2026, 12, 31)],
        [4006381333931, 5, 1],
        A2='"DE"00000',
        B2="#,##0.00 €",
        B3="00000",
        C2="dd.mm.yyyy",
        C3="dd.mm.yyyy",
    )
    good, text, wrong = rows_of(
        content, "Artikel", "Preis", "Ab", kinds={"Preis": "number", "Ab": "day"}
    )
    assert good.cells == {"Artikel": "DE00123", "Preis": "3.49", "Ab": "2026-12-31"}
    assert text.cells == {"Artikel": "00123", "Preis": "1234", "Ab": "2026-12-31"}
    assert wrong.cells == {"Artikel": "4006381333931", "Preis": "5"}
    assert [error.column for error in wrong.wrong] == ["Ab"]


def test_a_format_that_is_not_digits_is_a_wrong_cell() -> None:
    """X-38: T5"""
    [row] = rows_of(xls(["Artikel"], [1234], A2="#,##0"), "Artikel")
    [error] = row.wrong
    assert "angezeigt im Format „#,##0“" in error.reason


def test_merged_cells_count_in_each_of_their_rows_and_hidden_sheets_do_not() -> None:
    """X-38: T6 and T7"""
    book = xlwt.Workbook()
    hidden = book.add_sheet("Listen")
    hidden.visibility = 1
    for column, text in enumerate(("Partner", "Marke")):
        hidden.write(0, column, text)
    sheet = book.add_sheet("Marken")
    for column, text in enumerate(("Partner", "Marke")):
        sheet.write(0, column, text)
    sheet.write_merge(1, 3, 0, 0, "p-1")
    for line in range(1, 4):
        sheet.write(line, 1, f"m-{line}")
    content = saved(book)
    table = open_table(content, ("Partner", "Marke"))
    assert table.sheet == "Marken"
    assert [tuple(row.cells.values()) for row in table] == [
        ("p-1", "m-1"),
        ("p-1", "m-2"),
        ("p-1", "m-3"),
    ]
    assert list(open_table(content, ("Partner", "Marke"), sheet="listen")) == []


def test_formulas_that_were_never_calculated_are_not_passed_over() -> None:
    """X-38: T3"""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blatt")
    sheet.write(0, 0, "Partner")
    sheet.write(1, 0, xlwt.Formula('"p-"&1'))
    with pytest.raises(TableError, match="in Excel öffnen und speichern") as caught:
        rows_of(saved(book), "Partner")
    assert caught.value.code == "table-without-values"


def label(text: str, version: int = BIFF5) -> bytes:
    if version == BIFF5:
        return struct.pack("<H", len(text)) + text.encode("mac_roman")
    return struct.pack("<HB", len(text), 0) + text.encode("latin-1")


def test_excel_5_on_a_mac_is_read_in_its_code_page() -> None:
    """X-38: T14"""
    code_page = record(0x42, struct.pack("<H", 10_000))
    own_format = record(0x1E, b"") + record(0x41E, struct.pack("<HB", 164, 5) + b"00000")
    styles = record(0xE0, struct.pack("<HH", 0, 0)) + record(0xE0, struct.pack("<HH", 0, 164))
    content = biff(
        BIFF5,
        code_page + own_format + styles,
        cell(LABEL, 0, 0, label("Größe"))
        + cell(LABEL, 0, 1, label("Nummer"))
        + cell(LABEL, 1, 0, label("Übergröße"))
        + cell(NUMBER, 1, 1, struct.pack("<d", 42), style=1),
    )
    table = open_table(content, ("Größe", "Nummer"))
    assert (table.format, table.sheet) == ("xls", "Blatt")
    assert list(table) == [Row(2, {"Größe": "Übergröße", "Nummer": "00042"})]


def test_results_of_formulas_are_read_and_errors_are_named() -> None:
    """X-38: T3 and T4"""
    text_follows = b"\0\0\0\0\0\0\xff\xff"
    truth, error = b"\x01\0\x01\0\0\0\xff\xff", b"\x02\0\x2a\0\0\0\xff\xff"
    end = b"\0" * 8
    content = biff(
        BIFF8,
        b"",
        cell(LABEL, 0, 0, label("A", BIFF8))
        + cell(LABEL, 0, 1, label("B", BIFF8))
        + cell(FORMULA, 1, 0, text_follows + end)
        + record(0x4BC, b"shared")
        + record(STRING, label("text", BIFF8))
        + cell(FORMULA, 1, 1, struct.pack("<d", 7) + end)
        + cell(FORMULA, 2, 0, truth + end)
        + cell(FORMULA, 2, 1, error + end)
        + cell(TRUTH_OR_ERROR, 3, 0, b"\x07\x01")
        + cell(TRUTH_OR_ERROR, 3, 1, b"\x00\x00"),
    )
    good, formulas, cells = rows_of(content, "A", "B")
    assert good.cells == {"A": "text", "B": "7"}
    assert formulas.wrong == (
        RowError(3, "A", "Hier steht der Wahrheitswert WAHR, erwartet wird ein Text."),
        RowError(3, "B", "Hier steht der Fehler #N/A (#NV)."),
    )
    assert cells.wrong == (
        RowError(4, "A", "Hier steht der Fehler #DIV/0!."),
        RowError(4, "B", "Hier steht der Wahrheitswert FALSCH, erwartet wird ein Text."),
    )


def test_rows_come_in_order_whatever_the_order_of_their_records() -> None:
    heads = cell(LABEL, 0, 0, label("A", BIFF8)) + cell(LABEL, 0, 1, label("B", BIFF8))
    second = cell(MANY_RK, 2, 0, struct.pack("<LHLH", 4 << 2 | 2, 0, 500 << 2 | 3, 1))
    content = biff(BIFF8, b"", second + cell(RK, 1, 1, struct.pack("<L", 1 << 2 | 2)) + heads)
    assert [(row.line, row.cells) for row in rows_of(content, "A", "B")] == [
        (2, {"A": "", "B": "1"}),
        (3, {"A": "4", "B": "5"}),
    ]


def test_days_may_count_from_1904() -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("Blatt")
    sheet.write(0, 0, "Tag")
    sheet.write(1, 0, datetime(2026, 2, 28), xlwt.easyxf(num_format_str="D.M.YY"))  # noqa: DTZ001
    [row] = rows_of(saved(book), "Tag", kinds={"Tag": "day"})
    assert row.cells == {"Tag": "2026-02-28"}


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        (biff(BIFF8, record(0x2F, b"\0" * 6), b""), "table-encrypted", "Kennwort"),
        (b"\x09\x08\x08\x00\x00\x03\x05\x00\0\0\0\0", "table-unreadable", "vor 1995"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000, "table-unreadable", "beschädigt"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, code: str, sentence: str) -> None:
    """X-38: T14"""
    with pytest.raises(TableError, match=sentence) as caught:
        rows_of(content, "A")
    assert caught.value.code == code


def renamed(content: bytes, name: str) -> bytes:
    old, new = "Workbook".encode("utf-16-le"), name.encode("utf-16-le")
    at = content.index(old)
    changed = bytearray(content)
    changed[at : at + 64] = new.ljust(64, b"\0")
    changed[at + 64 : at + 66] = struct.pack("<H", len(new) + 2)
    return bytes(changed)


@pytest.mark.parametrize(
    ("stream", "code", "sentence"),
    [
        ("EncryptedPackage", "table-encrypted", "Kennwort"),
        ("WordDocument", "table-foreign", "Textdokument"),
        ("PowerPoint Document", "table-foreign", "Präsentation"),
        ("Other", "table-unreadable", "beschädigt"),
    ],
)
def test_other_documents_in_the_same_container_are_told_apart(
    stream: str, code: str, sentence: str
) -> None:
    """X-38: T14"""
    with pytest.raises(TableError, match=sentence) as caught:
        rows_of(renamed(xls(["A"], ["x"]), stream), "A")
    assert caught.value.code == code


@pytest.mark.parametrize("sector", range(40))
def test_chains_of_sectors_that_go_round_end(sector: int) -> None:
    """X-10: each sector in turn is followed by itself."""
    content = bytearray(xls(["A"], *[[f"{line}" * 40] for line in range(100)]))
    (table,) = struct.unpack_from("<L", content, 76)
    start = (table + 1) * 512 + sector * 4
    struct.pack_into("<L", content, start, sector)
    try:
        rows = rows_of(bytes(content), "A")
    except TableError:
        return
    assert all(row.line <= 101 for row in rows)


def test_short_sectors_that_go_round_end() -> None:
    """X-10: xlrd follows these for ever."""
    content = bytearray(xls(["A"], *[[f"x{line}"] for line in range(400)]))
    (directory,) = struct.unpack_from("<L", content, 48)
    (table,) = struct.unpack_from("<L", content, 76)
    container = len(content) // 512 - 1
    content += b"\0" * 1024
    struct.pack_into("<LL", content, (table + 1) * 512 + 4 * container, 0xFFFFFFFE, 0xFFFFFFFE)
    root = (directory + 1) * 512
    struct.pack_into("<LL", content, root + 116, container, 512)
    struct.pack_into("<L", content, root + 128 + 116, 0)
    struct.pack_into("<L", content, 56, 0x7FFFFFFF)
    struct.pack_into("<LL", content, 60, container + 1, 1)
    with pytest.raises(TableError, match="beschädigt"):
        rows_of(bytes(content), "A")


def test_an_allocation_table_is_no_larger_than_its_file_needs() -> None:
    """X-10: a part of the table that names itself as the next part, and as all of its entries."""
    content = bytearray(xls(["A"], ["x"]).ljust(10_000_000, b"\0"))
    content[76:1024] = b"\0" * (1024 - 76)
    struct.pack_into("<LL", content, 68, 0, 2**31)
    with pytest.raises(TableError, match="beschädigt"):
        rows_of(bytes(content), "A", limits=Limits(max_bytes=20_000_000))


def test_a_text_longer_than_a_cell_may_be_is_a_wrong_cell() -> None:
    """X-38: T1"""
    content = xls(["A"], ["x" * 101], ["x" * 100])
    long, good = open_table(content, ("A",), limits=Limits(max_cell_characters=100))
    assert [error.reason for error in long.wrong] == [
        "Der Text ist zu lang, höchstens 100 Zeichen."
    ]
    assert good.cells == {"A": "x" * 100}


def test_what_a_file_is_its_content_says_and_not_its_name(tmp_path: Path) -> None:
    """X-38: T14"""
    path = tmp_path / "named.csv"
    path.write_bytes(xls(["A"], ["x"]))
    table = open_table(path, ("A",))
    assert (table.format, [row.cells for row in table]) == ("xls", [{"A": "x"}])
