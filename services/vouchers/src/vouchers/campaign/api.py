"""Routes that draw up campaigns, change their terms, copy and delete them."""

from typing import Annotated

from fastapi import APIRouter, Depends
from msgspec.structs import replace

from vouchers.campaign.bodies import ChangedCampaign, NewCampaign, NewCopy
from vouchers.campaign.changes import change
from vouchers.campaign.decider import ChangeTerms, DeleteCampaign, campaign_history
from vouchers.campaign.editing import CampaignEditor, CampaignResult, latest_of
from vouchers.campaign.typed_code import presentable
from vouchers.tenancy import edits_own
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


def campaign_api(
    store: EventStore, editor: CampaignEditor, sources: tuple[Follower, ...], access: Access
) -> APIRouter:
    """The routes wait until `sources` include the events of the request's tokens."""
    router = APIRouter(prefix="/dealers/{dealer}/campaigns", tags=["campaign"])
    edits = Depends(edits_own(access.requires("edit-campaigns"), *sources))

    @router.put("/{campaign_id}")
    async def draw_up(
        dealer: Id,
        campaign_id: Id,
        body: NewCampaign,
        request: Annotated[RequestContext, edits],
    ) -> CampaignResult:
        """Draw up a campaign as a draft."""
        usual = body.usual_free_shipping_from_cents
        return await editor.draw_up(request, campaign_id, body.terms(dealer), usual)

    @router.put("/{campaign_id}/terms")
    async def change_terms(
        dealer: Id,
        campaign_id: Id,
        body: ChangedCampaign,
        request: Annotated[RequestContext, edits],
    ) -> CampaignResult:
        """Edit a draft freely, or give an active campaign a new version from now on (VO-45)."""
        await editor.check_dealer(dealer)
        command = ChangeTerms(body.terms(dealer), body.version, request.context.at)
        usual = body.usual_free_shipping_from_cents
        return await editor.change(request, campaign_id, command, usual)

    @router.delete("/{campaign_id}", status_code=204)
    async def delete(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Delete a draft, whose code is free again."""
        await change(store, request, dealer, campaign_id, DeleteCampaign())

    @router.post("/{campaign_id}/copies")
    async def copy(
        dealer: Id,
        campaign_id: Id,
        body: NewCopy,
        request: Annotated[RequestContext, edits],
    ) -> CampaignResult:
        """Draw up a draft with the latest terms of this campaign, and a code of its own."""
        original = await state_of(store, campaign_history(dealer, campaign_id))
        _, terms = latest_of(original)
        copied = replace(terms, code=presentable(body.code, dealer))
        return await editor.draw_up(request, body.campaign_id, copied, usual=None)

    return router
