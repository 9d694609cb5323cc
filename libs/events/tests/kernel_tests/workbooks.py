"""Workbooks of all kinds, made in memory, and changed where no program would."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import xlwt
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def active(book: Workbook) -> Worksheet:
    assert isinstance(book.active, Worksheet)
    return book.active


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def xlsx(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        active(book).append(list(row))
    return saved(book)


def xls(*rows: Sequence[Any], **formats: str) -> bytes:
    """`formats` are number formats of cells, named as `B2`."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Tabelle1")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                place = f"{chr(65 + column)}{line + 1}"
                style = xlwt.easyxf(num_format_str=formats.get(place, "General"))
                sheet.write(line, column, value, style)
    return saved(book)


def repacked(
    content: bytes, change: Callable[[str, bytes], bytes], names: Mapping[str, str] | None = None
) -> bytes:
    """An archive whose parts are changed, or have other names."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", 8) as packed:
        for name in source.namelist():
            packed.writestr((names or {}).get(name, name), change(name, source.read(name)))
    return target.getvalue()


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with other bytes in one of its parts."""

    assert old in part_of(content, part)
    return repacked(content, lambda name, body: body.replace(old, new) if name == part else body)


def with_shared_strings(content: bytes) -> bytes:
    """A workbook whose texts stand in a part of their own, as Excel writes them."""
    texts: list[bytes] = []

    def taken_out(found: re.Match[bytes]) -> bytes:
        texts.append(found[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    sheet = re.sub(rb't="inlineStr"><is>(.*?)</is>', taken_out, part_of(content, SHEET))
    strings = b"".join(b"<si>%s</si>" % text for text in texts)
    relation = (
        f'<Relationship Id="rIdS" Type="{OFFICE}/relationships/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>'
    )
    content = changed(content, RELATIONS, b"</Relationships>", relation.encode())
    packed = io.BytesIO(changed(content, SHEET, part_of(content, SHEET), sheet))
    with zipfile.ZipFile(packed, "a", 8) as archive:
        archive.writestr(STRINGS, b'<sst xmlns="%s">%s</sst>' % (MAIN, strings))
    return packed.getvalue()


def part_of(content: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(part)


def archive(**parts: str | bytes) -> bytes:
    """An archive of parts; `__` in names is a slash."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", 8) as packed:
        for name, body in parts.items():
            packed.writestr(name.replace("__", "/") + ".xml", body)
    return target.getvalue()


ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)


def ods(tables: str) -> bytes:
    return archive(content=ODS.format(tables))


def ods_row(*cells: str) -> str:
    """A row of texts; what begins with `<` is the whole cell."""
    return (
        "<table:table-row>"
        + "".join(
            cell
            if cell.startswith("<")
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in cells
        )
        + "</table:table-row>"
    )


def biff(version: int, globals_: bytes, cells: bytes) -> bytes:
    """Records of a workbook with one sheet, without a compound file around."""
    beginning = record(0x809, struct.pack("<HHHH", version, 5, 0, 0)) + globals_
    name = b"Blatt"
    flags = b"\0" if version == 0x600 else b""
    length = len(beginning) + 4 + 6 + 1 + len(flags) + len(name) + 4
    sheet = struct.pack("<LBB", length, 0, 0) + bytes([len(name)]) + flags + name
    return (
        beginning
        + record(0x85, sheet)
        + record(0x0A)
        + record(0x809, struct.pack("<HHHH", version, 16, 0, 0))
        + cells
        + record(0x0A)
    )


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def cell(kind: int, row: int, column: int, data: bytes, style: int = 0) -> bytes:
    return record(kind, struct.pack("<HHH", row, column, style) + data)
