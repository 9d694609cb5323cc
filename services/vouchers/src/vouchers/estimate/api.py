"""Routes that try a campaign on the orders of the last year before it is activated (N-3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from vouchers.campaign.decider import campaign_history
from vouchers.campaign.editing import latest_of
from vouchers.estimate.jobs import EstimateJob, EstimateJobs, EstimateStatus
from vouchers.estimate.sentence import sentence_of
from vouchers.estimate.worker import EstimateWorker
from vouchers.tenancy import edits_own
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Fact
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext

SPAN = timedelta(days=365)
MAX_OPEN = 20
"""Estimates of a dealer that wait or run at the same time."""


class TooManyEstimatesError(RefusedError):
    code = "estimates-too-many"

    def __init__(self) -> None:
        super().__init__(
            f"Es laufen schon {MAX_OPEN} Schätzungen. Sobald eine fertig ist, kann die nächste "
            "beginnen.",
            most=MAX_OPEN,
        )


class EstimateView(Fact, frozen=True):
    """An estimate of version `version` of a campaign, so far, or as a whole if it is `done`.

    The orders placed from `placed_from` on and before `placed_before` are tried, as far as they
    stand; `read` of `total` orders are read. See `Estimate` for the sums, in cents. `sentence` says
    them in German.
    """

    campaign_id: str
    version: int
    status: EstimateStatus
    requested_at: datetime
    finished_at: datetime | None
    placed_from: datetime
    placed_before: datetime
    read: int
    total: int | None
    orders: int
    qualified: int
    uses: int
    users: int
    customers: int
    with_vouchers: int
    goods_cents: int
    discount_cents: int
    shipping_cents: int
    refused: Mapping[str, int]
    sentence: str


def estimate_api(
    store: EventStore,
    jobs: EstimateJobs,
    orders: Follower,
    worker: EstimateWorker,
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/campaigns/{campaign_id}", tags=["estimate"])
    edits = Depends(edits_own(access.requires("edit-campaigns"), orders))

    @router.post("/estimate", status_code=HTTPStatus.ACCEPTED)
    async def ask_estimate(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> EstimateView:
        """Work out, in the background, what the campaign would have done in the last 365 days."""
        campaign = await state_of(store, campaign_history(dealer, campaign_id))
        version, terms = latest_of(campaign)
        earlier = await jobs.get(dealer, campaign_id)
        if earlier is not None and earlier.is_open and earlier.version == version:
            return view_of(earlier)
        if not (earlier and earlier.is_open) and await jobs.open_of(dealer) >= MAX_OPEN:
            raise TooManyEstimatesError
        now = request.context.at
        job = EstimateJob(
            run=str(request.fresh),
            dealer=dealer,
            campaign_id=campaign_id,
            version=version,
            terms=terms,
            requested_at=now,
            placed_from=now - SPAN,
            placed_before=now,
            due=now,
        )
        await jobs.put(job)
        worker.rounds.wake()
        return view_of(job)

    @router.get("/estimate")
    async def get_estimate(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> EstimateView:
        """The estimate so far: uses and discounts that past orders would have had."""
        job = await jobs.get(dealer, campaign_id)
        if job is None:
            raise NotFoundError(
                "Für diese Kampagne wurde noch keine Schätzung verlangt.", code="estimate-not-found"
            )
        return view_of(job)

    return router


def view_of(job: EstimateJob) -> EstimateView:
    found = job.estimate
    return EstimateView(
        campaign_id=job.campaign_id,
        version=job.version,
        status=job.status,
        requested_at=job.requested_at,
        finished_at=job.finished_at,
        placed_from=job.placed_from,
        placed_before=job.placed_before,
        read=job.done,
        total=job.total,
        orders=found.orders,
        qualified=found.qualified,
        uses=found.uses,
        users=found.users,
        customers=found.customers,
        with_vouchers=found.with_vouchers,
        goods_cents=found.goods_cents,
        discount_cents=found.discount_cents,
        shipping_cents=found.shipping_cents,
        refused=found.refused,
        sentence=sentence_of(job),
    )
