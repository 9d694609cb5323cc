"""X-38: workbooks of Excel since 2007, and of programs that write them in their own way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from kernel_tests.workbooks import (
    MAIN,
    SHEET,
    STRINGS,
    STYLES,
    active,
    changed,
    repacked,
    saved,
    with_shared_strings,
    xlsx,
)
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.visible_text import trimmed
from zugabe_events.export.table import Column, Table
from zugabe_events.export.xlsx import XlsxWriter
from zugabe_events.tables import emptiness
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.numbers import SHORTENED
from zugabe_events.tables.table import Row, RowError, open_table

STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
NOON = time(12)
RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = b"http://purl.oclc.org/ooxml/officeDocument/relationships"


def rows_of(content: bytes, *titles: str, **others: Any) -> list[Row]:
    return list(open_table(content, titles, **others))


def strict(content: bytes) -> bytes:
    def change(_: str, body: bytes) -> bytes:
        return body.replace(MAIN, STRICT).replace(RELATIONS, STRICT_RELATIONS)

    return repacked(content, change)


def with_backslashes(content: bytes) -> bytes:
    names = {name: name.replace("/", "\\") for name in ("xl/workbook.xml", SHEET, STYLES)}
    return repacked(content, lambda _, body: body, names)


def in_other_case(content: bytes) -> bytes:
    names = {STRINGS: "xl/SharedStrings.xml", SHEET: SHEET.upper()}
    return repacked(with_shared_strings(content), lambda _, body: body, names)


def with_prefixes(content: bytes) -> bytes:
    """As programs write it that name every namespace."""

    def change(name: str, body: bytes) -> bytes:
        if name != SHEET:
            return body
        text = (
            body.decode().replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
        )
        return text.encode()

    return repacked(content, change)


def with_styles_that_break_rules(content: bytes) -> bytes:
    """Two of one format, colours and fonts that no one knows, counts that are wrong."""
    odd = (
        b'<numFmts count="9"><numFmt numFmtId="164" formatCode="0000"/></numFmts>'
        b'<fonts count="0"><font><name/><sz val="x"/><color indexed="999"/></font></fonts>'
        b"<fills/><borders/>"
    )
    return changed(content, STYLES, b"<fonts", odd + b"<fonts")


def with_empty_styles_of_cells(content: bytes) -> bytes:
    return changed(content, SHEET, b"<c ", b'<c s="" ')


@pytest.mark.parametrize(
    "other",
    [
        strict,
        with_backslashes,
        with_shared_strings,
        in_other_case,
        with_prefixes,
        with_styles_that_break_rules,
        with_empty_styles_of_cells,
    ],
)
def test_workbooks_of_other_programs_are_read(other: Callable[[bytes], bytes]) -> None:
    """X-38: T13"""
    content = other(xlsx(["Partner", "Zahl"], ["p-1", 17], ["p-2", 0.5]))
    rows = rows_of(content, "Partner", "Zahl", kinds={"Zahl": "number"})
    assert [row.cells for row in rows] == [
        {"Partner": "p-1", "Zahl": "17"},
        {"Partner": "p-2", "Zahl": "0.5"},
    ]


def test_a_workbook_is_found_through_its_relations() -> None:
    """X-38: T13"""
    content = repacked(
        xlsx(["Partner"], ["p-1"]),
        lambda _, body: body.replace(b"xl/workbook.xml", b"daten/buch.xml").replace(
            b"/xl/worksheets/sheet1.xml", b"../xl/worksheets/sheet1.xml"
        ),
        {
            "xl/workbook.xml": "daten/buch.xml",
            "xl/_rels/workbook.xml.rels": "daten/_rels/buch.xml.rels",
        },
    )
    assert [row.cells for row in rows_of(content, "Partner")] == [{"Partner": "p-1"}]


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (123, "General", "123"),
        (123.0, "0", "123"),
        (123, "@", "123"),
        (17, "00000", "00017"),
        (123456, "00000", "123456"),
        (123, '"DE"00000', "DE00123"),
        (1234567, "000-00-00", "123-45-67"),
        (7, r"\A\-#0#", "A-07"),
        (4006381333931, "0", "4006381333931"),
        (0, "000", "000"),
        (-5, "00", "-05"),
        (2.5, "General", "2,5"),
        (0.1 + 0.2, "General", "0,3"),
    ],
)
def test_a_number_in_a_column_of_texts_is_what_people_see(
    value: float, number_format: str, text: str
) -> None:
    """X-38: T5 and T10"""
    book = Workbook()
    active(book)["A1"] = "Artikel"
    active(book)["A2"] = value
    active(book)["A2"].number_format = number_format
    assert [row.cells for row in rows_of(saved(book), "Artikel")] == [{"Artikel": text}]


@pytest.mark.parametrize(
    ("value", "number_format", "sentence"),
    [
        (1234, "#,##0", "im Format „#,##0“"),
        (1234, "0.00", "im Format „0.00“"),
        (0.5, "0%", "im Format „0%“"),
        (4006381333931, "0.00E+00", "im Format „0.00E+00“"),
        (5, '[<10]"wenig";"viel"', "im Format"),
        (2.5, "00000", "im Format „00000“"),
        (1e-7, "General", "im Format „General“"),
        (123456789012345678, "0", "Excel merkt sich nur 15 Ziffern"),
        (0.5, "hh:mm", "im Format „hh:mm“"),
    ],
)
def test_a_number_that_people_see_otherwise_is_a_wrong_cell(
    value: float, number_format: str, sentence: str
) -> None:
    """X-38: T5 and T10"""
    book = Workbook()
    active(book)["A1"] = "Artikel"
    active(book)["A2"] = value
    active(book)["A2"].number_format = number_format
    [row] = rows_of(saved(book), "Artikel")
    [error] = row.wrong
    assert sentence in error.reason


def test_columns_of_numbers_and_days_have_one_spelling() -> None:
    content = xlsx(
        ["Preis", "Ab"],
        [3.49, date(2026, 12, 31)],
        ["1.234,56 €", "31.12.2026"],
        [1e15, "2026-12-31"],
        [-0.07, datetime(2026, 12, 31)],  # noqa: DTZ001
    )
    rows = rows_of(content, "Preis", "Ab", kinds={"Preis": "number", "Ab": "day"})
    prices = ["3.49", "1234.56", "1000000000000000", "-0.07"]
    assert [row.cells for row in rows] == [{"Preis": price, "Ab": "2026-12-31"} for price in prices]


@pytest.mark.parametrize(
    ("price", "day", "reasons"),
    [
        (
            date(2026, 12, 31),
            46387,
            ("Hier steht ein Datum (31.12.2026)", "Erwartet wird ein Datum"),
        ),
        (True, False, ("Wahrheitswert WAHR", "Erwartet wird ein Datum")),
        ("drei", datetime(2026, 12, 31, 8, 5), ("Erwartet wird eine Zahl", "auch eine Uhrzeit")),  # noqa: DTZ001
    ],
)
def test_what_is_no_number_or_no_day_is_a_wrong_cell(
    price: Any, day: Any, reasons: tuple[str, str]
) -> None:
    """X-38: T4"""
    [row] = rows_of(
        xlsx(["Preis", "Ab"], [price, day]), "Preis", "Ab", kinds={"Preis": "number", "Ab": "day"}
    )
    assert [error.column for error in row.wrong] == ["Preis", "Ab"]
    assert all(part in error.reason for part, error in zip(reasons, row.wrong, strict=True))


def test_a_percentage_is_no_price() -> None:
    book = Workbook()
    active(book)["A1"] = "Preis"
    active(book)["A2"] = 0.19
    active(book)["A2"].number_format = "0%"
    [row] = rows_of(saved(book), "Preis", kinds={"Preis": "number"})
    assert row.wrong == (
        RowError(2, "Preis", "Hier steht ein Prozentwert, erwartet wird eine Zahl."),
    )


def test_stored_results_of_formulas_are_read_and_nothing_is_calculated() -> None:
    """X-38: T3"""
    content = changed(
        xlsx(["A", "B"], ["=1+1", '=IF(1,"","")'], ["=A2", "x"]),
        SHEET,
        b"<f>1+1</f><v />",
        b"<f>1+1</f><v>2</v>",
    )
    content = changed(
        content,
        SHEET,
        b'<c r="B2"><f>IF(1,"","")</f><v />',
        b'<c r="B2" t="str"><f>IF(1,"","")</f><v></v>',
    )
    first, second = rows_of(content, "A", "B")
    assert (first.cells, first.wrong) == ({"A": "2", "B": ""}, ())
    assert second.cells == {"B": "x"}
    assert "noch nicht berechnet" in second.wrong[0].reason


def test_formulas_with_empty_results_are_no_rows_unless_there_are_no_others() -> None:
    """X-38: T3"""
    empty = b'<row r="9"><c r="A9" t="str"><f>IF(1,"","")</f><v></v></c></row></sheetData>'
    dragged = changed(xlsx(["A"], ["x"]), SHEET, b"</sheetData>", empty)
    assert [row.line for row in rows_of(dragged, "A")] == [2]
    with pytest.raises(TableError, match="steht kein Wert") as caught:
        rows_of(changed(xlsx(["A"]), SHEET, b"</sheetData>", empty), "A")
    assert caught.value.code == "table-without-values"


def test_the_first_visible_sheet_with_the_header_is_read_and_another_can_be_named() -> None:
    """X-38: T7"""
    book = Workbook()
    active(book).title = "Hinweise"
    active(book).append(["Bitte das Blatt „Marken“ ausfüllen."])
    for name in ("Marken", "Alte Marken"):
        sheet = book.create_sheet(name)
        sheet.append(["Marke"])
        sheet.append([f"aus {name}"])
    assert open_table(saved(book), ("Marke",)).sheet == "Marken"
    named = open_table(saved(book), ("Marke",), sheet="alte marken")
    assert (named.sheet, [row.cells["Marke"] for row in named]) == (
        "Alte Marken",
        ["aus Alte Marken"],
    )
    with pytest.raises(TableError, match="„Hinweise“, „Marken“, „Alte Marken“") as caught:
        open_table(saved(book), ("Marke",), sheet="Neu")
    assert caught.value.code == "sheet-unknown"
    with pytest.raises(TableError, match="Es fehlt die Spalte „Marke“"):
        open_table(saved(book), ("Marke",), sheet="Hinweise")


def test_the_header_may_stand_in_one_of_ten_rows_with_values() -> None:
    """X-38: T8"""
    above = [[f"Zeile {line}"] for line in range(9)]
    assert [row.line for row in rows_of(xlsx(*above, [None], ["Marke"], ["m-1"]), "Marke")] == [12]
    with pytest.raises(TableError, match="Es fehlt die Spalte „Marke“"):
        rows_of(xlsx(*above, ["Zeile"], ["Marke"], ["m-1"]), "Marke")


@pytest.mark.parametrize(
    "title",
    ["markenname", "\ufeffMarkenname", "Marken\u00adname", "MARKENNAME\u200b", " Markenname\u00a0"],
)
def test_titles_may_have_other_cases_and_invisible_characters(title: str) -> None:
    """X-38: T8"""
    assert [row.cells for row in rows_of(xlsx([title], ["x"]), "Markenname")] == [
        {"Markenname": "x"}
    ]


def test_a_title_over_two_lines_or_with_decomposed_letters_is_the_title() -> None:
    """X-38: T8"""
    content = xlsx(["Gültig\n bis", "Gro\u0308ße"], ["a", "b"])
    assert [row.cells for row in rows_of(content, "Gültig bis", "Größe")] == [
        {"Gültig bis": "a", "Größe": "b"}
    ]


def test_columns_that_may_be_missing_are_read_if_they_are_there() -> None:
    """CS-23: all others have to be there, even if they are empty."""
    content = xlsx(["A", "B"], ["x", None])
    table = open_table(content, ("A", "B"), optional=("C",))
    assert (table.titles, [row.cells for row in table]) == (("A", "B"), [{"A": "x", "B": ""}])
    with pytest.raises(TableError, match="Es fehlen die Spalten „C“, „D“") as caught:
        open_table(content, ("A", "C", "D"))
    assert caught.value.code == "columns-missing"
    with pytest.raises(TableError, match="Die Spalte „A“ gibt es mehrfach") as twice:
        open_table(xlsx(["A", "a"]), ("A",))
    assert twice.value.code == "columns-twice"


def test_merged_cells_of_the_header_are_not_repeated_below_it() -> None:
    """X-38: T6"""
    book = Workbook()
    sheet = active(book)
    for row in (["Partner", "Marke"], [None, None], ["p-1", "m-1"], [None, "m-2"], ["p-2", "m-3"]):
        sheet.append(row)
    for merged in ("A1:A2", "B1:B2", "A3:A4"):
        sheet.merge_cells(merged)
    sheet["D9"] = "Stand: heute"
    rows = rows_of(saved(book), "Partner", "Marke")
    assert [tuple(row.cells.values()) for row in rows] == [
        ("p-1", "m-1"),
        ("p-1", "m-2"),
        ("p-2", "m-3"),
    ]


def test_a_title_merged_over_two_lines_belongs_to_the_titles_of_the_second() -> None:
    """X-38: T6 and T8"""
    book = Workbook()
    sheet = active(book)
    sheet.append(["Partner", "Marke", None])
    sheet.append([None, "Nummer", "Name"])
    sheet.append(["p-1", "m-1", "Musterlicht"])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    [row] = rows_of(saved(book), "Partner", "Nummer", "Name")
    assert tuple(row.cells.values()) == ("p-1", "m-1", "Musterlicht")


def test_a_text_in_several_fonts_is_one_text() -> None:
    book = Workbook()
    active(book)["A1"] = "A"
    active(book)["A2"] = CellRichText("Muster", TextBlock(InlineFont(b=True), "licht"), " GmbH")
    assert [row.cells["A"] for row in rows_of(saved(book), "A")] == ["Musterlicht GmbH"]


def test_how_a_text_is_pronounced_is_no_part_of_it() -> None:
    content = changed(
        with_shared_strings(xlsx(["A"], ["東京"])),
        STRINGS,
        "<t>東京</t>".encode(),
        '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>'.encode(),
    )
    assert [row.cells["A"] for row in rows_of(content, "A")] == ["東京"]


def test_days_may_be_written_as_texts_of_the_standard() -> None:
    content = changed(xlsx(["A"], [17]), SHEET, b't="n"', b't="d"')
    content = changed(content, SHEET, b"<v>17</v>", b"<v>2026-12-31T00:00:00</v>")
    assert [row.cells for row in rows_of(content, "A", kinds={"A": "day"})] == [{"A": "2026-12-31"}]


@pytest.mark.parametrize("serial", [0.5, 60, 3_000_000])
def test_a_day_that_there_is_not_is_a_wrong_cell(serial: float) -> None:
    book = Workbook()
    active(book)["A1"] = "Tag"
    active(book)["A2"] = serial
    active(book)["A2"].number_format = "dd.mm.yyyy"
    [row] = rows_of(saved(book), "Tag", kinds={"Tag": "day"})
    assert row.wrong[0].reason.startswith("Hier steht ein Datum, das es nicht gibt")


def test_one_kind_of_bound_is_named_when_it_is_passed() -> None:
    """X-38: T2"""
    content = xlsx(["A", "B"], *[["x" * 50, "y"]] * 20)
    for limits, sentence in (
        (Limits(max_rows=19), "mehr als 19 Zeilen"),
        (Limits(max_characters=1_000), "zusammen mehr als 1.000 Zeichen"),
        (Limits(max_bytes=1_000), "größer als 0,001 MB"),
        (Limits(max_unpacked_bytes=2_000), "entpackt größer als 0,002 MB"),
    ):
        with pytest.raises(TableError, match=sentence):
            rows_of(content, "A", "B", limits=limits)
    assert len(rows_of(content, "A", "B", limits=Limits(max_rows=20, max_columns=2))) == 20
    with pytest.raises(TableError, match="Es fehlt die Spalte „B“"):
        rows_of(content, "A", "B", limits=Limits(max_columns=1))


@dataclass(frozen=True, slots=True)
class Item:
    name: str = ""
    cents: int = 0
    day: date = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("empty", "values"), [("<row/>", 0), ("<row><c/></row>", 0), ("<row><c/><c/><c/></row>", 3)]
)
def test_a_few_kilobytes_of_empty_cells_are_not_read_to_their_end(
    monkeypatch: pytest.MonkeyPatch, empty: str, values: int
) -> None:
    """S14: but empty cells beside values are as people leave them."""
    monkeypatch.setattr(emptiness, "MAX_EMPTY", 5_000)
    filled = (
        '<row><c t="str"><v>Nummer</v></c></row>' + '<row><c t="str"><v>1</v></c></row>' * values
    )

    def change(name: str, body: bytes) -> bytes:
        if name != SHEET:
            return body
        start = body.index(b"<sheetData>") + len(b"<sheetData>")
        end = body.index(b"</sheetData>")
        return body[:start] + (filled + empty * 6_000).encode() + body[end:]

    with pytest.raises(TableError, match="fast nur aus leeren Zellen"):
        rows_of(repacked(xlsx(["Nummer"], ["1"]), change), "Nummer")


def unchanged(view: Item | None, _: Event) -> Item | None:
    return view


MODEL = ReadModel("items", 1, (), Item, lambda _: [], unchanged)


def exported(items: Sequence[Item], *columns: Column[Item]) -> bytes:
    writer = XlsxWriter(Table("Export", MODEL, columns))
    return writer.rows(items) + writer.end()


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="ÂÃâ#"), max_size=12)
WRITABLE = CELLS.filter(
    lambda text: (
        all(sign == "\t" or sign >= " " for sign in text) and not SHORTENED.fullmatch(trimmed(text))
    )
)


@settings(max_examples=60, deadline=None)
@examples(st.lists(st.builds(Item, WRITABLE, st.integers(-(10**12), 10**12)), max_size=8))
def test_what_was_exported_is_read_as_it_was(items: list[Item]) -> None:
    """X-38: T12"""
    content = exported(
        items,
        Column("Name", lambda item: item.name),
        Column("Preis", lambda item: item.cents, "hundredths"),
    )
    rows = rows_of(content, "Name", "Preis", kinds={"Preis": "number"})
    assert [(row.cells["Name"], Decimal(row.cells["Preis"])) for row in rows] == [
        (trimmed(item.name), Decimal(item.cents) / 100) for item in items
    ]


def test_days_that_were_exported_are_read_again() -> None:
    """X-38: T12"""
    content = exported(
        [Item()],
        Column("Tag", lambda item: item.day),
        Column("Zeit", lambda item: datetime.combine(item.day, NOON, UTC), "instant"),
    )
    kinds = {"Tag": "day", "Zeit (Berlin)": "day"}
    [row] = rows_of(content, "Tag", "Zeit (Berlin)", kinds=kinds)
    assert row.cells == {"Tag": "2026-12-31"}
    assert row.wrong[0].reason == "Hier steht auch eine Uhrzeit (31.12.2026 13:00)."
