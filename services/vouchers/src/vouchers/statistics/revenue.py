"""Read model of the revenue of each user by day, with and without vouchers (VO-42)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from zugabe_events.contracts.checkout import OrderCancelled, OrderPlaced, OrderReturned
from zugabe_events.domain.calendar import day_of, start_of
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Between, OneOf, Views

MAX_DOCUMENTS = 1_000_000
"""Months of users that one query reads at most."""


class RevenueView(Fact, frozen=True):
    """A user's orders of a month in Berlin, which begins at `begins_at`.

    `days` has the net value of their goods after discounts in cents, less what was cancelled and
    returned, by the day of the order.
    """

    dealer: str
    user: str
    begins_at: datetime
    days: dict[str, int]


def keys(event: Event) -> Sequence[str]:
    match event:
        case OrderPlaced() | OrderCancelled() | OrderReturned():
            month = day_of(event.placed_at).isoformat()[:7]
            return [f"{event.dealer}/{event.user}/{month}"]
        case _:
            return []


def project(view: RevenueView | None, event: Event) -> RevenueView | None:
    match event:
        case OrderPlaced():
            change = event.net_cents
        case OrderCancelled() | OrderReturned():
            change = -event.net_cents
        case _:
            return view
    day = day_of(event.placed_at)
    if view is None:
        view = RevenueView(
            event.dealer, event.user, start_of(day.replace(day=1)).astimezone(UTC), {}
        )
    name = day.isoformat()
    return replace(view, days={**view.days, name: view.days.get(name, 0) + change})


REVENUE = ReadModel(
    name="vouchers.revenue",
    version=2,
    topics=("checkout",),
    view=RevenueView,
    keys=keys,
    project=project,
    indexes=(("dealer", "user", "begins_at"),),
    gathers=1.0,
)


async def revenue_of(
    revenue: Views[RevenueView], dealer: str, users: Sequence[str], first: date, last: date
) -> Mapping[str, int]:
    """The revenue in cents by user of orders from the first to the last day, both inclusive."""
    months = Between(start_of(first.replace(day=1)), start_of(last + timedelta(days=1)))
    found = await revenue.pick(
        {"dealer": dealer, "user": OneOf(tuple(users)), "begins_at": months},
        ("user", "days"),
        limit=MAX_DOCUMENTS,
    )
    sums = dict.fromkeys(users, 0)
    for user, days in found:
        sums[user] += sum(
            cents for day, cents in days.items() if first.isoformat() <= day <= last.isoformat()
        )
    return sums
