"""X-10, X-38: whatever the file, a process reads it, or refuses it, in the same memory."""

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from kernel_tests.workbooks import (
    SHEET,
    STRINGS,
    changed,
    ods,
    ods_row,
    with_shared_strings,
    xls,
    xlsx,
)

DATA = Path(__file__).parent / "data"
MOST_GROWTH_MB = 40
TITLES = ("Partner", "Firma", "Ansprechpartner", "E-Mail", "Marke", "Markenname")
READ = """
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from zugabe_events.tables.errors import TableError
from zugabe_events.tables.limits import Limits
from zugabe_events.tables.table import open_table

def peak_mb():
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024

source, *titles = sys.argv[1:]
limits = Limits(
    max_bytes=200_000_000,
    max_rows=300_000,
    max_characters=1_000_000_000,
    max_unpacked_bytes=1_000_000_000,
)
open_table(b";".join(title.encode() for title in titles), titles)
before, rows, wrong, said = peak_mb(), 0, 0, ""
try:
    for row in open_table(Path(source), titles, limits=limits):
        rows += 1
        wrong += bool(row.wrong)
except TableError as error:
    said = error.code
print(rows, wrong, said or "read", round(peak_mb() - before))
"""


def shared_string_bomb() -> bytes:
    """A string of a million characters that thousands of cells refer to."""
    cells = b"".join(
        b'<row r="%d">%s</row>' % (line, b'<c t="s"><v>6</v></c>' * len(TITLES))
        for line in range(2, 2_000)
    )
    content = changed(
        with_shared_strings(xlsx(TITLES)), SHEET, b"</sheetData>", cells + b"</sheetData>"
    )
    long = b"<si><t>" + b"x" * 1_000_000 + b"</t></si>"
    return changed(content, STRINGS, b"</sst>", long + b"</sst>")


def directory_bomb() -> bytes:
    """An archive that is all directory."""
    content = io.BytesIO(xlsx(TITLES))
    with zipfile.ZipFile(content, "a") as archive:
        for number in range(40_000):
            archive.writestr(f"x{number}", b"")
    return content.getvalue()


def hidden_directory_bomb() -> bytes:
    """Its end says that it has few parts; what counts is the size."""
    content = bytearray(directory_bomb())
    at = content.rindex(b"PK\x05\x06")
    struct.pack_into("<HH", content, at + 8, 5, 5)
    return bytes(content)


def far_corners() -> bytes:
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    return changed(xlsx(TITLES, TITLES), SHEET, b"</sheetData>", far + b"</sheetData>")


def one_endless_row() -> bytes:
    cells = b'<row r="3">' + b'<c r="A3"><v>1</v></c>' * 500_000 + b"</row></sheetData>"
    return changed(xlsx(TITLES, TITLES), SHEET, b"</sheetData>", cells)


def far_corners_of_old_excel() -> bytes:
    rows: list[list[str | None]] = [[None] * 255 + ["x"] for _ in range(3_000)]
    return xls(TITLES, *rows, TITLES)


def long_export() -> bytes:
    return xlsx(TITLES, *[[f"{title} {line}" for title in TITLES] for line in range(10_000)])


def repeated_cells() -> bytes:
    cell = (
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16384">'
        f"<text:p>{'x' * 9_000}</text:p></table:table-cell>"
    )
    return ods(f"<table:table>{ods_row(*TITLES)}{ods_row(cell) * 500}</table:table>")


def one_endless_line() -> bytes:
    return ";".join(TITLES).encode() + b"\n" + b"x" * 60_000_000


def one_quote_at_the_beginning() -> bytes:
    line = b"a;b;c;d;e;f\n"
    return ";".join(TITLES).encode() + b'\n"' + line * 200_000


@pytest.mark.parametrize(
    ("file", "answer"),
    [
        (lambda: (DATA / "60-shared-string-bomb-60-rows.xlsx").read_bytes(), "60 60 read"),
        (shared_string_bomb, "1998 1998 read"),
        (directory_bomb, "0 0 table-unreadable"),
        (hidden_directory_bomb, "0 0 table-unreadable"),
        (far_corners, "1 0 read"),
        (one_endless_row, "2 0 read"),
        (far_corners_of_old_excel, "1 0 read"),
        (long_export, "10000 0 read"),
        (repeated_cells, "500 0 read"),
        (one_endless_line, "0 0 table-unreadable"),
        (one_quote_at_the_beginning, "200000 1 read"),
    ],
)
def test_memory_does_not_grow_with_what_a_file_says(
    file: Callable[[], bytes], answer: str, tmp_path: Path
) -> None:
    """X-10, X-38: T1, T2, T11 and T15"""
    path = tmp_path / "table"
    path.write_bytes(file())
    read = subprocess.run(
        [sys.executable, "-c", READ, str(path), *TITLES], capture_output=True, text=True, check=True
    )
    *told, growth = read.stdout.split()
    assert " ".join(told) == answer
    assert int(growth) <= MOST_GROWTH_MB, f"{growth} MB more"


READ_FIRST_COLUMN = """
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from zugabe_events.tables.first_column import open_first_column
from zugabe_events.tables.limits import Limits

def peak_mb():
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024

list(open_first_column(b"1", "Nummer"))
before = peak_mb()
limits = Limits(max_rows=100_000, max_bytes=10_000_000)
rows = sum(1 for _ in open_first_column(Path(sys.argv[1]), "Nummer", limits=limits))
print(rows, round(peak_mb() - before))
"""


def test_a_long_list_is_read_in_the_same_memory(tmp_path: Path) -> None:
    """X-10, VO-22: other columns are not kept, either."""
    path = tmp_path / "table"
    path.write_bytes(xlsx(*([f"{number:08}", "Ordner", number] for number in range(100_000))))
    read = subprocess.run(
        [sys.executable, "-c", READ_FIRST_COLUMN, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    rows, growth = map(int, read.stdout.split())
    assert rows == 100_000
    assert growth <= MOST_GROWTH_MB, f"{growth} MB more"
