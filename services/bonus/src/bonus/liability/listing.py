"""Lists of what a dealer owes: day by day, and on one day by customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Annotated, Literal

from bonus.liability.changes import NONE
from bonus.liability.figures import (
    READ_AT_ONCE,
    Liability,
    LiabilityViews,
    PointValue,
    day_by_day,
    liability,
    on_day,
)
from bonus.liability.view import MonthView
from bonus.programme.view import ProgrammeView
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.cursor import decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.projection import ComputedList, ListOptions
from zugabe_events.domain.views import Between, FilterValue, Page, Views
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Day, Id
from zugabe_events.http.list_query import Days, ListQuery

DAY = timedelta(days=1)


class DaysQuery(ListQuery):
    """Both days inclusive; by default the 30 days before today and the 90 after it."""

    day_from: Annotated[Day | None, Days("day")] = None
    day_until: Annotated[Day | None, Days("day", is_last=True)] = None
    customer: Id | None = None
    sort: Literal["day", "-day"] = "day"


class CustomersQuery(ListQuery):
    """`day` is today by default."""

    day: Day | None = None
    sort: Literal["customer"] = "customer"


FIGURES: tuple[Column[Liability], ...] = (
    Column("Punkte einlösbar", lambda row: row.active_points),
    Column("Punkte noch nicht einlösbar", lambda row: row.pending_points),
    Column("Punkte vorgemerkt", lambda row: row.waiting_points),
    Column("Punkte reserviert", lambda row: row.held_points),
    Column("Punkte geschuldet", lambda row: row.owed_points),
    Column("Punkte insgesamt", lambda row: row.points),
    Column("Letzter Tag für Punkte", lambda row: row.expiring_points),
    Column("Wert einlösbar (EUR)", lambda row: row.redeemable_cents, "hundredths"),
    Column("Wert insgesamt (EUR)", lambda row: row.value_cents, "hundredths"),
)
BY_DAY = Table(
    "bonus-verbindlichkeiten",
    ComputedList("bonus.liability-days", Liability, ListOptions(("customer",), ("day",))),
    (Column("Tag", lambda row: row.day), *FIGURES),
)
BY_CUSTOMER = Table(
    "bonus-verbindlichkeiten-kunden",
    ComputedList("bonus.liability-customers", Liability, ListOptions(("day",), ("customer",))),
    (
        Column("Kunde", lambda row: row.customer),
        Column("Tag", lambda row: row.day),
        *FIGURES,
    ),
)


async def point_value(programmes: Views[ProgrammeView], dealer: str) -> PointValue:
    programme = await programmes.get(dealer)
    if programme is None or programme.terms is None:
        return PointValue(0)
    return PointValue(programme.terms.point_value_cents, programme.run_off_until)


@dataclass(frozen=True, slots=True)
class DayByDay:
    """Rows of the days of a span; `where` has the span and the customer."""

    views: LiabilityViews
    programmes: Views[ProgrammeView]

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.views.caught_up(tokens)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Liability]:
        span, customer = where["day"], where.get("customer")
        assert isinstance(span, Between)
        assert span.first is not None
        assert span.before is not None
        first, last = day_of(span.first), day_of(span.before) - DAY
        descending = sort == "-day"
        if after is not None:
            seen, _ = decode_cursor(after, sort)
            if not isinstance(seen, date):
                raise invalid_cursor()
            first, last = (first, seen - DAY) if descending else (seen + DAY, last)
        is_more = (last - first).days >= limit
        if is_more and descending:
            first = last - DAY * (limit - 1)
        elif is_more:
            last = first + DAY * (limit - 1)
        of = str(customer) if customer is not None else None
        dealer = str(where["dealer"])
        months = await self.views.months(dealer, of)
        worth = await point_value(self.programmes, dealer)
        rows = [
            liability(dealer, of or "", first + DAY * number, figures, worth)
            for number, figures in enumerate(day_by_day(months, first, last))
        ]
        if descending:
            rows.reverse()
        return Page(rows, encode_cursor(rows[-1].day, "", sort) if is_more else None)


@dataclass(frozen=True, slots=True)
class CustomerByCustomer:
    """Rows of the customers with points, or who owe some, on a day. A page may have fewer."""

    views: LiabilityViews
    programmes: Views[ProgrammeView]

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.views.caught_up(tokens)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[Liability]:
        dealer = str(where["dealer"])
        worth = await point_value(self.programmes, dealer)
        day = date.fromisoformat(str(where["day"]))
        months: list[MonthView] = []
        while len({month.customer for month in months}) <= limit:
            page = await self.views.customers.page(
                {"dealer": dealer}, sort="customer", after=after, limit=READ_AT_ONCE
            )
            months += page.items
            after = page.next
            if after is None:
                break
        groups = [
            (customer, list(own)) for customer, own in groupby(months, lambda month: month.customer)
        ]
        rows = [
            liability(dealer, customer, day, figures, worth)
            for customer, own in islice(groups, limit)
            if (figures := on_day(own, day)) != NONE
        ]
        if len(groups) <= limit:
            return Page(rows, None)
        customer = groups[limit - 1][0]
        return Page(rows, encode_cursor(customer, f"{dealer}/{customer}/~", "customer"))
