"""Queries and tables of the statistics."""

from typing import Literal

from vouchers.statistics.figures import Figures
from vouchers.statistics.view import (
    CAMPAIGN_STATISTICS,
    DEALER_STATISTICS,
    USER_STATISTICS,
)
from zugabe_events.export.table import Column, Table
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import ListQuery

SUMS = (
    "uses",
    "cancelled_uses",
    "goods_cents",
    "revenue_cents",
    "discount_cents",
    "shipping_cents",
)


class CampaignStatisticsQuery(ListQuery):
    sort: Literal[
        "campaign_id",
        "-campaign_id",
        "uses",
        "-uses",
        "revenue_cents",
        "-revenue_cents",
        "discount_cents",
        "-discount_cents",
    ] = "-revenue_cents"


class UserStatisticsQuery(ListQuery):
    sort: Literal[
        "user",
        "-user",
        "uses",
        "-uses",
        "revenue_cents",
        "-revenue_cents",
    ] = "-revenue_cents"


class DealerStatisticsQuery(ListQuery):
    campaign_id: Id | None = None
    participant: Id | None = None
    sort: Literal[
        "campaign_id",
        "-campaign_id",
        "participant",
        "-participant",
        "uses",
        "-uses",
        "revenue_cents",
        "-revenue_cents",
        "discount_cents",
        "-discount_cents",
    ] = "-revenue_cents"


FIGURES: tuple[Column[Figures], ...] = (
    Column("Eingelöste Gutscheine", lambda row: row.uses),
    Column("Storniert", lambda row: row.cancelled_uses),
    Column("Warenwert (EUR)", lambda row: row.goods_cents, "hundredths"),
    Column("Umsätze mit Gutschein (EUR)", lambda row: row.revenue_cents, "hundredths"),
    Column("Rabatt (EUR)", lambda row: row.discount_cents, "hundredths"),
    Column("Ersparter Versand (EUR)", lambda row: row.shipping_cents, "hundredths"),
)

CAMPAIGN_TABLE = Table(
    "gutschein-statistik",
    CAMPAIGN_STATISTICS,
    (
        Column("Kampagne", lambda row: row.title),
        Column("Kampagnen-ID", lambda row: row.campaign_id),
        *FIGURES,
    ),
)

DEALER_TABLE = Table(
    "zentrale-gutschein-statistik",
    DEALER_STATISTICS,
    (
        Column("Kampagne", lambda row: row.title),
        Column("Kampagnen-ID", lambda row: row.campaign_id),
        Column("Händler", lambda row: row.participant_name),
        Column("Händler-ID", lambda row: row.participant),
        *FIGURES,
    ),
)

USER_TABLE = Table(
    "gutschein-statistik-details",
    USER_STATISTICS,
    (
        Column("Benutzer", lambda row: row.user),
        Column("Name", lambda row: row.name),
        Column("Kunde", lambda row: row.customer),
        Column("Eingelöste Gutscheine", lambda row: row.uses),
        Column("Umsätze mit Gutschein (EUR)", lambda row: row.revenue_cents, "hundredths"),
        Column("Umsätze gesamt (EUR)", lambda row: row.total_revenue_cents, "hundredths"),
        Column("Rabatt (EUR)", lambda row: row.discount_cents, "hundredths"),
        Column("Storniert", lambda row: row.cancelled_uses),
        Column("Zuletzt eingelöst am", lambda row: row.last_used_at, "instant"),
    ),
)
