"""Sheets with lines of cells, as the reader of each format offers them."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import NamedTuple, Protocol

from zugabe_events.tables.cells import Cell
from zugabe_events.tables.errors import HostileError

MAX_MERGES = 100_000

type Merges = Mapping[tuple[int, int], int]
"""Line and column of the first cell of a vertical merge, and its last line."""


class Line(NamedTuple):
    """A line that has values, as numbered in the file; `broken` says why it cannot be read."""

    number: int
    cells: Sequence[Cell]
    broken: str = ""


class Sheet(Protocol):
    """A sheet of a workbook, or a way to read a text. `lines` begins at the top each time.

    `width` is the number of columns of the header, 0 before it is found.
    """

    @property
    def name(self) -> str | None: ...

    @property
    def is_visible(self) -> bool: ...

    def lines(self, width: int = 0) -> Iterator[Line]: ...

    def merges(self) -> Merges: ...


def check_merges(merges: Merges) -> None:
    """Raise HostileError."""
    if len(merges) > MAX_MERGES:
        raise HostileError("sie hat zu viele verbundene Zellen")


def filled_down(lines: Iterator[Line], merges: Merges, below: int = 0) -> Iterator[Line]:
    """Repeat the value of a merged cell in each of its lines; merges that begin below a line."""
    running: MutableMapping[int, tuple[int, Cell]] = {}
    for line in lines:
        if merges or running:
            cells = list(line.cells)
            for column, (last, cell) in running.items():
                if line.number <= last:
                    cells += [None] * (column + 1 - len(cells))
                    cells[column] = cell if cells[column] is None else cells[column]
            for column, cell in enumerate(cells):
                last = merges.get((line.number, column), 0)
                if last and line.number > below:
                    running[column] = (last, cell)
            line = line._replace(cells=cells)
        yield line
