"""Read model of campaigns: terms and status."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from msgspec.structs import asdict, replace

from vouchers.campaign.terms import Kind, kind_of
from zugabe_events.contracts.vouchers import (
    Assortment,
    CampaignActivated,
    CampaignCreated,
    CampaignDeleted,
    CampaignDraftEdited,
    CampaignEnded,
    CampaignPaused,
    CampaignResumed,
    CampaignTerms,
    CampaignTermsChanged,
    DiscountType,
    OfCampaign,
)
from zugabe_events.domain.calendar import start_of
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.projection import ComputedList, ListOptions, ReadModel

type CampaignStatus = Literal["draft", "active", "paused", "ended", "expired", "deleted"]
"""`expired` is an active campaign whose last day is over; it is stored as `active`.

Nothing shows campaigns that are `deleted`.
"""

type Action = Literal[
    "edit",
    "activate",
    "pause",
    "resume",
    "end",
    "delete",
    "copy",
    "join",
    "change-minimum",
    "leave",
]


class ShownTerms(Fact, frozen=True, kw_only=True):
    """Terms as people set them; see `CampaignTerms`.

    `value` is in cents for `fixed`, and in basis points for `percent`.
    """

    kind: Kind
    title: str
    description: str
    code: str
    discount_type: DiscountType
    value: int
    valid_from: date
    valid_until: date
    minimum_cents: int
    max_uses: int | None
    max_per_customer: int | None
    max_per_user: int | None
    combines: bool
    earning_minimum_cents: int
    budget_cents: int | None
    rank: int
    assortment: Assortment | None
    unique_codes: bool
    valid_days: int | None
    outlasts_cancellation: bool
    gives_back: bool
    grace_days: int


type ParticipationStatus = Literal["joined", "left"]


class OwnParticipation(Fact, frozen=True):
    """A dealer's participation in a central campaign.

    `minimum_cents` is the dealer's own, if they have one, instead of `central_minimum_cents`.
    """

    status: ParticipationStatus
    version: int
    minimum_cents: int | None
    central_minimum_cents: int
    joined_at: Instant
    left_at: Instant | None


class CampaignView(ShownTerms, frozen=True, kw_only=True):
    """`ends_at` ends `valid_until`. `reason` is that of the latest pause or of the end.

    The fields from `uses` on are computed when it is read. `uses` were redeemed, and not given
    back; they took off `spent_cents`. `remaining_uses` and `remaining_budget_cents` are what the
    limits leave, to which held uses count as well; None is unlimited. `actions` are possible in
    this status. `applies_to` says in German which articles. `participation` is that of the dealer
    who looks at a central campaign.
    """

    dealer: str
    campaign_id: str
    version: int
    status: CampaignStatus
    ends_at: datetime
    activated_at: datetime | None = None
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    uses: int = 0
    spent_cents: int = 0
    remaining_uses: int | None = None
    remaining_budget_cents: int | None = None
    actions: tuple[Action, ...] = ()
    applies_to: str = ""
    participation: OwnParticipation | None = None


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
            return drawn_up(event)
        case CampaignActivated(activated_at=at):
            return replace(drawn_up(event), status="active", activated_at=at)
        case _ if view is None:
            return None
        case CampaignTermsChanged(version=version, terms=terms):
            return replace(view, version=version, **fields_of(terms))
        case CampaignDeleted():
            return replace(view, status="deleted")
        case CampaignPaused(paused_at=at, reason=reason):
            return replace(view, status="paused", paused_at=at, reason=reason)
        case CampaignResumed():
            return replace(view, status="active", paused_at=None, reason="")
        case CampaignEnded(ended_at=at, reason=reason):
            return replace(view, status="ended", ended_at=at, reason=reason)
        case _:
            return view


def drawn_up(event: CampaignCreated | CampaignDraftEdited | CampaignActivated) -> CampaignView:
    return CampaignView(
        dealer=event.dealer,
        campaign_id=event.campaign_id,
        version=event.version,
        status="draft",
        **fields_of(event.terms),
    )


def fields_of(terms: CampaignTerms) -> dict[str, Any]:
    """The fields of a view that follow from its terms."""
    ends_at = start_of(terms.valid_until + timedelta(days=1)).astimezone(UTC)
    return {**shown_fields(terms), "ends_at": ends_at}


def shown_fields(terms: CampaignTerms) -> dict[str, Any]:
    fields = {**asdict(terms), "kind": kind_of(terms)}
    del fields["newsletter"]
    return fields


LISTS = ListOptions(("status", "kind"), ("campaign_id", "valid_from", "valid_until"))

CAMPAIGNS = ReadModel(
    name="vouchers.campaigns",
    version=7,
    topics=("vouchers",),
    view=CampaignView,
    keys=keys,
    project=project,
    lists=LISTS,
)

CAMPAIGN_ROWS = ComputedList(
    "vouchers.campaign-rows",
    CampaignView,
    ListOptions((*LISTS.filters, "owner", "participation"), LISTS.sorts),
)
