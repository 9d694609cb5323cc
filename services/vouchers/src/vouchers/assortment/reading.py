"""Article numbers from a file or a text field (VO-22, VO-23)."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vouchers.assortment.decider import MAX_ARTICLES
from zugabe_events.domain.article_number import normalised
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.tables.errors import TableError
from zugabe_events.tables.first_column import open_first_column
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.report import FIRST_ROWS
from zugabe_events.tables.table import Row, RowError

ARTICLE = "Artikelnummer"
HEADINGS = frozenset(
    {
        "artikel",
        "artikelnr",
        "artikelnummer",
        "artikelnummern",
        "artnr",
        "artnummer",
        "bestellnr",
        "bestellnummer",
        "bestnr",
        "sku",
    }
)
LIMITS = Limits(max_bytes=10_000_000, max_rows=MAX_ARTICLES)

MAX_WRONG_ROWS = 10_000
"""With more of them a file is no list of articles, and the answer would be no help."""

SEPARATORS = re.compile("[;,\t]")


@dataclass(slots=True)
class ArticleNumbers:
    """Distinct numbers in the order of the rows; `repeated` counts those that came again."""

    sheet: str | None = None
    rows: int = 0
    repeated: int = 0
    numbers: dict[str, None] = field(default_factory=dict)
    wrong: list[RowError] = field(default_factory=list)
    first_rows: list[Row] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Raises TableError when too many rows are wrong."""
        self.rows += 1
        if len(self.first_rows) < FIRST_ROWS:
            self.first_rows.append(row)
        if row.wrong:
            self._reject(*row.wrong)
            return
        try:
            number = normalised(row.cells[ARTICLE])
        except ValueError as error:
            self._reject(RowError(row.line, ARTICLE, str(error)))
            return
        self.repeated += number in self.numbers
        self.numbers[number] = None

    def _reject(self, *wrong: RowError) -> None:
        self.wrong += wrong
        if len(self.wrong) > MAX_WRONG_ROWS:
            raise TableError(
                f"Mehr als {thousands(MAX_WRONG_ROWS)} Zeilen sind falsch, die erste ist Zeile "
                f"{self.wrong[0].line}: {self.wrong[0].reason} Ist das die richtige Datei?",
                code="table-mostly-wrong",
            )


def numbers_of(rows: Iterable[Row], sheet: str | None = None) -> ArticleNumbers:
    found = ArticleNumbers(sheet)
    for row in rows:
        found.take(row)
    return found


def read_file(content: bytes, sheet: str | None) -> ArticleNumbers:
    """Raise TableError. Takes its time."""
    table = open_first_column(content, ARTICLE, HEADINGS, sheet=sheet, limits=LIMITS)
    found = numbers_of(table, table.sheet)
    if not found.rows:
        raise TableError(f"Unter „{ARTICLE}“ steht nichts.", code="table-without-values")
    return found


def read_text(text: str) -> ArticleNumbers:
    """Numbers in lines, or separated by commas, semicolons or tabs. Raise TableError."""
    return numbers_of(rows_of(text))


def rows_of(text: str) -> Iterator[Row]:
    rows = 0
    for line, written in enumerate(text.splitlines(), start=1):
        for number in SEPARATORS.split(written):
            if number.strip():
                rows += 1
                LIMITS.check_rows(rows)
                yield Row(line, {ARTICLE: number.strip()})


class Reader:
    """Reads one file or text at a time in a thread, while other requests go on."""

    def __init__(self) -> None:
        self._running = asyncio.Semaphore(1)

    async def file(self, content: bytes, sheet: str | None) -> ArticleNumbers:
        """Raise TableError."""
        async with self._running:
            return await asyncio.to_thread(read_file, content, sheet)

    async def text(self, text: str) -> ArticleNumbers:
        """Raise TableError."""
        async with self._running:
            return await asyncio.to_thread(read_text, text)
