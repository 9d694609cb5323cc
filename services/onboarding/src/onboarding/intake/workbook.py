"""The first sheet of a workbook as text. Bombs and document types are refused before it is read."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

MAX_UNPACKED = 20_000_000
MAX_PARTS = 1_000
MAX_ELEMENTS = 500_000
MAX_LINES = 100_000

ZEROS = re.compile("0{2,20}")


class UnreadableWorkbookError(Exception):
    """It is damaged, or made to do harm."""


def sheet_rows(content: bytes, most_columns: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Rows that have cells, by their numbers. Raises UnreadableWorkbookError."""
    from openpyxl import load_workbook  # several MiB, which most processes never need

    try:
        check(content)
        with warnings.catch_warnings(action="ignore"):
            workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(max_col=most_columns), 1):
                if number > MAX_LINES:
                    raise UnreadableWorkbookError("a sheet without end")
                if any(cell.value is not None for cell in row):
                    yield number, [text_of(cell) for cell in row]
    except UnreadableWorkbookError:
        raise
    except Exception as error:  # openpyxl has no error of its own for what it cannot read
        raise UnreadableWorkbookError(type(error).__name__) from error


def check(content: bytes) -> None:
    """Refuse archives that declare too much: no part is read further than it declares."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise UnreadableWorkbookError("a bomb")
        elements = 0
        for part in parts:
            elements += elements_of(archive.read(part))
            if elements > MAX_ELEMENTS:
                raise UnreadableWorkbookError("more elements than rows can have")


def elements_of(content: bytes) -> int:
    """Count elements of XML. A document type is refused: it could multiply text, or name files."""
    found = 0

    def element(*_: Any) -> None:
        nonlocal found
        found += 1
        if found > MAX_ELEMENTS:
            raise UnreadableWorkbookError("more elements than rows can have")

    def document_type(*_: Any) -> None:
        raise UnreadableWorkbookError("a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = document_type
    with suppress(expat.ExpatError):  # an image, or so; nothing of it is read
        parser.Parse(content, True)
    return found


def text_of(cell: Any) -> str:
    """As people see it: with the zeros that a format shows, and without the `.0` of a float."""
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return "ja" if value else "nein"
        case int() | float() as value:
            whole = f"{value:.0f}" if value == int(value) else repr(value)
            return whole.zfill(len(cell.number_format)) if is_zeros(cell.number_format) else whole
        case datetime() | date() as value:
            return value.isoformat()
        case value:
            return str(value)


def is_zeros(number_format: Any) -> bool:
    return isinstance(number_format, str) and ZEROS.fullmatch(number_format) is not None
