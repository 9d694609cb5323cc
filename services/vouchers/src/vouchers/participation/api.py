"""Routes by which a dealer takes part in central campaigns, and leaves them (VO-25 to VO-29)."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from vouchers.campaign.decider import Active, Campaign, campaign_history
from vouchers.campaign.warnings import warnings_about
from vouchers.dealer.shipping import ShippingView
from vouchers.participation.bodies import (
    ChangedParticipation,
    NewParticipation,
    ParticipationResult,
)
from vouchers.participation.decider import (
    PARTICIPATION_DECIDER,
    ChangeMinimum,
    JoinCampaign,
    LeaveCampaign,
    Participations,
    participations_history,
)
from vouchers.participation.terms import terms_for
from vouchers.tenancy import takes_part
from zugabe_events.contracts.vouchers import ParticipationEvent
from zugabe_events.domain.decider import History
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


def participation_api(
    store: EventStore,
    dealers: Views[ModuleView],
    shipping: Views[ShippingView],
    access: Access,
) -> APIRouter:
    router = APIRouter(
        prefix="/dealers/{dealer}/central-campaigns/{campaign_id}/participation",
        tags=["central campaign"],
    )
    edits = Depends(takes_part(access.requires("edit-campaigns"), dealers, shipping))

    async def result(request: RequestContext, dealer: str, campaign_id: str) -> ParticipationResult:
        known, campaign = await states_of(store, histories_of(dealer, campaign_id))
        view = await shipping.get(dealer)
        own, at = known.latest(campaign_id), request.context.at
        assert own is not None
        assert isinstance(campaign, Active)
        terms = terms_for(own, campaign.in_force_at(at).terms)
        warnings = (
            warnings_about(terms, view.at(at) if view else None, at) if own.takes_part else ()
        )
        return ParticipationResult(
            campaign_id,
            "joined" if own.takes_part else "left",
            own.version,
            terms.minimum_cents,
            tuple(warnings),
        )

    @router.post("")
    async def join(
        dealer: Id,
        campaign_id: Id,
        body: NewParticipation,
        request: Annotated[RequestContext, edits],
    ) -> ParticipationResult:
        """Take part, for the first time or again; needs the module "Vermarktung" (CS-1)."""
        await check_module(dealers, dealer)

        def decide(known: Participations, campaign: Campaign) -> Sequence[ParticipationEvent]:
            command = JoinCampaign(
                dealer, campaign_id, body.minimum_cents, campaign, request.context.at
            )
            return PARTICIPATION_DECIDER.decide(command, known)

        await request.handle_reading(store, histories_of(dealer, campaign_id), decide)
        return await result(request, dealer, campaign_id)

    @router.put("")
    async def change_minimum(
        dealer: Id,
        campaign_id: Id,
        body: ChangedParticipation,
        request: Annotated[RequestContext, edits],
    ) -> ParticipationResult:
        """The only setting of a central campaign that a dealer changes (VO-27)."""
        command = ChangeMinimum(
            dealer, campaign_id, body.minimum_cents, body.version, request.context.at
        )
        await request.handle(store, participations_history(dealer), command)
        return await result(request, dealer, campaign_id)

    @router.delete("")
    async def leave(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> ParticipationResult:
        """Also without the module; what is held may still be ordered (Q21)."""
        command = LeaveCampaign(dealer, campaign_id, request.context.at)
        await request.handle(store, participations_history(dealer), command)
        return await result(request, dealer, campaign_id)

    return router


def histories_of(dealer: str, campaign_id: str) -> list[History[Any, Any]]:
    return [participations_history(dealer), campaign_history(CENTRAL, campaign_id)]
