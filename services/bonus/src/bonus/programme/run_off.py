"""The time in which points can still be redeemed after a programme has ended (BO-12, Q20)."""

from datetime import date, datetime

from zugabe_events.domain.calendar import day_of


def run_off_until(ended_at: datetime) -> date:
    """The last day: that of the following year in Berlin."""
    return date(day_of(ended_at).year + 1, 12, 31)
