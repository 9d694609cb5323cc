"""Business days: inclusive calendar days in Europe/Berlin (Q11, X-11)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def day_of(instant: datetime) -> date:
    """The calendar day in Berlin on which an instant falls."""
    return instant.astimezone(BERLIN).date()


def is_within(instant: datetime, first: date | None, last: date | None) -> bool:
    """True from the first moment of `first` to the last moment of `last`; None is open."""
    if first is None and last is None:
        return True
    day = day_of(instant)
    return (first is None or first <= day) and (last is None or day <= last)


def start_of(day: date) -> datetime:
    """The first moment of a day in Berlin."""
    return datetime.combine(day, time(), BERLIN)


def noon_of(day: date) -> datetime:
    return datetime.combine(day, time(12), BERLIN)


def days_after(instant: datetime, days: int) -> date:
    return day_of(instant) + timedelta(days=days)


def german_date(day: date) -> str:
    return f"{day:%d.%m.%Y}"
