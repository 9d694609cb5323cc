"""Points, and their euros, that a dealer owes on a day: in all, or to one customer (N-10)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace

from bonus.liability.changes import NONE, Figures
from bonus.liability.view import MonthView
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Fact
from zugabe_events.domain.views import FilterValue, Views

READ_AT_ONCE = 500
"""Months in a query: those of 40 years."""


class Liability(Fact, frozen=True, kw_only=True):
    """Points at the end of a day in Berlin; in the future, if nothing else happens.

    `active_points` can be redeemed, `pending_points` become so on a day, `waiting_points` wait for
    their order, `held_points` are reserved by a checkout, `owed_points` are negative balances.
    `points` are all of these, less the owed ones. `expiring_points` are among the active ones, and
    have this as their last day. Values are by the point value of the terms as they are now, and 0
    once the run-off of a deactivated programme is over.
    `customer` is "" for all of a dealer's customers, and of events that do not name theirs.
    """

    dealer: str
    customer: str
    day: date
    active_points: int
    pending_points: int
    waiting_points: int
    held_points: int
    owed_points: int
    expiring_points: int
    points: int
    redeemable_cents: int
    value_cents: int


class PointValue(Fact, frozen=True):
    """Cents of a point until a last day: that of the programme's run-off, if it has ended."""

    cents: int
    until: date | None = None

    def on(self, day: date) -> int:
        return 0 if self.until is not None and day > self.until else self.cents


def liability(
    dealer: str, customer: str, day: date, figures: Figures, worth: PointValue
) -> Liability:
    value = worth.on(day)
    points = figures.active + figures.pending + figures.waiting + figures.held - figures.owed
    return Liability(
        dealer=dealer,
        customer=customer,
        day=day,
        active_points=figures.active,
        pending_points=figures.pending,
        waiting_points=figures.waiting,
        held_points=figures.held,
        owed_points=figures.owed,
        expiring_points=figures.expiring,
        points=points,
        redeemable_cents=figures.active * value,
        value_cents=points * value,
    )


def on_day(months: Iterable[MonthView], day: date) -> Figures:
    """The sum of all changes up to a day. What expired before it does not count any more."""
    total = NONE
    for month in months:
        for change in month.days:
            if change.day <= day:
                is_today = change.day == day
                total = total.plus(change if is_today else replace(change, expiring=0))
    return total


def day_by_day(months: Iterable[MonthView], first: date, last: date) -> Iterator[Figures]:
    """The figures of each day of a span."""
    changes = {change.day: change for month in months for change in month.days}
    total = NONE
    for day in sorted(changes):
        if day < first:
            total = total.plus(replace(changes[day], expiring=0))
    for number in range((last - first).days + 1):
        change = changes.get(first + timedelta(days=number), NONE)
        total = replace(total, expiring=0).plus(change)
        yield total


@dataclass(frozen=True, slots=True)
class LiabilityViews:
    """The months of dealers, and those of their customers."""

    dealers: Views[MonthView]
    customers: Views[MonthView]

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.dealers.caught_up(tokens)
        await self.customers.caught_up(tokens)

    async def months(self, dealer: str, customer: str | None) -> Sequence[MonthView]:
        """In order: one read of an index, however many accounts there are."""
        where: dict[str, FilterValue] = {"dealer": dealer}
        views = self.dealers
        if customer is not None:
            views, where = self.customers, {**where, "customer": customer}
        return await every(views, where, "month")


async def every(
    views: Views[MonthView], where: dict[str, FilterValue], sort: str
) -> Sequence[MonthView]:
    found: list[MonthView] = []
    after: str | None = None
    while True:
        page = await views.page(where, sort=sort, after=after, limit=READ_AT_ONCE)
        found += page.items
        after = page.next
        if after is None:
            return found
