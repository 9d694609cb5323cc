"""Past orders in a CSV file, read row by row in constant memory."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from zugabe.errors import StackError

HEADER = ["customer", "day", "units", "usd"]
MAX_LINE_BYTES = 1_000
MAX_UNITS = 1_000
MAX_CENTS = 10**9
MIN_DAY = date(1970, 1, 1)
CUSTOMER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,39}")


@dataclass(frozen=True, slots=True)
class Row:
    """One purchase; `end` is where its line ends in the file, in bytes."""

    line: int
    end: int
    customer: str
    day: date
    units: int
    cents: int


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    end: int
    reason: str


def read_rows(path: Path) -> Iterator[Row | BadRow]:
    """Yield every row, or what is wrong with it. Raises StackError unless it is such a file."""
    try:
        with path.open("rb") as file:
            header = file.readline(MAX_LINE_BYTES).decode("utf-8-sig", "replace").strip()
            if header.split(",") != HEADER:
                raise StackError(f"{path} must begin with the line {','.join(HEADER)}.")
            number = 1
            while raw := file.readline(MAX_LINE_BYTES):
                number += 1
                if not raw.endswith(b"\n") and len(raw) == MAX_LINE_BYTES:
                    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                        pass
                    yield BadRow(number, file.tell(), f"longer than {MAX_LINE_BYTES} bytes")
                elif raw.strip():
                    yield read_row(number, file.tell(), raw)
    except OSError as error:
        raise StackError(f"{path} cannot be read: {error.strerror}.") from error


def read_row(number: int, end: int, raw: bytes) -> Row | BadRow:
    try:
        [cells] = csv.reader([raw.decode("utf-8").rstrip("\r\n")], strict=True)
        return row_of(number, end, cells)
    except UnicodeDecodeError:
        return BadRow(number, end, "not UTF-8")
    except (ValueError, csv.Error) as error:
        return BadRow(number, end, str(error))


def row_of(number: int, end: int, cells: list[str]) -> Row:
    """Parse a row. Raises ValueError with the reason."""
    if len(cells) != len(HEADER):
        message = f"{len(cells)} cells instead of {len(HEADER)}"
        raise ValueError(message)
    customer, day, units, usd = (cell.strip() for cell in cells)
    if not CUSTOMER.fullmatch(customer):
        message = f"customer {customer[:50]!r} is not an id"
        raise ValueError(message)
    return Row(number, end, customer, day_of(day), units_of(units), cents_of(usd))


def day_of(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        message = f"day {text[:20]!r} is not YYYY-MM-DD"
        raise ValueError(message) from None
    if not MIN_DAY <= day < datetime.now(UTC).date():
        message = f"day {text} does not lie in the past"
        raise ValueError(message)
    return day


def units_of(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:10]) <= MAX_UNITS:
        message = f"units {text[:20]!r} is not a whole number from 1 to {MAX_UNITS}"
        raise ValueError(message)
    return int(text)


def cents_of(text: str) -> int:
    try:
        cents = Decimal(text) * 100
        if not (cents.is_finite() and 0 <= cents <= MAX_CENTS and cents == int(cents)):
            raise InvalidOperation
    except InvalidOperation:
        message = f"usd {text[:20]!r} is not an amount of at least 0 with whole cents"
        raise ValueError(message) from None
    return int(cents)
