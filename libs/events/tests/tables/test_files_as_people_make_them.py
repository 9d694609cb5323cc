"""X-38: files as they come in, each read as the person who made it sees it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from zugabe_events.tables.errors import TableError
from zugabe_events.tables.table import Row, RowError, open_table

DATA = Path(__file__).parent / "data"
TITLES = ("Partner", "Firma", "Ansprechpartner", "E-Mail", "Marke", "Markenname")
MUSTER = ("p-1", "Muster GmbH", "Ina Beispiel", "ina@muster.example", "m-1", "Musterlicht")
MUELLER = ("p-1", "Müller & Söhne", "Jörg Größe", "j@m.example", "m-1", "Überlicht")
NOT_CALCULATED = (
    "Hier steht eine Formel, die noch nicht berechnet ist. Bitte die Datei in Excel öffnen und "
    "speichern."
)


def rows_of(file: str, titles: Sequence[str] = TITLES) -> Sequence[Row]:
    return list(open_table(DATA / file, titles))


def cells_of(file: str, titles: Sequence[str] = TITLES) -> Sequence[tuple[str, ...]]:
    rows = rows_of(file, titles)
    assert not [error for row in rows for error in row.wrong]
    return [tuple(row.cells[title] for title in titles) for row in rows]


def mistakes_of(file: str) -> Sequence[tuple[int, str, str]]:
    return [
        (error.line, error.column, error.reason) for row in rows_of(file) for error in row.wrong
    ]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("01-stray-format-last-row.xlsx", 2),
        ("08-hidden-list-sheet-first.xlsx", 2),
        ("10-title-rows-above-head.xlsx", 4),
    ],
)
def test_formats_hidden_sheets_and_titles_above_the_header_do_no_harm(file: str, line: int) -> None:
    """X-38: T2, T7 and T8"""
    assert cells_of(file) == [MUSTER]
    assert [row.line for row in rows_of(file)] == [line]


def test_a_formula_that_was_never_calculated_is_named_with_its_cell() -> None:
    """X-38: T3"""
    assert mistakes_of("03-formulas-never-calculated.xlsx") == [
        (2, title, NOT_CALCULATED) for title in TITLES
    ]


def test_an_error_in_a_cell_is_a_mistake_of_its_row() -> None:
    """X-38: T4"""
    assert mistakes_of("05-error-cells.xlsx") == [
        (2, "Firma", "Hier steht der Fehler #N/A (#NV)."),
        (2, "Markenname", "Hier steht der Fehler #REF! (#BEZUG!)."),
    ]


def test_a_day_or_a_truth_value_is_no_name() -> None:
    """X-38: T4"""
    assert mistakes_of("12-date-and-bool-for-names.xlsx") == [
        (2, "Markenname", "Hier steht ein Datum (07.11.2026), erwartet wird ein Text."),
        (3, "Markenname", "Hier steht der Wahrheitswert WAHR, erwartet wird ein Text."),
    ]


def test_numbers_are_read_as_their_formats_show_them() -> None:
    """X-38: T5"""
    [row] = cells_of("06-custom-number-formats.xlsx")
    assert (row[0], row[4]) == ("DE00123", "123-45-67")


def test_merged_cells_count_in_each_of_their_rows() -> None:
    """X-38: T6"""
    assert cells_of("07-merged-partner.xlsx") == [
        MUSTER,
        (*MUSTER[:4], "m-2", "Zweite"),
        (*MUSTER[:4], "m-3", "Dritte"),
    ]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("20-sep-line.csv", 3),
        ("21-excel-unicode-text.txt", 2),
        ("23-macroman.csv", 2),
        ("28-blank-first-line.csv", 3),
    ],
)
def test_csv_is_read_in_every_way_people_save_it(file: str, line: int) -> None:
    """X-38: T8 and T9"""
    assert cells_of(file) == [MUELLER]
    assert [row.line for row in rows_of(file)] == [line]


def test_a_line_in_another_encoding_is_named() -> None:
    """X-38: T9"""
    with pytest.raises(TableError, match="Zeile 3 ist anders kodiert") as caught:
        open_table(DATA / "24-utf8-with-one-latin1-byte.csv", TITLES)
    assert caught.value.code == "table-encoding"


def test_numbers_that_excel_has_shortened_are_no_ids() -> None:
    """X-38: T10"""
    good, *bad = rows_of("25-scientific-ids.csv")
    assert not good.wrong
    assert [(row.line, error.column) for row in bad for error in row.wrong] == [
        (3, "Partner"),
        (3, "Marke"),
        (4, "Partner"),
        (4, "Marke"),
    ]
    assert all("verkürzt" in error.reason for row in bad for error in row.wrong)


def test_a_stray_quote_is_one_wrong_row() -> None:
    """X-38: T11"""
    good, bad = rows_of("26-one-stray-quote.csv")
    assert tuple(good.cells.values()) == MUELLER
    reason = "In dieser Zeile passt ein Anführungszeichen nicht."
    assert bad == Row(3, {}, (RowError(3, "", reason),))


def test_texts_that_look_like_formulas_stay_as_they_are() -> None:
    """X-38: T12"""
    assert cells_of("30-product-types-formula-like.csv", ("Produkttyp", "Gruppe")) == [
        ("-Zange", "Werkzeug"),
        ("@home Regal", "Regale"),
        ("+Plus-Leiste", "Leisten"),
        ("= Waage", "Waagen"),
    ]
