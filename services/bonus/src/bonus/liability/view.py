"""Read models of what a dealer owes by points: the changes of each day, month by month (N-10).

The sum of all changes up to a day is what is so on that day, in the past as the log has it, in the
future as it will be if nothing else happens. Documents only add up, in whatever order events come.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from bonus.liability.changes import NONE, Change, Figures, by_day, change_of
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class DayOfMonth(Figures, frozen=True, kw_only=True):
    """By how much figures change on a day; `expiring` are those of which it is the last day."""

    day: date


class MonthView(Fact, frozen=True, kw_only=True):
    """`month` as in 2026-03. `customer` is "" in the months of the whole dealer."""

    dealer: str
    customer: str
    month: str
    days: tuple[DayOfMonth, ...] = ()


def month_of(day: date) -> str:
    return day.isoformat()[:7]


def months_of(change: Change) -> Sequence[str]:
    return list(dict.fromkeys(month_of(day) for day in by_day(change)))


def keys(event: Event) -> Sequence[str]:
    change = change_of(event)
    return [f"{change.dealer}/{month}" for month in months_of(change)] if change else []


def begin(key: str) -> MonthView:
    dealer, month = key.split("/")
    return MonthView(dealer=dealer, customer="", month=month)


def keys_by_customer(event: Event) -> Sequence[str]:
    change = change_of(event)
    if change is None:
        return []
    return [f"{change.dealer}/{change.customer}/{month}" for month in months_of(change)]


def begin_by_customer(key: str) -> MonthView:
    dealer, customer, month = key.split("/")
    return MonthView(dealer=dealer, customer=customer, month=month)


def project(view: MonthView | None, event: Event) -> MonthView | None:
    change = change_of(event)
    if view is None or change is None:
        return view
    days = view.days
    for day, figures in by_day(change).items():
        if month_of(day) == view.month:
            days = with_change(days, day, figures)
    return replace(view, days=days)


def with_change(
    days: tuple[DayOfMonth, ...], day: date, figures: Figures
) -> tuple[DayOfMonth, ...]:
    at = bisect_left(days, day, key=lambda each: each.day)
    is_there = at < len(days) and days[at].day == day
    if is_there:
        figures = figures.plus(days[at])
    changed = (on(day, figures),) if figures != NONE else ()
    return (*days[:at], *changed, *days[at + is_there :])


def on(day: date, figures: Figures) -> DayOfMonth:
    return DayOfMonth(
        day=day,
        active=figures.active,
        pending=figures.pending,
        waiting=figures.waiting,
        held=figures.held,
        owed=figures.owed,
        expiring=figures.expiring,
    )


LIABILITY = ReadModel(
    name="bonus.liability",
    version=1,
    topics=("bonus",),
    view=MonthView,
    keys=keys,
    project=project,
    begin=begin,
    lists=ListOptions((), ("month",)),
    gathers=1.0,
)
CUSTOMER_LIABILITY = ReadModel(
    name="bonus.customer-liability",
    version=1,
    topics=("bonus",),
    view=MonthView,
    keys=keys_by_customer,
    project=project,
    begin=begin_by_customer,
    lists=ListOptions(("customer",), ("month", "customer")),
    gathers=1.0,
)
