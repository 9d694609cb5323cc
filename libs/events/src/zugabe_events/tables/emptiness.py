"""Workbooks of little but empty cells: a few kilobytes unpack to millions of them (S14)."""

from zugabe_events.tables.errors import HostileError

MAX_EMPTY, EMPTY_BY_VALUE = 500_000, 20
"""Rows and cells without a value that a workbook may have at all, and more for each value."""


class Emptiness:
    """Counts rows and cells, and the values in them, as they are read."""

    def __init__(self) -> None:
        self.elements = self.values = 0

    def check(self) -> None:
        """Raise HostileError."""
        if self.elements > MAX_EMPTY + EMPTY_BY_VALUE * self.values:
            raise HostileError("sie besteht fast nur aus leeren Zellen")
