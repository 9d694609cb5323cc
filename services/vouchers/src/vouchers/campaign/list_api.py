"""Routes that show campaigns."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from vouchers.assortment.restrictions import Restrictions
from vouchers.campaign.decider import Draft, Unknown, campaign_history
from vouchers.campaign.editing import campaign_unknown
from vouchers.campaign.listing import TABLE, CampaignQuery
from vouchers.campaign.owner import owner_of
from vouchers.campaign.showing import shown
from vouchers.campaign.uses import CampaignUses
from vouchers.campaign.versions import CampaignVersions, versions_of
from vouchers.campaign.view import CampaignView
from vouchers.participation.dealers_campaigns import DealersCampaigns
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


def campaign_lists(
    store: EventStore,
    campaigns: DealersCampaigns,
    uses: Views[CampaignUses],
    restrictions: Restrictions,
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/campaigns", tags=["campaign"])
    sees = access.requires("see-campaigns")

    @router.get("/{campaign_id}")
    async def get_campaign(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, Depends(reads(sees, campaigns, uses))],
    ) -> CampaignView:
        """A campaign with its terms, uses, and what may be done with it now."""
        view = await campaigns.get(dealer, campaign_id)
        if view is None or view.status == "deleted":
            raise campaign_unknown()
        [campaign] = await shown([view], uses, restrictions, dealer, request.context.at)
        return campaign

    @router.get("/{campaign_id}/versions")
    async def get_versions(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, Depends(reads(sees, campaigns))],
        before: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    ) -> CampaignVersions:
        """The versions of the terms, the latest first."""
        owner = owner_of(campaign_id, dealer)
        campaign = await state_of(store, campaign_history(owner, campaign_id))
        if isinstance(campaign, Unknown) or (isinstance(campaign, Draft) and dealer != owner):
            raise campaign_unknown()
        return versions_of(campaign, before)

    @list_routes(router, "", campaigns, TABLE, exports)
    async def list_campaigns(
        dealer: Id,
        request: Annotated[RequestContext, Depends(reads(sees, uses))],
        query: Annotated[CampaignQuery, Query()],
    ) -> Selection[CampaignView]:
        """The campaigns of the tab „Gutscheine" (VO-2)."""
        now = request.context.at

        async def as_shown(views: Sequence[CampaignView]) -> Sequence[CampaignView]:
            return await shown(views, uses, restrictions, dealer, now)

        return Selection({**query.where_at(now), "dealer": dealer}, as_shown)

    return router
