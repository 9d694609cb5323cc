"""X-38: tables of LibreOffice, with what they show."""

import pytest
from kernel_tests.workbooks import archive, ods, ods_row

from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.table import Row, open_table


def sheet(*rows: str, name: str = "Tabelle1", style: str = "") -> str:
    return (
        f'<table:table table:name="{name}" table:style-name="{style}">{"".join(rows)}</table:table>'
    )


def typed(kind: str, shown: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" {more}><text:p>{shown}</text:p>'
        "</table:table-cell>"
    )


def number(value: str, shown: str) -> str:
    return typed("float", shown, f'office:value="{value}"')


def rows_of(content: bytes, *titles: str, **others: object) -> list[Row]:
    return list(open_table(content, titles, **others))  # type: ignore[arg-type]


def test_values_of_each_kind_are_read_as_they_are_shown() -> None:
    """X-38: T4 and T5"""
    content = ods(
        sheet(
            ods_row("Artikel", "Preis", "Ab"),
            ods_row(
                number("123", "DE00123"),
                typed("currency", "1.234,50 €", 'office:value="1234.5"'),
                typed("date", "31.12.26", 'office:date-value="2026-12-31"'),
            ),
            ods_row(number("1234", "1.234"), typed("percentage", "5 %", 'office:value="0.05"'), ""),
            ods_row(
                typed("boolean", "WAHR", 'office:boolean-value="true"'),
                typed("time", "08:05", 'office:time-value="PT08H05M"'),
                number("5", "5"),
            ),
            ods_row(
                typed("string", "#NV", 'calcext:value-type="error"'),
                number("0.5", "0,5"),
                "Err:502",
            ),
        )
    )
    kinds = {"Preis": "number", "Ab": "day"}
    good, *wrong = rows_of(content, "Artikel", "Preis", "Ab", kinds=kinds)
    assert good.cells == {"Artikel": "DE00123", "Preis": "1234.5", "Ab": "2026-12-31"}
    assert [[error.reason for error in row.wrong] for row in wrong] == [
        [
            "Hier steht eine Zahl, angezeigt als „1.234“. Bitte die Spalte als Text formatieren "
            "und den Wert so eintragen, wie er gelesen werden soll.",
            "Hier steht ein Prozentwert, erwartet wird eine Zahl.",
        ],
        [
            "Hier steht der Wahrheitswert WAHR, erwartet wird ein Text.",
            "Hier steht eine Uhrzeit (08:05).",
            "Erwartet wird ein Datum wie 31.12.2026.",
        ],
        ["Hier steht der Fehler #NV.", "Hier steht der Fehler Err:502."],
    ]


def test_the_first_visible_sheet_is_read() -> None:
    """X-38: T7"""
    content = ods(
        sheet(ods_row("A"), ods_row("hidden"), name="Listen", style="hidden")
        + sheet(ods_row("A"), ods_row("x"), name="Daten")
        + sheet(ods_row("A"), ods_row("y"), name="Alt")
    )
    table = open_table(content, ("A",))
    assert (table.format, table.sheet) == ("ods", "Daten")
    assert [row.cells["A"] for row in table] == ["x"]
    assert [row.cells["A"] for row in open_table(content, ("A",), sheet="Alt")] == ["y"]


def test_texts_keep_their_blanks_and_lines_and_lose_remarks() -> None:
    text = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>Notiz</text:p>'
        '</office:annotation><text:p>a<text:s text:c="2"/>b<text:tab/>c</text:p>'
        "<text:p>d<text:line-break/><text:span>e _x0041_</text:span></text:p></table:table-cell>"
    )
    [row] = rows_of(ods(sheet(ods_row("A"), ods_row(text))), "A")
    assert row.cells["A"] == "a  b\tc\nd\ne _x0041_"


def test_repeated_cells_and_rows_and_merged_ones_are_there_as_often_as_people_see_them() -> None:
    """X-38: T6"""
    twice = '<table:table-cell table:number-columns-repeated="2"/>'
    merged = (
        '<table:table-cell office:value-type="string" table:number-rows-spanned="3">'
        "<text:p>p-1</text:p></table:table-cell>"
    )
    same = ods_row("<table:covered-table-cell/>", twice, "same").replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="2">'
    )
    empty = ods_row("<table:table-cell/>").replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1048570">'
    )
    content = ods(
        sheet(
            ods_row("A", "", "", "B"), ods_row(merged, twice, "first"), same, ods_row("p-2"), empty
        )
    )
    assert [(row.line, *row.cells.values()) for row in rows_of(content, "A", "B")] == [
        (2, "p-1", "first"),
        (3, "p-1", "same"),
        (4, "p-1", "same"),
        (5, "p-2", ""),
    ]


@pytest.mark.parametrize(
    ("repeated", "column", "code"),
    [("2000000000", "A", "table-unreadable"), ("1000000", "A", "table-too-long")],
)
def test_a_row_that_is_repeated_without_end_is_refused(
    repeated: str, column: str, code: str
) -> None:
    """X-38: T15"""
    bomb = ods_row("x").replace("row>", f'row table:number-rows-repeated="{repeated}">', 1)
    with pytest.raises(TableError) as caught:
        rows_of(ods(sheet(ods_row(column), bomb)), column)
    assert caught.value.code == code


def test_cells_that_are_repeated_without_end_are_no_more_than_the_columns_that_are_read() -> None:
    """X-38: T15"""
    bomb = typed("string", "x", 'table:number-columns-repeated="2000000000"')
    [row] = rows_of(ods(sheet(ods_row("A", "B"), ods_row(bomb))), "A", "B")
    assert row.cells == {"A": "x", "B": "x"}


def test_a_long_text_is_a_wrong_cell_and_a_password_is_told() -> None:
    """X-38: T1"""
    blanks = f'<table:table-cell><text:p>x<text:s text:c="{10**9}"/>y</text:p></table:table-cell>'
    [row] = rows_of(ods(sheet(ods_row("A"), ods_row(blanks))), "A", limits=Limits())
    assert row.wrong[0].reason == "Der Text ist zu lang, höchstens 10.000 Zeichen."
    secret = archive(content=b"\x93\x01\x02", **{"META-INF__manifest": "<x:encryption-data/>"})
    with pytest.raises(TableError, match="Kennwort"):
        rows_of(secret, "A")


def test_a_document_type_is_refused() -> None:
    """X-38: T15"""
    content = archive(content='<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>')
    with pytest.raises(TableError, match="Dokumenttyp"):
        rows_of(content, "A")


def test_a_table_without_sheets_is_refused() -> None:
    with pytest.raises(TableError, match="kein Tabellenblatt"):
        rows_of(ods(""), "A")
