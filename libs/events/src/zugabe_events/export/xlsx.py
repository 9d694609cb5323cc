"""Excel workbooks, streamed while they are written."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from zugabe_events.domain.formula_text import is_formula
from zugabe_events.export.table import (
    AnyTable,
    Cell,
    Unit,
    clock_time,
    columns_of,
    with_decimals,
    with_offset,
    yes_or_no,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

HUNDREDTHS, DAY, INSTANT, TITLE, QUOTED = range(1, 6)
STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2">\
<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>\
<cellXfs count="6"><xf/><xf numFmtId="4" applyNumberFormat="1"/>\
<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>\
<xf fontId="1" applyFont="1"/><xf quotePrefix="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""

SHEET = f"""{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
<sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="{{0}}" width="18" customWidth="1"/>\
</cols><sheetData>"""

RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"

MAX_ROWS_PER_SHEET = 1_048_575
"""Excel's limit, without the row of titles."""

MAX_BYTES_PER_SHEET = 1_500_000_000
"""Well below the size that requires ZIP64, which Excel may reject."""

MAX_CELL_LENGTH = 32_767
"""UTF-16 code units of a cell."""

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - workbooks know no time zones
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Pipe:
    """Buffer of what a ZipFile writes, until it is taken; not seekable, so that nothing is kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Archive(ZipFile):
    def __del__(self) -> None:
        """Do not write the end of an abandoned archive."""


class XlsxWriter[View]:
    """Writes text as text even if it looks like a formula, and as many sheets as necessary."""

    def __init__(self, table: AnyTable[View], max_rows: int = MAX_ROWS_PER_SHEET) -> None:
        self._name = table.name
        columns = columns_of(table)
        self._columns = [(column.cell, column.unit) for column in columns]
        titles = "".join(text_cell(column.title, TITLE) for column in columns)
        self._top = f"{SHEET.format(len(columns))}<row>{titles}</row>".encode()
        self._max_rows = max_rows
        self._pipe = Pipe()
        self._zip = Archive(self._pipe, "w", ZIP_DEFLATED, compresslevel=3)
        self._sheets = 0
        self._sheet = self._next_sheet()

    def rows(self, views: Sequence[View]) -> bytes:
        left = list(views)
        while left:
            if self._written >= self._max_rows or self._bytes >= MAX_BYTES_PER_SHEET:
                self._close_sheet()
                self._sheet = self._next_sheet()
            free = self._max_rows - self._written
            added, left = left[:free], left[free:]
            self._write("".join(map(self._row, added)).encode())
            self._written += len(added)
        return self._pipe.take()

    def end(self) -> bytes:
        self._close_sheet()
        for path, content in workbook(self._name, self._sheets).items():
            self._zip.writestr(path, content)
        self._zip.close()
        return self._pipe.take()

    def _row(self, view: View) -> str:
        cells = [xml_cell(cell(view), unit) for cell, unit in self._columns]
        return f"<row>{''.join(cells)}</row>"

    def _next_sheet(self) -> IO[bytes]:
        self._sheets += 1
        self._written = self._bytes = 0
        sheet: IO[bytes] = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w")
        sheet.write(self._top)
        return sheet

    def _write(self, xml: bytes) -> None:
        self._sheet.write(xml)
        self._bytes += len(xml)

    def _close_sheet(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()


def xml_cell(cell: Cell, unit: Unit) -> str:
    match cell:
        case None | "":
            return "<c/>"
        case str():
            return text_cell(cell, QUOTED if is_formula(cell) else 0)
        case bool():
            return text_cell(yes_or_no(cell), 0)
        case int() if unit == "hundredths":
            return f'<c s="{HUNDREDTHS}"><v>{with_decimals(cell, ".")}</v></c>'
        case int():
            return f"<c><v>{cell}</v></c>"
        case datetime() if unit == "plain":
            return text_cell(with_offset(cell), 0)
        case datetime():
            since = clock_time(cell, unit) - EPOCH
            return f'<c s="{INSTANT}"><v>{since.days + since.seconds / 86_400:.10f}</v></c>'
        case date():
            return f'<c s="{DAY}"><v>{(cell - EPOCH.date()).days}</v></c>'


def text_cell(text: str, style: int) -> str:
    """Replace what XML cannot hold and escape what Excel would unescape."""
    if len(text) * 2 > MAX_CELL_LENGTH:
        wide = text.encode("utf-16-le", "replace")
        if len(wide) > 2 * MAX_CELL_LENGTH:
            text = wide[: 2 * (MAX_CELL_LENGTH - 1)].decode("utf-16-le", "ignore") + "…"
    text = ESCAPED.sub("_x005F_", NOT_XML.sub("\ufffd", text)).replace("\r", "_x000D_")
    return (
        f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(text, quote=False)}</t></is></c>"
    )


def workbook(name: str, sheets: int) -> dict[str, str]:
    """The parts that are only known at the end. A workbook's parts may come in any order."""
    numbers = range(1, sheets + 1)
    titles = {number: escape(f"{name} {number}" if sheets > 1 else name) for number in numbers}
    kinds = {
        "/xl/workbook.xml": "sheet.main",
        "/xl/styles.xml": "styles",
        **{f"/xl/worksheets/sheet{number}.xml": "worksheet" for number in numbers},
    }
    return {
        "xl/styles.xml": STYLES,
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="{titles[n]}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(
            {f"r{n}": (f"{OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers}
            | {"styles": (f"{OFFICE}/styles", "styles.xml")}
        ),
        "_rels/.rels": relationships({"r": (f"{OFFICE}/officeDocument", "xl/workbook.xml")}),
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{RELATIONSHIPS}"/>'
        + "".join(
            f'<Override PartName="{part}" ContentType="{KIND}.{kind}+xml"/>'
            for part, kind in kinds.items()
        )
        + "</Types>",
    }


def relationships(targets: dict[str, tuple[str, str]]) -> str:
    return (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
            for name, (kind, target) in targets.items()
        )
        + "</Relationships>"
    )
