"""What a reader of a format offers: sheets with lines of cells."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import NamedTuple, Protocol

from zugabe_events.tables.cells import Cell

type Merges = Mapping[tuple[int, int], int]
"""Line and column of the first cell of a vertical merge, and its last line."""


class Line(NamedTuple):
    """A line that has values, as numbered in the file; `broken` says why it cannot be read."""

    number: int
    cells: Sequence[Cell]
    broken: str = ""


class Sheet(Protocol):
    """A sheet of a workbook, or a way to read a text. `lines` begins anew each time.

    `width`, the columns of the header, is known once the header was found.
    """

    @property
    def name(self) -> str | None: ...

    @property
    def is_visible(self) -> bool: ...

    def lines(self, width: int = 0) -> Iterator[Line]: ...

    def merges(self) -> Merges: ...


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
