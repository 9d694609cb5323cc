"""Rows with typed cells: each mistake is told once, and all of a row."""

from dataclasses import asdict
from decimal import Decimal

from pydantic import TypeAdapter

from zugabe_events.http.fields import Day, Id, Text
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.reader import TableReader
from zugabe_events.tables.report import FIRST_ROWS, RowReader, report_of
from zugabe_events.tables.table import RowError, open_table

ID, TEXT = TypeAdapter[str](Id), TypeAdapter[str](Text)
PRICE, DAY = TypeAdapter(Decimal), TypeAdapter(Day)
TITLES = ("Nummer", "Name", "Preis")


def readings(*lines: str) -> list[RowReader]:
    content = "\r\n".join(["Nummer;Name;Preis;Ab", *lines]).encode()
    kinds = {"Preis": "number", "Ab": "day"}
    table = open_table(content, TITLES, optional=("Ab",), kinds=kinds)  # type: ignore[arg-type]
    return [RowReader(row) for row in table]


def test_cells_are_typed_and_may_be_left_out_if_they_are_optional() -> None:
    """X-38"""
    [full, short] = readings("a-1;Zange;1.234,50;31.12.2026", "a-2;Säge;3,49;")
    assert full.cell("Nummer", ID) == "a-1"
    assert full.cell("Preis", PRICE) == Decimal("1234.50")
    day = full.optional("Ab", DAY)
    assert day is not None
    assert day.isoformat() == "2026-12-31"
    assert (short.optional("Ab", DAY), short.optional("Zoll", TEXT)) == (None, None)
    assert full.wrong == short.wrong == []


def test_each_mistake_of_a_row_is_told_once() -> None:
    """X-10, X-38"""
    [reading] = readings("../x;;1.234;31.02.2026")
    assert reading.cell("Nummer", ID) is None
    assert reading.cell("Name", TEXT) is None
    assert reading.cell("Preis", PRICE) is None
    assert reading.optional("Ab", DAY) is None
    reasons = {error.column: error.reason for error in reading.wrong}
    assert len(reasons) == len(reading.wrong) == 4
    assert reasons["Nummer"] == "Der Text enthält Zeichen, die hier nicht erlaubt sind."
    assert reasons["Name"] == "Diese Angabe fehlt."
    assert reasons["Preis"].startswith("„1.234“ ist mehrdeutig")
    assert reasons["Ab"] == "Diesen Tag gibt es nicht."


def test_a_row_that_cannot_be_read_has_one_mistake() -> None:
    """X-38: T11"""
    [reading] = readings('"a" b;Zange;1')
    assert [reading.cell(title, TEXT) for title in TITLES] == [None] * 3
    assert reading.wrong == [RowError(2, "", reading.wrong[0].reason)]


async def test_a_dry_run_shows_the_first_rows_as_they_were_read() -> None:
    """X-38: T9"""
    lines = ["Name", *(f"Zange {number}" for number in range(9))]
    table = await TableReader(Limits(max_rows=9)).read("\n".join(lines).encode(), ("Name",))
    dry = report_of(table, dry_run=True, new=9, unchanged=0, wrong=[])
    assert [row.cells["Name"] for row in dry.first_rows] == [
        f"Zange {n}" for n in range(FIRST_ROWS)
    ]
    real = report_of(
        table,
        dry_run=False,
        new=7,
        changed=1,
        unchanged=0,
        wrong=[RowError(9, "Name", "b"), RowError(3, "Name", "a")],
    )
    assert asdict(real) == {
        "dry_run": False,
        "rows": 9,
        "new": 7,
        "changed": 1,
        "unchanged": 0,
        "wrong": (
            {"line": 3, "column": "Name", "reason": "a"},
            {"line": 9, "column": "Name", "reason": "b"},
        ),
        "sheet": None,
        "first_rows": (),
    }
