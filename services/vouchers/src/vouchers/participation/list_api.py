"""Routes that show central campaigns to dealers, and their participants to central marketing."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from msgspec.structs import replace

from vouchers.assortment.restrictions import Restrictions
from vouchers.campaign.editing import campaign_unknown
from vouchers.campaign.showing import shown
from vouchers.campaign.uses import CampaignUses
from vouchers.campaign.view import CampaignView
from vouchers.participation.central_campaigns import CentralCampaigns, OfferedCampaigns
from vouchers.participation.listing import (
    OFFERED_TABLE,
    PARTICIPANT_TABLE,
    OfferedQuery,
    ParticipantQuery,
)
from vouchers.participation.view import ParticipationView
from zugabe_events.domain.marketing_module import ModuleView
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


def central_campaign_lists(
    campaigns: CentralCampaigns,
    uses: Views[CampaignUses],
    restrictions: Restrictions,
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/central-campaigns", tags=["central campaign"])
    sees = Depends(reads(access.requires("see-campaigns"), campaigns, uses))

    @router.get("/{campaign_id}")
    async def get_central_campaign(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, sees],
    ) -> CampaignView:
        """All settings of a campaign that was activated (VO-26)."""
        view = await campaigns.get(dealer, campaign_id)
        if view is None:
            raise campaign_unknown()
        [campaign] = await shown([view], uses, restrictions, dealer, request.context.at)
        return campaign

    @list_routes(router, "", OfferedCampaigns(campaigns), OFFERED_TABLE, exports)
    async def list_central_campaigns(
        dealer: Id,
        request: Annotated[RequestContext, sees],
        query: Annotated[OfferedQuery, Query()],
    ) -> Selection[CampaignView]:
        """Those that run or will, and that the dealer does not take part in (VO-25)."""
        now = request.context.at

        async def as_shown(views: Sequence[CampaignView]) -> Sequence[CampaignView]:
            return await shown(views, uses, restrictions, dealer, now)

        return Selection({**query.where_at(now), "dealer": dealer}, as_shown)

    return router


def participant_lists(
    campaigns: CentralCampaigns, dealers: Views[ModuleView], access: Access, exports: Exports
) -> APIRouter:
    """For central marketing, who sees dealers, not their users (X-28)."""
    router = APIRouter(prefix="/central-campaigns", tags=["central campaign"])
    sees = Depends(reads(access.requires("see-central-statistics"), dealers))

    async def named(views: Sequence[ParticipationView]) -> Sequence[ParticipationView]:
        found = await dealers.get_many([view.dealer for view in views])
        return [
            replace(view, dealer_name=found[view.dealer].name) if view.dealer in found else view
            for view in views
        ]

    @list_routes(
        router,
        "/{campaign_id}/participants",
        campaigns.participations,
        PARTICIPANT_TABLE,
        exports,
    )
    async def list_participants(
        campaign_id: Id,
        request: Annotated[RequestContext, sees],
        query: Annotated[ParticipantQuery, Query()],
    ) -> Selection[ParticipationView]:
        """The dealers who take or took part in a campaign."""
        return Selection({**query.where(), "campaign_id": campaign_id}, named)

    return router
