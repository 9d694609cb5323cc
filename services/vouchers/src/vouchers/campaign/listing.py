"""Query and table of the list of campaigns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from vouchers.campaign.view import CAMPAIGNS, CampaignView, Status
from zugabe_events.contracts.vouchers import CampaignKind, DiscountType
from zugabe_events.domain.views import Between, FilterValue, OneOf
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


class CampaignQuery(ListQuery):
    status: Literal["draft", "active", "paused", "ended", "expired"] | None = None
    kind: CampaignKind | None = None
    sort: Literal[
        "campaign_id", "-campaign_id", "valid_from", "-valid_from", "valid_until", "-valid_until"
    ] = "campaign_id"

    def where_at(self, now: datetime) -> dict[str, FilterValue]:
        """The condition for the views; what is active and what has expired depends on the time."""
        match self.status:
            case "active":
                return {**self.where(), "ends_at": Between(first=now)}
            case "expired":
                return {**self.where(), "status": "active", "ends_at": Between(before=now)}
            case "draft" | "paused" | "ended":
                return self.where()
            case None:
                return {**self.where(), "status": OneOf(("draft", "active", "paused", "ended"))}


STATUS: Mapping[Status, str] = {
    "draft": "Entwurf",
    "active": "aktiv",
    "paused": "angehalten",
    "ended": "beendet",
    "expired": "abgelaufen",
    "deleted": "gelöscht",
}
KINDS: Mapping[CampaignKind, str] = {"own": "eigene", "second-purchase": "Zweitkauf"}
DISCOUNTS: Mapping[DiscountType, str] = {
    "fixed": "Betrag",
    "percent": "Prozent",
    "free-shipping": "versandkostenfrei",
}


def worth_in(discount_type: DiscountType, view: CampaignView) -> int | None:
    return view.value if view.discount_type == discount_type else None


TABLE = Table(
    "kampagnen",
    CAMPAIGNS,
    (
        Column("Kampagne", lambda campaign: campaign.campaign_id),
        Column("Titel", lambda campaign: campaign.title),
        Column("Beschreibung", lambda campaign: campaign.description),
        Column("Status", lambda campaign: STATUS.get(campaign.status, campaign.status)),
        Column("Art", lambda campaign: KINDS.get(campaign.kind, campaign.kind)),
        Column("Code", lambda campaign: campaign.code),
        Column(
            "Rabattart",
            lambda campaign: DISCOUNTS.get(campaign.discount_type, campaign.discount_type),
        ),
        Column("Rabatt (EUR)", lambda campaign: worth_in("fixed", campaign), "hundredths"),
        Column("Rabatt (%)", lambda campaign: worth_in("percent", campaign), "hundredths"),
        Column("Gültig von", lambda campaign: campaign.valid_from),
        Column("Gültig bis", lambda campaign: campaign.valid_until),
        Column("Mindestbestellwert (EUR)", lambda campaign: campaign.minimum_cents, "hundredths"),
        Column("Einlösungen höchstens", lambda campaign: campaign.max_uses),
        Column("je Kunde", lambda campaign: campaign.max_per_customer),
        Column("je Benutzer", lambda campaign: campaign.max_per_user),
        Column("verdient ab (EUR)", lambda campaign: campaign.earning_minimum_cents, "hundredths"),
        Column("kombinierbar", lambda campaign: campaign.combines),
    ),
)
