"""The cells that a record of Excel 5 to 2003 holds."""

import math
import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zugabe_events.tables.biff import Record, Strings, following, rk_number
from zugabe_events.tables.cells import Cell, Fault, error_cell, number_cell, too_long
from zugabe_events.tables.shared_strings import SharedStrings

FORMULA, STRING, NUMBER, LABEL, RICH_LABEL = 0x06, 0x207, 0x203, 0x204, 0xD6
TRUTH_OR_ERROR, RK, MANY_RK, SHARED_LABEL = 0x205, 0x27E, 0xBD, 0xFD
KINDS = frozenset({FORMULA, NUMBER, LABEL, RICH_LABEL, TRUTH_OR_ERROR, RK, MANY_RK, SHARED_LABEL})
BETWEEN_FORMULA_AND_STRING = 3
"""Records that may stand there: a shared formula, an array, a data table."""

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class XlsCells(NamedTuple):
    """The records, texts and formats that cells of a workbook refer to."""

    stream: bytes
    strings: Strings
    shared: SharedStrings
    formats: Sequence[str]
    from_1904: bool
    max_cell_characters: int

    def of(self, record: Record) -> Iterator[tuple[int, Cell]]:
        """Cells by column. Raise ValueError, LookupError, struct.error."""
        data = self.stream[record.start : record.end]
        column, style = struct.unpack_from("<HH", data, 2)
        if record.kind == MANY_RK:
            for at in range(4, len(data) - 7, 6):
                style, packed = struct.unpack_from("<HL", data, at)
                yield column + (at - 4) // 6, self._number(rk_number(packed), style)
        else:
            yield column, self._cell(record, data, style)

    def _cell(self, record: Record, data: bytes, style: int) -> Cell:
        kind = record.kind
        if kind == NUMBER:
            return self._number(struct.unpack_from("<d", data, 6)[0], style)
        if kind == RK:
            return self._number(rk_number(struct.unpack_from("<L", data, 6)[0]), style)
        if kind == SHARED_LABEL:
            return self.shared.cell(struct.unpack_from("<L", data, 6)[0])
        if kind == TRUTH_OR_ERROR:
            return error_of(data[6]) if data[7] else data[6] != 0
        if kind == FORMULA:
            return self._result(record, data[6:14], style)
        return self._text(data[6:])

    def _result(self, record: Record, result: bytes, style: int) -> Cell:
        if result[6:8] != b"\xff\xff":
            return self._number(struct.unpack("<d", result)[0], style)
        match result[0]:
            case 0:
                return self._result_text(record)
            case 1:
                return result[2] != 0
            case 2:
                return error_of(result[2])
            case _:
                return ""

    def _result_text(self, record: Record) -> Cell:
        for at, next_record in enumerate(following(self.stream, record)):
            if next_record.kind == STRING:
                return self._text(self.stream[next_record.start : next_record.end])
            if at >= BETWEEN_FORMULA_AND_STRING:
                break
        return ""

    def _text(self, data: bytes) -> Cell:
        text = self.strings.read(data)
        if len(text) > self.max_cell_characters:
            return too_long(self.max_cell_characters)
        return text

    def _number(self, value: float, style: int) -> Cell:
        if not math.isfinite(value):
            raise ValueError(value)
        number_format = self.formats[style] if style < len(self.formats) else "General"
        return number_cell(value, number_format, from_1904=self.from_1904)


def error_of(code: int) -> Fault:
    return error_cell(ERRORS.get(code, "#N/A"))
