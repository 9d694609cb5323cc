"""Queries and tables of the central campaigns that a dealer can join, and of who joined them."""

from datetime import datetime
from typing import Literal

from vouchers.campaign.listing import COLUMNS, PARTICIPATION
from vouchers.campaign.terms import Kind
from vouchers.campaign.view import LISTS, CampaignView, ParticipationStatus
from vouchers.participation.view import PARTICIPATIONS
from zugabe_events.domain.projection import ComputedList
from zugabe_events.domain.views import Between, FilterValue, OneOf
from zugabe_events.export.table import Column, Table
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


class ParticipantQuery(ListQuery):
    """Of one campaign, by dealer."""

    status: ParticipationStatus | None = None
    sort: Literal["campaign_id", "-campaign_id"] = "campaign_id"


PARTICIPANT_TABLE = Table(
    "teilnehmer",
    PARTICIPATIONS,
    (
        Column("Händler", lambda row: row.dealer_name),
        Column("Händler-ID", lambda row: row.dealer),
        Column("Teilnahme", lambda row: PARTICIPATION[row.status]),
        Column("Eigener Mindestbestellwert (EUR)", lambda row: row.minimum_cents, "hundredths"),
        Column("Nimmt teil seit", lambda row: row.joined_at, "instant"),
        Column("Ausgestiegen am", lambda row: row.left_at, "instant"),
    ),
)

OFFERED_TABLE = Table(
    "zentrale-kampagnen",
    ComputedList("vouchers.offered-campaigns", CampaignView, LISTS),
    COLUMNS,
)
