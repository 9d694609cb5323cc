"""Routes of a dealer's programme: set it up, and read it.

Changes need the module "Vermarktung" (CS-1); a programme that runs outlasts it.
"""

from typing import Annotated

from fastapi import APIRouter, Depends

from bonus.catalogue.names import names_of
from bonus.catalogue.view import LabelView
from bonus.pool.view import PoolView
from bonus.programme.bodies import Promotion, Reward, Terms
from bonus.programme.decider import Change, SetTerms, programme_history
from bonus.programme.entries import AddPromotion, AddReward, EndPromotion, WithdrawReward
from bonus.programme.tabs import ProgrammeTabs, tabs_of
from bonus.programme.view import ProgrammeView
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext

MAX_FROZEN = 1_000


def programme_api(
    store: EventStore,
    programmes: Views[ProgrammeView],
    dealers: Views[ModuleView],
    labels: Views[LabelView],
    pools: Views[PoolView],
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/programme", tags=["programme"])
    edit = Depends(reads(access.requires("edit-bonus-settings"), dealers))
    see = Depends(
        reads(access.requires("edit-bonus-settings", "see-programme"), programmes, labels, pools)
    )

    async def change(dealer: str, command: Change, request: RequestContext) -> None:
        await check_module(dealers, dealer)
        # The state recognises repeats; terms set again after others are a change of their own.
        await request.handle(store, programme_history(dealer), command)

    async def frozen_pools(dealer: str) -> int:
        """The customers whose shared points nobody can redeem, up to `MAX_FROZEN` (Q12)."""
        frozen = await pools.pick(
            {"dealer": dealer, "frozen": True}, ("customer",), limit=MAX_FROZEN
        )
        return len(frozen)

    @router.put("", status_code=204)
    async def set_terms(dealer: Id, body: Terms, request: Annotated[RequestContext, edit]) -> None:
        """Set the terms of the programme; orders keep those that were in force (X-40)."""
        await change(dealer, SetTerms(dealer, body.terms(), request.context.at), request)

    @router.put("/rewards/{reward_id}", status_code=204)
    async def add_reward(
        dealer: Id, reward_id: Id, body: Reward, request: Annotated[RequestContext, edit]
    ) -> None:
        """Add a reward to the list, or change it."""
        command = AddReward(body.reward(dealer, reward_id), request.context.at)
        await change(dealer, command, request)

    @router.delete("/rewards/{reward_id}", status_code=204)
    async def withdraw_reward(
        dealer: Id, reward_id: Id, request: Annotated[RequestContext, edit]
    ) -> None:
        """Orders under way keep the reward that points are held for."""
        await change(dealer, WithdrawReward(dealer, reward_id, request.context.at), request)

    @router.put("/promotions/{promotion_id}", status_code=204)
    async def add_promotion(
        dealer: Id, promotion_id: Id, body: Promotion, request: Annotated[RequestContext, edit]
    ) -> None:
        """Add a promotion: articles that earn a multiple of their points (BO-20)."""
        command = AddPromotion(body.promotion(dealer, promotion_id), request.context.at)
        await change(dealer, command, request)

    @router.delete("/promotions/{promotion_id}", status_code=204)
    async def end_promotion(
        dealer: Id, promotion_id: Id, request: Annotated[RequestContext, edit]
    ) -> None:
        """From now on; earlier orders keep the points that it gave."""
        await change(dealer, EndPromotion(dealer, promotion_id, request.context.at), request)

    @router.get("")
    async def get_programme(dealer: Id, request: Annotated[RequestContext, see]) -> ProgrammeTabs:
        """The three tabs of „Bonuspunkte" (BO-9), for those who may edit them, and central."""
        view = await programmes.get(dealer)
        if view is None:
            raise NotFoundError("Hier gibt es kein Bonusprogramm.")
        named = await names_of(view, labels)
        return tabs_of(view, named, day_of(request.context.at), await frozen_pools(dealer))

    return router
