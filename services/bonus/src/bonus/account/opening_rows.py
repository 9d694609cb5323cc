"""The table of opening balances, by user (X-30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from bonus.account.opening import OpenBalance, OpeningLot
from zugabe_events.domain.calendar import start_of
from zugabe_events.http.fields import Day, Id
from zugabe_events.tables.cells import Kind
from zugabe_events.tables.report import RowReader
from zugabe_events.tables.table import Row, RowError

CUSTOMER, USER, POINTS = "Kunde", "Benutzer", "Punkte"
FROM, UNTIL, ACCEPTED = "Einlösbar ab", "Einlösbar bis", "Bedingungen angenommen am"

TITLES, OPTIONAL = (CUSTOMER, USER, POINTS), (FROM, UNTIL, ACCEPTED)
KINDS: dict[str, Kind] = {POINTS: "number", FROM: "day", UNTIL: "day", ACCEPTED: "day"}

AN_ID: TypeAdapter[str] = TypeAdapter(Id)
A_COUNT: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, le=10**9)])
A_DAY: TypeAdapter[date] = TypeAdapter(Day)


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """`lot` is None for a user without points, who only accepted the terms."""

    line: int
    customer: str
    user: str
    lot: OpeningLot | None
    accepted_on: date | None


def opening_row(row: Row, today: date, wrong: list[RowError]) -> OpeningRow | None:
    """None for a row with mistakes, which are added to `wrong`."""
    read = RowReader(row)
    customer, user = read.cell(CUSTOMER, AN_ID), read.cell(USER, AN_ID)
    points = read.cell(POINTS, A_COUNT)
    first, last = read.optional(FROM, A_DAY) or today, read.optional(UNTIL, A_DAY)
    accepted_on = read.optional(ACCEPTED, A_DAY)
    if last is not None and last < max(first, today):
        read.reject(UNTIL, "Diese Punkte wären schon verfallen.")
    if accepted_on is not None and accepted_on > today:
        read.reject(ACCEPTED, "Dieser Tag liegt in der Zukunft.")
    wrong += read.wrong
    if read.wrong or customer is None or user is None or points is None:
        return None
    lot = OpeningLot(points, first, last) if points else None
    return OpeningRow(row.line, customer, user, lot, accepted_on)


def balances(
    rows: Sequence[OpeningRow], dealer: str, by: str, at: datetime, wrong: list[RowError]
) -> list[OpenBalance]:
    """One command per user; a lot or a customer that contradicts an earlier row is wrong."""
    by_user: dict[str, list[OpeningRow]] = {}
    for row in rows:
        earlier = by_user.setdefault(row.user, [])
        if any(each.customer != row.customer for each in earlier):
            wrong.append(RowError(row.line, CUSTOMER, "Weiter oben hat er einen anderen Kunden."))
        elif row.lot and any(each.lot and each.lot.id == row.lot.id for each in earlier):
            reason = "Diesen Benutzer gibt es mit diesen Tagen weiter oben schon."
            wrong.append(RowError(row.line, USER, reason))
        else:
            earlier.append(row)
    return [opening(of_user, dealer, by, at) for of_user in by_user.values() if of_user]


def opening(rows: Sequence[OpeningRow], dealer: str, by: str, at: datetime) -> OpenBalance:
    accepted = [row.accepted_on for row in rows if row.accepted_on]
    return OpenBalance(
        dealer=dealer,
        customer=rows[0].customer,
        user=rows[0].user,
        lots=tuple(row.lot for row in rows if row.lot),
        accepted_at=start_of(max(accepted)).astimezone(UTC) if accepted else None,
        by=by,
        at=at,
    )
