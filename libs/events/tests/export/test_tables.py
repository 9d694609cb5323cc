"""X-18: what stands in a view stands in the file, and nothing in a file is computed."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from zugabe_events.domain.event import Event
from zugabe_events.domain.formula_text import is_formula, protected, unprotected
from zugabe_events.domain.projection import ReadModel
from zugabe_events.export.csv import CsvWriter
from zugabe_events.export.table import Column, Table, Writer
from zugabe_events.export.xlsx import MAX_CELL_LENGTH, NOT_XML, XlsxWriter


@dataclass(frozen=True, slots=True)
class Loan:
    """A row with a cell of every kind."""

    title: str = "Faust"
    fee_cents: int = 0
    copies: int = 1
    kept: bool = False
    until: date | None = None
    lent_at: datetime | None = None
    seen_at: datetime | None = None


def ignore(view: Loan | None, event: Event) -> Loan | None:
    return view


TABLE = Table(
    "ausleihen",
    ReadModel("loans", 1, (), Loan, lambda event: [], ignore),
    (
        Column("Titel", lambda loan: loan.title),
        Column("Gebühr (EUR)", lambda loan: loan.fee_cents, "hundredths"),
        Column("Exemplare", lambda loan: loan.copies),
        Column("Behalten", lambda loan: loan.kept),
        Column("Bis", lambda loan: loan.until),
        Column("Seit", lambda loan: loan.lent_at, "instant"),
        Column("Zuletzt", lambda loan: loan.seen_at),
    ),
)
TITLES = [
    *("Titel", "Gebühr (EUR)", "Exemplare", "Behalten", "Bis"),
    *("Seit (Berlin)", "Seit (UTC)", "Zuletzt"),
]


def whole(writer: Writer[Loan], *batches: Sequence[Loan]) -> bytes:
    return b"".join([*map(writer.rows, batches), writer.end()])


def csv_of(*batches: Sequence[Loan]) -> list[list[str]]:
    text = whole(CsvWriter(TABLE), *batches).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline=""), delimiter=";"))


def sheets_of(*batches: Sequence[Loan], rows_per_sheet: int = 1_000) -> list[list[Any]]:
    """The cells of each sheet as a reader of another make finds them."""
    workbook = load_workbook(BytesIO(whole(XlsxWriter(TABLE, rows_per_sheet), *batches)))
    for sheet in workbook:
        for row in sheet.iter_rows():
            assert all(cell.data_type in "nsd" for cell in row), "a formula"
    return [
        [list(map(read, row)) for row in sheet.iter_rows(values_only=True)] for sheet in workbook
    ]


def read(cell: Any) -> Any:
    """This reader leaves the escapes of text as they are (ECMA-376, ST_Xstring)."""
    if not isinstance(cell, str):
        return cell
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), cell)


KNOWN = Loan(
    'Ödön & <Co>; "x"',
    -123_456,
    3,
    True,
    date(2026, 12, 31),
    datetime(2026, 7, 1, 22, 5, 9, tzinfo=UTC),
)


def test_a_csv_is_what_german_spreadsheets_open() -> None:
    raw = whole(CsvWriter(TABLE), [KNOWN])
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    assert csv_of([KNOWN], [Loan()]) == [
        TITLES,
        [
            *(KNOWN.title, "-1234,56", "3", "ja", "2026-12-31"),
            *("2026-07-02 00:05:09", "2026-07-01 22:05:09", ""),
        ],
        ["Faust", "0,00", "1", "nein", "", "", "", ""],
    ]


def test_a_workbook_has_numbers_and_dates_and_not_their_texts() -> None:
    [[titles, first, second]] = sheets_of([KNOWN], [Loan()])
    assert titles == TITLES
    assert first == [
        KNOWN.title,
        -1234.56,
        3,
        "ja",
        datetime(2026, 12, 31),  # noqa: DTZ001 - as workbooks have it
        datetime(2026, 7, 2, 0, 5, 9),  # noqa: DTZ001
        datetime(2026, 7, 1, 22, 5, 9),  # noqa: DTZ001
        None,
    ]
    assert second == ["Faust", 0, 1, "nein", None, None, None, None]


def test_the_hour_that_clocks_repeat_in_autumn_is_told_apart() -> None:
    """D19"""
    before, after = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    rows = [Loan(lent_at=before, seen_at=before), Loan(lent_at=after, seen_at=after)]
    _, *in_csv = csv_of(rows)
    assert [row[5:] for row in in_csv] == [
        ["2026-10-25 02:30:00", "2026-10-25 00:30:00", "2026-10-25 02:30:00+02:00"],
        ["2026-10-25 02:30:00", "2026-10-25 01:30:00", "2026-10-25 02:30:00+01:00"],
    ]
    [[_, *in_workbook]] = sheets_of(rows)
    assert [(row[5] == in_workbook[0][5], str(row[6]), row[7]) for row in in_workbook] == [
        (True, "2026-10-25 00:30:00", "2026-10-25 02:30:00+02:00"),
        (True, "2026-10-25 01:30:00", "2026-10-25 02:30:00+01:00"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        '=HYPERLINK("https://example.org")',
        '";=1+1;"',
    ],
)
def test_a_text_is_no_formula(text: str) -> None:
    [_, row] = csv_of([Loan(text)])
    assert row[0] == (f"'{text}" if is_formula(text) else text)
    assert row[1:] == ["0,00", "1", "nein", "", "", "", ""], "no cell more"
    assert not is_formula(row[0])
    [[_, [told, *_]]] = sheets_of([Loan(text)])
    assert told == text


@given(st.text(st.sampled_from("'=+-@ \tx"), max_size=6))
def test_the_apostrophe_of_an_export_is_taken_off_and_no_other(text: str) -> None:
    """X-38"""
    assert unprotected(protected(text)) == text
    assert not is_formula(protected(text))


def test_owing_money_is_no_formula() -> None:
    assert csv_of([Loan(fee_cents=-5)])[1][1] == "-0,05"


texts = st.text(max_size=30) | st.sampled_from(["_x0041_", "a_x000D_b", "\x00", "\ud800", "￿"])
loans = st.builds(
    Loan,
    title=texts,
    fee_cents=st.integers(-(10**12), 10**12),
    copies=st.integers(0, 10**6),
    kept=st.booleans(),
    until=st.none() | st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    lent_at=st.none()
    | st.integers(0, 4 * 10**9).map(lambda s: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(0, s)),
)


@given(batches=st.lists(st.lists(loans, max_size=5), max_size=4))
def test_whatever_a_view_holds_its_files_hold(batches: list[list[Loan]]) -> None:
    rows = [loan for batch in batches for loan in batch]
    _, *told = csv_of(*batches)
    assert [row[0].removeprefix("'") for row in told] == [
        loan.title.encode("utf-8", "replace").decode().removeprefix("'") for loan in rows
    ]
    assert [Decimal(row[1].replace(",", ".")) * 100 for row in told] == [
        loan.fee_cents for loan in rows
    ]
    sheets = sheets_of(*batches, rows_per_sheet=7)
    assert all(sheet[0] == TITLES for sheet in sheets)
    found = [row for sheet in sheets for row in sheet[1:]]
    assert [row[0] or "" for row in found] == [NOT_XML.sub("\ufffd", loan.title) for loan in rows]
    assert [round(row[1] * 100) for row in found] == [loan.fee_cents for loan in rows]
    assert [row[2] for row in found] == [loan.copies for loan in rows]
    assert [row[4] and row[4].date() for row in found] == [loan.until for loan in rows]


def test_a_full_sheet_is_followed_by_another() -> None:
    sheets = sheets_of([Loan(str(n)) for n in range(5)], [Loan("5"), Loan("6")], rows_per_sheet=3)
    assert [[row[0] for row in sheet[1:]] for sheet in sheets] == [
        ["0", "1", "2"],
        ["3", "4", "5"],
        ["6"],
    ]


def test_an_empty_list_is_a_file_with_titles() -> None:
    assert csv_of([]) == [TITLES]
    assert sheets_of([]) == [[TITLES]]


def test_a_cell_is_cut_where_excel_would_refuse_the_file() -> None:
    [[_, [told, *_]]] = sheets_of([Loan("\U0001f600" * 20_000)])
    assert len(told.encode("utf-16-le")) // 2 <= MAX_CELL_LENGTH
    assert told.endswith("\U0001f600…")
