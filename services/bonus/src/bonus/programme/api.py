"""Routes of a dealer's programme: set terms, add rewards and promotions, activate, and read.

Changes need the module "Vermarktung" (CS-1); a programme that runs outlasts it.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from bonus.programme.decider import (
    Activate,
    AddPromotion,
    AddReward,
    Command,
    SetTerms,
    programme_history,
)
from bonus.programme.view import ProgrammeView
from zugabe_events.contracts.bonus import ProgrammeTerms
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Day, Id, Text
from zugabe_events.http.request_context import RequestContext

Rate = Annotated[int, Field(strict=True, ge=1, le=1_000)]
"""Whole numbers from 1 (BO-15, BO-51)."""

Names = Annotated[tuple[Text, ...], Field(max_length=500)]


class Terms(Body):
    """By default one point per full euro, worth one cent (BO-2)."""

    points_per_euro: Rate = 1
    point_value_cents: Rate = 1
    count_after_discounts: bool = False
    pending_days: Annotated[int, Field(strict=True, ge=0, le=3_650)]
    excluded_groups: Names = ()
    starts_on: Day


class Reward(Body):
    title: Text
    points: Annotated[int, Field(strict=True, ge=1, le=10**9)]
    discount_cents: Annotated[int, Field(strict=True, ge=1, le=10**9)]


class Promotion(Body):
    title: Text
    factor: Annotated[int, Field(strict=True, ge=2, le=10)]
    brands: Names = ()
    product_groups: Names = ()
    valid_from: Day | None = None
    valid_until: Day | None = None


def sorted_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """One spelling for one set, so that a repeated request changes nothing."""
    return tuple(sorted(set(names)))


def programme_api(
    store: EventStore,
    programmes: Views[ProgrammeView],
    dealers: Views[ModuleView],
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/programme", tags=["programme"])
    edit = Depends(reads(access.requires("edit-bonus-settings"), dealers))
    see = Depends(reads(access.requires("see-programme"), programmes))

    async def change(command: Command, request: RequestContext) -> None:
        await check_module(dealers, command.dealer)
        # The state recognises repeats; terms set again after others are a change of their own.
        history = programme_history(command.dealer)
        await request.handle(store, history, command)

    @router.put("", status_code=204)
    async def set_terms(dealer: Id, body: Terms, request: Annotated[RequestContext, edit]) -> None:
        terms = ProgrammeTerms(
            points_per_euro=body.points_per_euro,
            point_value_cents=body.point_value_cents,
            count_after_discounts=body.count_after_discounts,
            pending_days=body.pending_days,
            excluded_groups=sorted_names(body.excluded_groups),
            starts_on=body.starts_on,
        )
        await change(SetTerms(dealer, terms, request.context.at), request)

    @router.put("/rewards/{reward_id}", status_code=204)
    async def add_reward(
        dealer: Id,
        reward_id: Id,
        body: Reward,
        request: Annotated[RequestContext, edit],
    ) -> None:
        command = AddReward(
            dealer=dealer,
            reward_id=reward_id,
            title=body.title,
            points=body.points,
            discount_cents=body.discount_cents,
            at=request.context.at,
        )
        await change(command, request)

    @router.put("/promotions/{promotion_id}", status_code=204)
    async def add_promotion(
        dealer: Id,
        promotion_id: Id,
        body: Promotion,
        request: Annotated[RequestContext, edit],
    ) -> None:
        command = AddPromotion(
            dealer=dealer,
            promotion_id=promotion_id,
            title=body.title,
            factor=body.factor,
            brands=sorted_names(body.brands),
            product_groups=sorted_names(body.product_groups),
            valid_from=body.valid_from,
            valid_until=body.valid_until,
            at=request.context.at,
        )
        await change(command, request)

    @router.post("/activation", status_code=204)
    async def activate(dealer: Id, request: Annotated[RequestContext, edit]) -> None:
        await change(Activate(dealer, request.context.at), request)

    @router.get("")
    async def get_programme(dealer: Id, request: Annotated[RequestContext, see]) -> ProgrammeView:
        """Before activation only the dealer's staff and central see it (BO-7)."""
        view = await programmes.get(dealer)
        if view is None or not (
            view.active or request.principal.role in ("dealer-staff", "central")
        ):
            raise NotFoundError("Hier gibt es kein Bonusprogramm.")
        return view

    return router
