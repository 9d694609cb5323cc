"""Workbooks for people to fill in: titles, examples, and columns that keep numbers as text."""

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

type TemplateFormat = Literal["xls", "xlsx"]

TEXT_FORMAT = "@"
MIN_WIDTH, MAX_WIDTH = 12, 60


@dataclass(frozen=True, slots=True)
class Template:
    """`texts` are titles of columns in which a number stays as it is typed, with its zeros."""

    sheet: str
    titles: Sequence[str]
    examples: Sequence[Sequence[str]] = ()
    texts: Collection[str] = ()

    def file(self, form: TemplateFormat) -> bytes:
        return self._xls() if form == "xls" else self._xlsx()

    def _width(self, column: int) -> int:
        texts = [self.titles[column], *(row[column] for row in self.examples)]
        return min(MAX_WIDTH, max(MIN_WIDTH, *map(len, texts)) + 2)

    def _xls(self) -> bytes:
        import xlwt  # which most processes never need

        title = xlwt.easyxf("font: bold true", num_format_str=TEXT_FORMAT)
        text, general = xlwt.easyxf(num_format_str=TEXT_FORMAT), xlwt.easyxf()
        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet(self.sheet)
        sheet.set_panes_frozen(True)
        sheet.set_horz_split_pos(1)
        for column, name in enumerate(self.titles):
            style = text if name in self.texts else general
            sheet.col(column).set_style(style)
            sheet.col(column).width = 256 * self._width(column)
            sheet.write(0, column, name, title)
            for line, row in enumerate(self.examples, 1):
                sheet.write(line, column, row[column], style)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def _xlsx(self) -> bytes:
        from openpyxl import Workbook  # which most processes never need
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        book = Workbook()
        sheet = book.create_sheet(self.sheet, 0)
        del book[book.sheetnames[1]]
        sheet.freeze_panes = "A2"
        for column, name in enumerate(self.titles):
            number_format = TEXT_FORMAT if name in self.texts else "General"
            whole = sheet.column_dimensions[get_column_letter(column + 1)]
            whole.number_format = number_format
            whole.width = self._width(column)
            for line, value in enumerate([name, *(row[column] for row in self.examples)], 1):
                cell = sheet.cell(line, column + 1)
                cell.value, cell.data_type = value, "s"
                cell.number_format = number_format
                cell.font = Font(bold=line == 1)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()
