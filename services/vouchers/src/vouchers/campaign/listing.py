"""Query and table of the list of campaigns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from vouchers.campaign.owner import is_central
from vouchers.campaign.terms import Kind
from vouchers.campaign.view import (
    CAMPAIGN_ROWS,
    Action,
    CampaignStatus,
    CampaignView,
    ParticipationStatus,
)
from zugabe_events.contracts.vouchers import DiscountType
from zugabe_events.domain.views import Between, FilterValue, OneOf
from zugabe_events.export.table import Column, Table
from zugabe_events.http.list_query import ListQuery


class CampaignQuery(ListQuery):
    status: Literal["draft", "active", "paused", "ended", "expired"] | None = None
    kind: Kind | None = None
    owner: Literal["own", "central"] | None = None
    participation: ParticipationStatus | None = None
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


STATUS: Mapping[CampaignStatus, str] = {
    "draft": "Entwurf",
    "active": "aktiv",
    "paused": "angehalten",
    "ended": "beendet",
    "expired": "abgelaufen",
    "deleted": "gelöscht",
}
KINDS: Mapping[Kind, str] = {
    "own": "allgemein",
    "second-purchase": "Zweitkauf",
    "newsletter": "Newsletter",
}
DISCOUNTS: Mapping[DiscountType, str] = {
    "fixed": "Festwert",
    "percent": "Prozentwert",
    "free-shipping": "Kostenloser Versand",
}


ACTIONS: Mapping[Action, str] = {
    "edit": "Bearbeiten",
    "activate": "Aktivieren",
    "pause": "Anhalten",
    "resume": "Fortsetzen",
    "end": "Beenden",
    "delete": "Löschen",
    "copy": "Kopieren",
    "join": "Teilnehmen",
    "change-minimum": "Mindestbestellwert ändern",
    "leave": "Aussteigen",
}
PARTICIPATION: Mapping[ParticipationStatus, str] = {
    "joined": "nimmt teil",
    "left": "ausgestiegen",
}


def worth_in(discount_type: DiscountType, view: CampaignView) -> int | None:
    return view.value if view.discount_type == discount_type else None


def owner_shown(view: CampaignView) -> str:
    return "zentral" if is_central(view.campaign_id) else "eigene"


def participation_of(view: CampaignView) -> str:
    return PARTICIPATION[view.participation.status] if view.participation else ""


COLUMNS: tuple[Column[CampaignView], ...] = (
    Column("Kampagne", lambda campaign: campaign.title),
    Column("Aktionen", lambda campaign: ", ".join(map(ACTIONS.__getitem__, campaign.actions))),
    Column("Status", lambda campaign: STATUS[campaign.status]),
    Column("Art", lambda campaign: KINDS[campaign.kind]),
    Column("Herkunft", owner_shown),
    Column("Teilnahme", participation_of),
    Column("Code", lambda campaign: campaign.code),
    Column("Einzelcodes", lambda campaign: campaign.unique_codes),
    Column("Rabattart", lambda campaign: DISCOUNTS[campaign.discount_type]),
    Column("Rabatt (EUR)", lambda campaign: worth_in("fixed", campaign), "hundredths"),
    Column("Rabatt (%)", lambda campaign: worth_in("percent", campaign), "hundredths"),
    Column("Gültig von", lambda campaign: campaign.valid_from),
    Column("Gültig bis", lambda campaign: campaign.valid_until),
    Column("Tage ab Ausstellung", lambda campaign: campaign.valid_days),
    Column("Sortiment", lambda campaign: campaign.applies_to),
    Column("Mindestbestellwert (EUR)", lambda campaign: campaign.minimum_cents, "hundredths"),
    Column("Einlösungen höchstens", lambda campaign: campaign.max_uses),
    Column("je Kunde", lambda campaign: campaign.max_per_customer),
    Column("je Benutzer", lambda campaign: campaign.max_per_user),
    Column("Budget (EUR)", lambda campaign: campaign.budget_cents, "hundredths"),
    Column("verdient ab (EUR)", lambda campaign: campaign.earning_minimum_cents, "hundredths"),
    Column("kombinierbar", lambda campaign: campaign.combines),
    Column("Rang", lambda campaign: campaign.rank),
    Column("Einlösungen", lambda campaign: campaign.uses),
    Column("noch möglich", lambda campaign: campaign.remaining_uses),
    Column("Budget übrig (EUR)", lambda row: row.remaining_budget_cents, "hundredths"),
    Column("Rabatte (EUR)", lambda campaign: campaign.spent_cents, "hundredths"),
    Column("Beschreibung", lambda campaign: campaign.description),
    Column("Kennung", lambda campaign: campaign.campaign_id),
)

TABLE = Table("kampagnen", CAMPAIGN_ROWS, COLUMNS)
