"""Routes of what a dealer owes by points, in the past and the future (N-10)."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bonus.liability.closing import ClosingPreview, closing
from bonus.liability.figures import Liability, LiabilityViews, liability, on_day
from bonus.liability.listing import (
    BY_CUSTOMER,
    BY_DAY,
    CustomerByCustomer,
    CustomersQuery,
    DayByDay,
    DaysQuery,
    point_value,
)
from bonus.programme.run_off import run_off_until
from bonus.programme.view import ProgrammeView
from zugabe_events.domain.calendar import day_of, noon_of, start_of
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.views import Between, Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Day, Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

DAYS_BEFORE, DAYS_AFTER = timedelta(days=30), timedelta(days=90)
MAX_DAYS = 3_660


def liability_api(
    views: LiabilityViews, programmes: Views[ProgrammeView], access: Access, exports: Exports
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/liability", tags=["liability"])
    by_day, by_customer = DayByDay(views, programmes), CustomerByCustomer(views, programmes)
    # Central staff see sums, not a dealer's people; a customer may be one.
    sees = Depends(
        reads(
            access.requires("edit-bonus-settings", "see-programme"),
            views.dealers,
            views.customers,
            programmes,
        )
    )
    sees_customers = Depends(
        reads(access.requires("edit-bonus-settings"), views.dealers, views.customers, programmes)
    )

    @router.get("")
    async def get_liability(
        dealer: Id, request: Annotated[RequestContext, sees], day: Day | None = None
    ) -> Liability:
        """At the end of a day in Berlin, of today by default, of the past or the future."""
        asked = day or day_of(request.context.at)
        figures = on_day(await views.months(dealer, None), asked)
        return liability(dealer, "", asked, figures, await point_value(programmes, dealer))

    @router.get("/closing")
    async def preview_closing(
        dealer: Id, request: Annotated[RequestContext, sees], day: Day | None = None
    ) -> ClosingPreview:
        """The cost of deactivating the programme on a day, until the end of its run-off."""
        asked = day or day_of(request.context.at)
        programme = await programmes.get(dealer)
        until = run_off_until(noon_of(asked))
        if programme and programme.run_off_until and programme.run_off_until >= asked:
            until = programme.run_off_until
        rewards = programme.rewards if programme else ()
        months = await views.months(dealer, None)
        worth = await point_value(programmes, dealer)
        return closing(months, asked, until, worth.cents, rewards)

    @list_routes(router, "/days", by_day, BY_DAY, exports)
    async def list_liability_by_day(
        dealer: Id,
        request: Annotated[RequestContext, sees_customers],
        query: Annotated[DaysQuery, Query()],
    ) -> Selection[Liability]:
        """Day by day, of a dealer or of one customer."""
        first, last = span_of(query, day_of(request.context.at))
        return Selection(
            {
                "dealer": dealer,
                "customer": query.customer,
                "day": Between(start_of(first), start_of(last + timedelta(days=1))),
            }
        )

    @list_routes(router, "/customers", by_customer, BY_CUSTOMER, exports)
    async def list_liability_by_customer(
        dealer: Id,
        request: Annotated[RequestContext, sees_customers],
        query: Annotated[CustomersQuery, Query()],
    ) -> Selection[Liability]:
        """On one day, of each customer with points."""
        day = query.day or day_of(request.context.at)
        return Selection({"dealer": dealer, "day": day.isoformat()})

    return router


def span_of(query: DaysQuery, today: date) -> tuple[date, date]:
    """Of which both days are within it."""
    first = query.day_from or min(query.day_until or today, today) - DAYS_BEFORE
    last = query.day_until or max(first, today) + DAYS_AFTER
    if last < first:
        raise InvalidError("Der Zeitraum endet, bevor er beginnt.", code="span-reversed")
    if (last - first).days >= MAX_DAYS:
        raise InvalidError(
            f"Die Liste hat höchstens {MAX_DAYS // 366} Jahre. Bitte grenzen Sie sie ein.",
            code="span-too-long",
        )
    return first, last
