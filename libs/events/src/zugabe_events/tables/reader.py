"""Small tables read as a whole, in a thread and few at a time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from zugabe_events.tables.cells import Kind
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.table import DEFAULT_LIMITS, Row, open_table


@dataclass(frozen=True, slots=True)
class ReadTable:
    """`sheet` is the name of the one that was read, if the file has any."""

    sheet: str | None
    rows: Sequence[Row]


class TableReader:
    """Reads tables for the routes of a process, whose other requests go on meanwhile."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS, maximum: int = 1) -> None:
        self.limits = limits
        self._running = asyncio.Semaphore(maximum)

    async def read(
        self,
        content: bytes,
        titles: Sequence[str],
        *,
        optional: Sequence[str] = (),
        kinds: Mapping[str, Kind] = MappingProxyType({}),
        sheet: str | None = None,
    ) -> ReadTable:
        """Raise TableError."""

        def read_all() -> ReadTable:
            table = open_table(
                content, titles, optional=optional, kinds=kinds, sheet=sheet, limits=self.limits
            )
            return ReadTable(table.sheet, list(table))

        async with self._running:
            return await asyncio.to_thread(read_all)
