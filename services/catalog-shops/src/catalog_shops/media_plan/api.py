"""HTTP for the media plan: entries, a calendar year, conflicts, previews (CS-44, N-12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from catalog_shops.media_plan.conflicts import conflicts
from catalog_shops.media_plan.decider import EntryKey, RemovePlanEntry, plan_entry_history
from catalog_shops.media_plan.listing import TABLE, UnlockingQuery
from catalog_shops.media_plan.plan import Conflict
from catalog_shops.media_plan.planning import Planning
from catalog_shops.media_plan.reading import MediaPlans, Preview
from catalog_shops.media_plan.refusals import EntryNotFoundError
from catalog_shops.media_plan.requests import EntryBody
from catalog_shops.media_plan.unlocking import UnlockingView
from catalog_shops.media_plan.view import PlanEntryView, key_of, planned_entries
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from zugabe_events.domain.calendar import day_of, start_of
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Between, FilterValue, Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import FIRST_YEAR, LAST_YEAR, Id, Instant
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

SHOWN_UNLOCKINGS = 500

Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]


@dataclass(frozen=True, slots=True)
class PlanYear:
    """`entries` touch the year. `unlockings` are the first of those in fact, of which there is a
    list with all; `conflicts` are those of today and later, in this year."""

    year: int
    entries: Sequence[PlanEntryView]
    unlockings: Sequence[UnlockingView]
    conflicts: Sequence[Conflict]


def within(year: int) -> Between:
    """The instants of a calendar year in Berlin."""
    return Between(start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1)))


def touches(year: int, first: date, last: date | None) -> bool:
    return first.year <= year and (last is None or last.year >= year)


def media_plan_api(
    store: EventStore,
    plans: MediaPlans,
    unlockings: Views[UnlockingView],
    access: Access,
    quotas: Quotas,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["media plan"])
    planning = Planning(store, plans.entries)
    edits = Depends(reads(access.requires("edit-shops"), plans.entries))
    sees = Depends(reads(access.requires("see-shops"), *plans.followers, unlockings))

    @router.put("/media-plan/entries/{entry_id}", status_code=204)
    async def set_entry(
        dealer: Id, entry_id: Id, body: EntryBody, request: Annotated[RequestContext, edits]
    ) -> None:
        """Add or change an entry; one that runs takes effect as it is now at once."""
        edits_own(request)
        await quotas.count("plan-entries", request)
        await planning.set_entry(request, EntryKey(dealer, entry_id), body.entry())

    @router.delete("/media-plan/entries/{entry_id}", status_code=204)
    async def remove_entry(
        dealer: Id, entry_id: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Take an entry out of the media plan; what runs ends at once."""
        edits_own(request)
        key = EntryKey(dealer, entry_id)
        command = RemovePlanEntry(key, request.context.at)
        await request.handle(store, plan_entry_history(key), command)

    @router.get("/media-plan/entries/{entry_id}")
    async def get_entry(
        dealer: Id, entry_id: Id, _: Annotated[RequestContext, sees]
    ) -> PlanEntryView:
        """An entry of the media plan, with what it switches and when it did."""
        view = await plans.entries.get(key_of(dealer, entry_id))
        if view is None or view.status == "removed":
            raise EntryNotFoundError
        return view

    @router.get("/media-plan/{year}")
    async def get_year(
        dealer: Id, year: Year, request: Annotated[RequestContext, sees]
    ) -> PlanYear:
        """The media plan of a calendar year: what is planned, and what was unlocked when."""
        where: dict[str, FilterValue] = {"dealer": dealer, "at": within(year)}
        actual = await unlockings.page(where, sort="at", limit=SHOWN_UNLOCKINGS)
        found = conflicts(await plans.plan(dealer), day_of(request.context.at))
        return PlanYear(
            year,
            [
                view
                for view in await planned_entries(plans.entries, dealer)
                if touches(year, view.first_day, view.last_day)
            ],
            await plans.named(actual.items),
            [one for one in found if touches(year, one.first_day, one.last_day)],
        )

    @list_routes(router, "/media-plan/{year}/unlockings", unlockings, TABLE, exports)
    async def list_unlockings(
        dealer: Id,
        year: Year,
        request: Annotated[RequestContext, Depends(access.requires("see-shops"))],
        query: Annotated[UnlockingQuery, Query()],
    ) -> Selection[UnlockingView]:
        """Times at which shops were unlocked and removed, by whom or by which entry."""
        return Selection({"dealer": dealer, "at": within(year)}, plans.named)

    @router.get("/media-plan-conflicts")
    async def get_conflicts(
        dealer: Id, request: Annotated[RequestContext, sees]
    ) -> Sequence[Conflict]:
        """Contradictions from today on."""
        return conflicts(await plans.plan(dealer), day_of(request.context.at))

    @router.get("/media-plan-preview")
    async def get_preview(dealer: Id, at: Instant, _: Annotated[RequestContext, sees]) -> Preview:
        """The dealer's shops at an instant, such as „the shop on 25.12.“."""
        return await plans.preview(dealer, at)

    return router
