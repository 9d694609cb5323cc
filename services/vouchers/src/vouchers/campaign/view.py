"""Read model of campaigns: terms and status."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignCreated,
    CampaignDeleted,
    CampaignDraftEdited,
    CampaignEnded,
    CampaignKind,
    CampaignPaused,
    CampaignResumed,
    CampaignTermsChanged,
    DiscountType,
    OfCampaign,
)
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel

type Status = Literal["draft", "active", "paused", "ended", "expired", "deleted"]
"""`expired` is an active campaign whose last day is over; it is stored as `active`.

Nothing shows campaigns that are `deleted`.
"""


@dataclass(frozen=True, slots=True)
class CampaignView:
    """`value` is cents for `fixed`, basis points for `percent`. `ends_at` ends `valid_until`."""

    dealer: str
    campaign_id: str
    version: int
    status: Status
    kind: CampaignKind
    title: str
    description: str
    code: str
    discount_type: DiscountType
    value: int
    valid_from: date
    valid_until: date
    ends_at: datetime
    minimum_cents: int
    max_uses: int | None
    max_per_customer: int | None
    max_per_user: int | None
    combines: bool = False
    earning_minimum_cents: int = 0


def key_of(dealer: str, campaign_id: str) -> str:
    return f"{dealer}/{campaign_id}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case OfCampaign():
            return [key_of(event.dealer, event.campaign_id)]
        case _:
            return []


def project(view: CampaignView | None, event: Event) -> CampaignView | None:
    match event:
        case CampaignCreated() | CampaignDraftEdited():
            return view_of(event, "draft")
        case CampaignActivated():
            return view_of(event, "active")
        case CampaignTermsChanged() if view is not None:
            return view_of(event, view.status)
        case CampaignDeleted() if view is not None:
            return replace(view, status="deleted")
        case CampaignPaused() if view is not None:
            return replace(view, status="paused")
        case CampaignResumed() if view is not None:
            return replace(view, status="active")
        case CampaignEnded() if view is not None:
            return replace(view, status="ended")
        case _:
            return view


type OfTerms = CampaignCreated | CampaignDraftEdited | CampaignActivated | CampaignTermsChanged


def shown(view: CampaignView, now: datetime) -> CampaignView:
    is_over = view.status == "active" and view.ends_at <= now
    return replace(view, status="expired") if is_over else view


def view_of(event: OfTerms, status: Status) -> CampaignView:
    terms = event.terms
    return CampaignView(
        dealer=event.dealer,
        campaign_id=event.campaign_id,
        version=event.version,
        status=status,
        kind=terms.kind,
        title=terms.title,
        description=terms.description,
        code=terms.code,
        discount_type=terms.discount_type,
        value=terms.value,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        ends_at=start_of(terms.valid_until + timedelta(days=1)).astimezone(UTC),
        minimum_cents=terms.minimum_cents,
        max_uses=terms.max_uses,
        max_per_customer=terms.max_per_customer,
        max_per_user=terms.max_per_user,
        combines=terms.combines,
        earning_minimum_cents=terms.earning_minimum_cents,
    )


CAMPAIGNS = ReadModel(
    name="vouchers.campaigns",
    version=4,
    topics=("vouchers",),
    view=CampaignView,
    keys=keys,
    project=project,
    lists=ListOptions(("status", "kind"), ("campaign_id", "valid_from", "valid_until")),
)
