"""How long tax law keeps what a person is named in (X-19); until then erasure only restricts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal

from zugabe_events.domain.calendar import day_of, start_of

type Record = Literal["receipt", "book", "letter"]
"""Receipts are what bookings rest on, such as orders; letters are what was written about them."""

type Years = Mapping[Record, int]

YEARS: Years = {"receipt": 8, "book": 10, "letter": 6}
"""Section 147 of the Abgabenordnung, as it stands since 2025."""


def keep_until(latest: Mapping[Record, datetime], years: Years) -> datetime | None:
    """When the last record's period ends; None: there is none.

    Periods are whole years and begin with the end of the calendar year of the record, in Berlin.
    """
    ends = [
        start_of(date(day_of(at).year + 1 + years[record], 1, 1)) for record, at in latest.items()
    ]
    return max(ends).astimezone(UTC) if ends else None
