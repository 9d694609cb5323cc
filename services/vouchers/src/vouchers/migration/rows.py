"""Tables of what was used and issued in the system before, as rows of values (X-30)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, TypeAdapter

from zugabe_events.http.fields import Day, Id, Text
from zugabe_events.tables.cells import Kind
from zugabe_events.tables.report import RowReader
from zugabe_events.tables.table import Row, RowError

CUSTOMER, USER, CODE = "Kunde", "Benutzer", "Gutscheincode"
COUNT, ISSUED_ON, VALID_UNTIL = "Anzahl", "Ausgestellt am", "Gültig bis"

USES_TITLES, USES_OPTIONAL = (CUSTOMER, CODE), (USER, COUNT)
ISSUED_TITLES, ISSUED_OPTIONAL = (CUSTOMER, USER, CODE), (ISSUED_ON, VALID_UNTIL)
KINDS: dict[str, Kind] = {COUNT: "number", ISSUED_ON: "day", VALID_UNTIL: "day"}

AN_ID: TypeAdapter[str] = TypeAdapter(Id)
A_CODE: TypeAdapter[str] = TypeAdapter(Text)
A_COUNT: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=100_000)])
A_DAY: TypeAdapter[date] = TypeAdapter(Day)


@dataclass(frozen=True, slots=True)
class UsesRow:
    """`uses` of a code by a user, or by a customer whose users are not known."""

    line: int
    customer: str
    user: str | None
    code: str
    uses: int


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """Days that the table does not have are those of the campaign."""

    line: int
    customer: str
    user: str
    code: str
    issued_on: date | None
    valid_until: date | None


def uses_row(row: Row, wrong: list[RowError]) -> UsesRow | None:
    """None for a row with mistakes, which are added to `wrong`."""
    read = RowReader(row)
    customer, code = read.cell(CUSTOMER, AN_ID), read.cell(CODE, A_CODE)
    user, uses = read.optional(USER, AN_ID), read.optional(COUNT, A_COUNT)
    wrong += read.wrong
    if read.wrong or customer is None or code is None:
        return None
    return UsesRow(row.line, customer, user, code, 1 if uses is None else uses)


def issued_row(row: Row, wrong: list[RowError]) -> IssuedRow | None:
    read = RowReader(row)
    customer, user, code = (
        read.cell(CUSTOMER, AN_ID),
        read.cell(USER, AN_ID),
        read.cell(CODE, A_CODE),
    )
    issued_on, until = read.optional(ISSUED_ON, A_DAY), read.optional(VALID_UNTIL, A_DAY)
    if issued_on is not None and until is not None and until < issued_on:
        read.reject(VALID_UNTIL, "Dieser Tag liegt vor der Ausstellung.")
    wrong += read.wrong
    if read.wrong or customer is None or user is None or code is None:
        return None
    return IssuedRow(row.line, customer, user, code, issued_on, until)
