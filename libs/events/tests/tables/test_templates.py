"""Templates to fill in: read again as they are, with columns that keep what is typed."""

import io

import pytest
import xlrd
from openpyxl import load_workbook

from zugabe_events.tables.table import open_table
from zugabe_events.tables.templates import Template, TemplateFormat

TITLES = ("Artikelnummer", "Streichpreis", "gültig bis")
EXAMPLES = (("00123", "3,49", "31.12.2026"), ("=A1", "", ""))
TEMPLATE = Template("Sortiment", TITLES, EXAMPLES, texts=("Artikelnummer",))


@pytest.mark.parametrize("form", ["xls", "xlsx"])
def test_a_template_is_read_as_it_was_written(form: TemplateFormat) -> None:
    """CS-23, CS-26, VO-23"""
    table = open_table(TEMPLATE.file(form), TITLES)
    assert (table.format, table.sheet) == (form, "Sortiment")
    assert [tuple(row.cells.values()) for row in table] == list(EXAMPLES)


@pytest.mark.parametrize("form", ["xls", "xlsx"])
def test_an_untouched_template_has_no_rows_and_no_mistakes(form: TemplateFormat) -> None:
    """CS-23"""
    assert list(open_table(Template("Sortiment", TITLES).file(form), TITLES)) == []


def test_columns_of_texts_keep_the_zeros_of_what_is_typed_into_them() -> None:
    """CS-26, VO-23: the format holds for the whole column, not only for the examples."""
    book = xlrd.open_workbook(file_contents=TEMPLATE.file("xls"), formatting_info=True)
    formats = [
        book.format_map[book.xf_list[column.xf_index].format_key].format_str
        for _, column in sorted(book.sheet_by_index(0).colinfo_map.items())
    ]
    assert formats == ["@", "General", "General"]
    sheet = load_workbook(io.BytesIO(TEMPLATE.file("xlsx"))).active
    assert sheet is not None
    assert [sheet.column_dimensions[name].number_format for name in "ABC"] == [
        "@",
        "General",
        "General",
    ]
    assert sheet["A3"].data_type == "s", "an example is never a formula"
