"""Retention periods of records that name a person (X-19); erasure before only restricts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Literal

from zugabe_events.domain.calendar import day_of, start_of

type Record = Literal["receipt", "book", "letter"]
"""Receipts are the basis of bookings, such as orders; letters are correspondence about them."""

type Years = Mapping[Record, int]

YEARS: Years = {"receipt": 8, "book": 10, "letter": 6}
"""Section 147 of the Abgabenordnung as amended in 2025."""


def keep_until(latest: Mapping[Record, datetime], years: Years) -> datetime | None:
    """The end of the last record's retention period; None without records.

    Periods are whole years and begin with the end of the calendar year of the record, in Berlin.
    """
    ends = [
        start_of(date(day_of(at).year + 1 + years[record], 1, 1)) for record, at in latest.items()
    ]
    return max(ends).astimezone(UTC) if ends else None
