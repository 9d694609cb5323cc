"""Lists in the first column of any table, with a heading or without."""

import struct
import time

import pytest
from kernel_tests.workbooks import active, biff, cell, ods, ods_row, saved, xls, xlsx
from openpyxl import Workbook

from zugabe_events.tables import emptiness
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.first_column import open_first_column
from zugabe_events.tables.limits import Limits

HEADINGS = ("artikelnummer", "artikelnr")


def numbers(content: bytes, **options: str) -> list[tuple[int, str]]:
    table = open_first_column(content, "Artikelnummer", HEADINGS, **options)  # type: ignore[arg-type]
    return [(row.line, row.cells["Artikelnummer"]) for row in table if not row.wrong]


@pytest.mark.parametrize(
    "content",
    [
        xlsx(["0017", "Locher"], ["4711", 12.5], ["A/9", None]),
        xls(["0017", "Locher"], ["4711", 12.5], ["A/9", None]),
        ods(f"<table:table>{''.join(map(ods_row, ('0017', '4711', 'A/9')))}</table:table>"),
        b"0017;Locher\n4711;12,5\nA/9;\n",
        b"0017,Locher\n4711,12.5\nA/9,\n",
        b"0017\tLocher\n4711\t12,5\nA/9\t\n",
        b"sep=;\n0017;Locher\n4711;1\nA/9;1\n",
        b"0017\r\n4711\r\nA/9\r\n",
        "0017\n4711\nA/9".encode("utf-16"),
    ],
)
def test_the_first_column_is_read_without_a_heading(content: bytes) -> None:
    """VO-23: whatever the format; `0017` stays `0017`, and other columns do not count."""
    assert [number for _, number in numbers(content)] == ["0017", "4711", "A/9"]


@pytest.mark.parametrize("heading", ["Artikelnummer", "Artikel-Nr.", "\u200bARTIKEL NR "])
def test_a_heading_is_no_number(heading: str) -> None:
    """VO-23: nor is what stands above it."""
    content = xlsx(["Sommeraktion", None], [heading, "Menge"], ["4711", 3], [None, 4], ["4712", 5])
    assert numbers(content) == [(3, "4711"), (5, "4712")]


def test_numbers_are_read_as_they_are_shown() -> None:
    """VO-23: a format that adds zeros adds them, and 123.0 is 123."""
    book = Workbook()
    sheet = active(book)
    for value, number_format in ((17, "0000"), (123.0, "General"), (5, "@")):
        sheet.append([value])
        sheet.cell(sheet.max_row, 1).number_format = number_format
    assert [number for _, number in numbers(saved(book))] == ["0017", "123", "5"]


def test_wrong_rows_are_named_and_others_are_read() -> None:
    book = Workbook()
    sheet = active(book)
    for value in ("4711", "#N/A", True, "4712"):
        sheet.append([value])
    table = open_first_column(saved(book), "Artikelnummer")
    assert [(row.line, bool(row.wrong)) for row in table] == [
        (1, False),
        (2, True),
        (3, True),
        (4, False),
    ]


def test_the_first_sheet_that_has_a_first_column_is_read() -> None:
    book = Workbook()
    active(book)["B2"] = "Hinweise"
    hidden = book.create_sheet("Alt")
    hidden.sheet_state = "hidden"
    hidden.append(["9"])
    book.create_sheet("Artikel").append(["4711"])
    content = saved(book)
    assert open_first_column(content, "Artikelnummer").sheet == "Artikel"
    assert numbers(content) == [(1, "4711")]
    assert numbers(content, sheet="alt") == [(1, "9")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (xlsx(), "table-empty"),
        (xlsx([None, "4711"]), "table-without-values"),
        (b"%PDF-1.7", "table-foreign"),
        (b"4711\n" * 5_001, "table-too-long"),
    ],
)
def test_what_has_no_first_column_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(TableError) as refused:
        numbers(content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("version", "length"), [(0x500, "<H"), (0x600, "<HB")], ids=["BIFF5", "BIFF8"]
)
def test_old_excel_is_read(version: int, length: str) -> None:
    """VO-23: Excel 95, and Excel 97 to 2003"""
    cells = b"".join(
        cell(0x204, row, 0, struct.pack(length, *[len(text), 0][: len(length) - 1]) + text)
        for row, text in enumerate((b"0017", b"4711"))
    )
    assert numbers(biff(version, b"", cells)) == [(1, "0017"), (2, "4711")]


def test_a_hundred_thousand_rows_take_seconds() -> None:
    """VO-22"""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(100_000):
        sheet.append([f"{number:08}", "Locher", 1])
    content = saved(book)
    started = time.monotonic()
    table = open_first_column(content, "Artikelnummer", limits=Limits(max_rows=100_000))
    assert sum(1 for _ in table) == 100_000
    assert time.monotonic() - started < 20


EMPTY_ROW = "<table:table-row><table:table-cell/></table:table-row>"
EMPTY_TEXT = ods_row("")


def label(row: int, text: bytes) -> bytes:
    return cell(0x204, row, 0, struct.pack("<HB", len(text), 0) + text)


@pytest.mark.parametrize(
    "content",
    [
        ods(f"<table:table>{ods_row('4711')}{EMPTY_ROW * 3_000}{ods_row('1')}</table:table>"),
        ods(f"<table:table>{ods_row('4711')}{EMPTY_TEXT * 3_000}{ods_row('1')}</table:table>"),
        biff(0x600, b"", label(0, b"4711") + b"".join(label(n, b"") for n in range(1, 6_000))),
    ],
    ids=["ODS", "ODS with empty texts", "XLS"],
)
def test_workbooks_of_little_but_empty_cells_are_refused(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """S14: 140 KB of them took 20 seconds."""
    assert numbers(content)
    monkeypatch.setattr(emptiness, "MAX_EMPTY", 5_000)
    with pytest.raises(TableError, match="fast nur aus leeren Zellen"):
        numbers(content)


def test_empty_cells_beside_values_are_as_people_leave_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(emptiness, "MAX_EMPTY", 100)
    content = ods(f"<table:table>{(ods_row('4711') + EMPTY_ROW * 5) * 200}</table:table>")
    assert len(numbers(content)) == 200
