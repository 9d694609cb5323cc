"""Period within which buyers return, in whole days of Berlin."""

from datetime import UTC, datetime

from zugabe_events.domain.calendar import days_after, start_of


def end_after(at: datetime, days: int | None) -> datetime:
    """The first moment after the last of `days` days that follow; without a period, `at` itself."""
    return at if days is None else start_of(days_after(at, days + 1)).astimezone(UTC)
