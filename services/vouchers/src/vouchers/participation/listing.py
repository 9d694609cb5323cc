"""Query and table of the central campaigns that a dealer can join."""

from datetime import datetime
from typing import Literal

from vouchers.campaign.listing import COLUMNS
from vouchers.campaign.terms import Kind
from vouchers.campaign.view import LISTS, CampaignView
from zugabe_events.domain.projection import ComputedList
from zugabe_events.domain.views import Between, FilterValue, OneOf
from zugabe_events.export.table import Table
from zugabe_events.http.list_query import ListQuery


class OfferedQuery(ListQuery):
    kind: Kind | None = None
    sort: Literal[
        "campaign_id", "-campaign_id", "valid_from", "-valid_from", "valid_until", "-valid_until"
    ] = "campaign_id"

    def where_at(self, now: datetime) -> dict[str, FilterValue]:
        """Campaigns that were activated and are not over."""
        activated = OneOf(("active", "paused"))
        return {**self.where(), "status": activated, "ends_at": Between(first=now)}


OFFERED_TABLE = Table(
    "zentrale-kampagnen",
    ComputedList("vouchers.offered-campaigns", CampaignView, LISTS),
    COLUMNS,
)
