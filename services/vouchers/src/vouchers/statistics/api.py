"""Routes of the statistics: a dealer's campaigns and their users, and central ones by dealer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from msgspec.structs import replace

from vouchers.campaign.owner import owner_of
from vouchers.campaign.titles import titles_of
from vouchers.campaign.view import CampaignView, key_of
from vouchers.orderer.names import Orderers
from vouchers.statistics.listing import (
    CAMPAIGN_TABLE,
    DEALER_TABLE,
    SUMS,
    USER_TABLE,
    CampaignStatisticsQuery,
    DealerStatisticsQuery,
    UserStatisticsQuery,
)
from vouchers.statistics.revenue import RevenueView, revenue_of
from vouchers.statistics.view import CampaignFigures, DealerFigures, UserFigures
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.marketing_module import ModuleView
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, Sums, list_routes
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class StatisticsViews:
    campaigns: Views[CampaignFigures]
    users: Views[UserFigures]
    dealers: Views[DealerFigures]
    revenue: Views[RevenueView]


def statistics_api(
    statistics: StatisticsViews,
    campaigns: Views[CampaignView],
    orderers: Orderers,
    dealers: Views[ModuleView],
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(tags=["statistics"])
    sources = (campaigns, statistics.revenue, orderers.views)
    sees = Depends(reads(access.requires("see-statistics"), *sources))
    sees_central = Depends(reads(access.requires("see-central-statistics"), campaigns, dealers))

    async def titled[View: (CampaignFigures, DealerFigures)](
        views: Sequence[View],
    ) -> Sequence[View]:
        if not views:
            return views
        dealer, ids = views[0].dealer, [view.campaign_id for view in views]
        titles = await titles_of(campaigns, dealer, ids)
        return [replace(view, title=titles.get(view.campaign_id, "")) for view in views]

    @list_routes(
        router,
        "/dealers/{dealer}/campaign-statistics",
        statistics.campaigns,
        CAMPAIGN_TABLE,
        exports,
        sums=Sums(statistics.campaigns, SUMS),
    )
    async def list_campaign_statistics(
        dealer: Id,
        request: Annotated[RequestContext, sees],
        query: Annotated[CampaignStatisticsQuery, Query()],
    ) -> Selection[CampaignFigures]:
        """Campaigns of which vouchers were redeemed, own and central (VO-40, VO-41)."""
        return Selection({**query.where(), "dealer": dealer}, titled)

    @list_routes(
        router,
        "/dealers/{dealer}/campaign-statistics/{campaign_id}/users",
        statistics.users,
        USER_TABLE,
        exports,
        sums=Sums(statistics.users, SUMS),
    )
    async def list_user_statistics(
        dealer: Id,
        campaign_id: Id,
        request: Annotated[RequestContext, sees],
        query: Annotated[UserStatisticsQuery, Query()],
    ) -> Selection[UserFigures]:
        """The users who redeemed vouchers of a campaign, with their revenue (VO-42)."""
        campaign = await campaigns.get(key_of(owner_of(campaign_id, dealer), campaign_id))
        if campaign is None:
            raise NotFoundError("Diese Kampagne gibt es nicht.")
        first, last = campaign.valid_from, campaign.valid_until

        async def completed(views: Sequence[UserFigures]) -> Sequence[UserFigures]:
            users = [view.user for view in views]
            names = await orderers.names(dealer, users)
            revenue = await revenue_of(statistics.revenue, dealer, users, first, last)
            return [
                replace(
                    view,
                    name=names.get(view.user, ""),
                    total_revenue_cents=revenue[view.user],
                )
                for view in views
            ]

        where = {**query.where(), "dealer": dealer, "campaign_id": campaign_id}
        return Selection(where, completed, with_names=True)

    @list_routes(
        router,
        "/central-campaign-statistics",
        statistics.dealers,
        DEALER_TABLE,
        exports,
        sums=Sums(statistics.dealers, SUMS),
    )
    async def list_dealer_statistics(
        request: Annotated[RequestContext, sees_central],
        query: Annotated[DealerStatisticsQuery, Query()],
    ) -> Selection[DealerFigures]:
        """Central campaigns by dealer, without anything about their users (VO-30, X-28)."""

        async def named(views: Sequence[DealerFigures]) -> Sequence[DealerFigures]:
            found = await dealers.get_many([view.participant for view in views])
            return [
                replace(view, participant_name=found[view.participant].name)
                if view.participant in found
                else view
                for view in await titled(views)
            ]

        return Selection({**query.where(), "dealer": CENTRAL}, named)

    return router
