"""Routes that start, pause, resume and end campaigns.

Those that run outlast the module "Vermarktung": they are paused and ended without it.
"""

from typing import Annotated

from fastapi import APIRouter, Depends

from vouchers.campaign.bodies import Activation, Because
from vouchers.campaign.decider import ActivateCampaign, EndCampaign, PauseCampaign, ResumeCampaign
from vouchers.campaign.editing import CampaignEditor, CampaignResult
from vouchers.tenancy import edits_own
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


def campaign_life_api(
    editor: CampaignEditor, sources: tuple[Follower, ...], access: Access
) -> APIRouter:
    """The routes wait until `sources` include the events of the request's tokens."""
    router = APIRouter(prefix="/dealers/{dealer}/campaigns/{campaign_id}", tags=["campaign"])
    edits = Depends(edits_own(access.requires("edit-campaigns"), *sources))

    @router.post("/activation")
    async def activate(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, edits],
        body: Activation | None = None,
    ) -> CampaignResult:
        """Activate a draft: from now on its code can be used, and cannot change any more."""
        await editor.check_dealer(dealer)
        command = ActivateCampaign(request.context.at, body.version if body else None)
        return await editor.change(request, campaign_id, command)

    @router.post("/pause")
    async def pause(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, edits],
        body: Because | None = None,
    ) -> CampaignResult:
        """Allow no new uses from now on; those that are held stay (X-29)."""
        command = PauseCampaign(request.context.at, body.reason if body else "")
        return await editor.change(request, campaign_id, command)

    @router.post("/resumption")
    async def resume(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> CampaignResult:
        """Resume a paused campaign."""
        await editor.check_dealer(dealer)
        return await editor.change(request, campaign_id, ResumeCampaign(request.context.at))

    @router.post("/end")
    async def end(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, edits],
        body: Because | None = None,
    ) -> CampaignResult:
        """End a campaign; open checkouts keep what they were promised."""
        command = EndCampaign(request.context.at, body.reason if body else "")
        return await editor.change(request, campaign_id, command)

    return router
