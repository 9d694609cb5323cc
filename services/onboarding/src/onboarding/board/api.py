"""HTTP for central staff: all brands at a glance, and how long phases take (N-11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from msgspec.structs import replace

from onboarding.board.forecast import with_forecast
from onboarding.board.lead_times import LeadTimeView, expected_days, median_days
from onboarding.board.listing import TABLE, BoardQuery
from onboarding.board.view import BoardView
from onboarding.brand.state import PHASES
from onboarding.labels import requirement_lines
from zugabe_events.contracts.onboarding import Phase
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Of one phase over all brands. `expected_days` is what forecasts count with: the median, once
    there are enough finished ones. Hours are sums over the finished ones."""

    phase: Phase
    running: int
    finished: int
    median_days: int | None
    expected_days: int
    waited_for_partner_hours: int
    waited_for_central_hours: int


@dataclass(frozen=True, slots=True)
class LeadTimes:
    phases: tuple[LeadTime, ...]


def board_api(
    board: Views[BoardView],
    lead_times: Views[LeadTimeView],
    usual_days: Mapping[Phase, int],
    access: Access,
    exports: Exports,
) -> APIRouter:
    """`usual_days`: what a phase is expected to take until enough have shown it."""
    router = APIRouter(tags=["board"])

    @list_routes(router, "/board", board, TABLE, exports, limit=50)
    async def list_board(
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-board"), lead_times))
        ],
        query: Annotated[BoardQuery, Query()],
    ) -> Selection[BoardView]:
        """List all brands; `forecast` is computed from today, `needs` say what is missing."""
        expected = {
            phase: expected_days(await lead_times.get(phase), usual_days[phase]) for phase in PHASES
        }
        line = partial(as_of_today, expected=expected, request=request)
        return Selection({**query.where(), "dealer": CENTRAL}, line)

    @router.get("/lead-times")
    async def get_lead_times(
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-board"), lead_times))
        ],
    ) -> LeadTimes:
        """The duration of phases over all brands, and the waiting of each side."""
        views = [await lead_times.get(phase) or LeadTimeView(CENTRAL, phase) for phase in PHASES]
        return LeadTimes(tuple(lead_time(view, usual_days[view.phase]) for view in views))

    return router


async def as_of_today(
    views: Sequence[BoardView], expected: Mapping[Phase, int], request: RequestContext
) -> Sequence[BoardView]:
    today = day_of(request.context.at)
    return [with_needs(with_forecast(view, expected, today)) for view in views]


def with_needs(view: BoardView) -> BoardView:
    return replace(view, needs=tuple(requirement_lines(view.missing, view.progress.labels)))


def lead_time(view: LeadTimeView, usual: int) -> LeadTime:
    return LeadTime(
        phase=view.phase,
        running=view.started - view.finished,
        finished=view.finished,
        median_days=median_days(view),
        expected_days=expected_days(view, usual),
        waited_for_partner_hours=view.partner_seconds // 3600,
        waited_for_central_hours=view.central_seconds // 3600,
    )
