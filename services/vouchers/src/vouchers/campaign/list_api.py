"""Routes that show campaigns."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from vouchers.campaign.listing import TABLE, CampaignQuery
from vouchers.campaign.view import CampaignView, key_of, shown
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


def campaign_lists(campaigns: Views[CampaignView], access: Access, exports: Exports) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/campaigns", tags=["campaign"])

    @router.get("/{campaign_id}")
    async def get_campaign(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-campaigns"), campaigns))
        ],
    ) -> CampaignView:
        view = await campaigns.get(key_of(dealer, campaign_id))
        if view is None or view.status == "deleted":
            raise NotFoundError("Diese Kampagne gibt es nicht.")
        return shown(view, request.context.at)

    @list_routes(router, "", campaigns, TABLE, exports)
    async def list_campaigns(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-campaigns"))],
        query: Annotated[CampaignQuery, Query()],
    ) -> Selection[CampaignView]:
        now = request.context.at

        async def with_status(views: Sequence[CampaignView]) -> Sequence[CampaignView]:
            return [shown(view, now) for view in views]

        return Selection({**query.where_at(now), "dealer": dealer}, with_status)

    return router
