"""Read models of the statistics: by campaign, by user, and by dealer for central marketing."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from vouchers.campaign.owner import is_central
from vouchers.statistics.figures import Figures, after, campaigns_of, use_of
from zugabe_events.contracts.checkout import OrderPlaced
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ListOptions, ReadModel
from zugabe_events.domain.tenant import CENTRAL

SORTS = ("campaign_id", "uses", "revenue_cents", "discount_cents")


class CampaignFigures(Figures, frozen=True, kw_only=True):
    """A campaign, own or central, at a dealer. `title` is filled in when it is queried."""

    dealer: str
    campaign_id: str
    title: str = ""


class UserFigures(Figures, frozen=True, kw_only=True):
    """A user of a campaign. `last_used_at` is when their latest order with it was placed.

    `customer` is that of the latest order. `name` and `total_revenue_cents` are filled in when it
    is queried; the latter is the revenue of all orders that the user placed within the campaign's
    validity (VO-42).
    """

    dealer: str
    campaign_id: str
    user: str
    customer: str = ""
    last_used_at: datetime | None = None
    total_revenue_cents: int = 0
    name: str = ""


class DealerFigures(Figures, frozen=True, kw_only=True):
    """A central campaign at one of the dealers, `participant`; nothing about users (VO-30, X-28).

    `dealer` is `central`, whose list it is in. `title` and the name of the participant are filled
    in when it is queried.
    """

    dealer: str
    campaign_id: str
    participant: str
    title: str = ""
    participant_name: str = ""


def campaign_keys(event: Event) -> Sequence[str]:
    use = use_of(event)
    return [f"{use.dealer}/{campaign}" for campaign in campaigns_of(use)] if use else []


def user_keys(event: Event) -> Sequence[str]:
    use = use_of(event)
    return [f"{use.dealer}/{campaign}/{use.user}" for campaign in campaigns_of(use)] if use else []


def dealer_keys(event: Event) -> Sequence[str]:
    use = use_of(event)
    campaigns = filter(is_central, campaigns_of(use)) if use else ()
    return [f"{campaign}/{use.dealer}" for campaign in campaigns] if use else []


def begin_campaign(key: str) -> CampaignFigures:
    dealer, campaign_id = key.split("/")
    return CampaignFigures(dealer=dealer, campaign_id=campaign_id)


def begin_user(key: str) -> UserFigures:
    dealer, campaign_id, user = key.split("/")
    return UserFigures(dealer=dealer, campaign_id=campaign_id, user=user)


def begin_dealer(key: str) -> DealerFigures:
    campaign_id, participant = key.split("/")
    return DealerFigures(dealer=CENTRAL, campaign_id=campaign_id, participant=participant)


def project[View: (CampaignFigures, DealerFigures)](view: View | None, event: Event) -> View | None:
    use = use_of(event)
    return view if view is None or use is None else after(view, view.campaign_id, use)


def project_user(view: UserFigures | None, event: Event) -> UserFigures | None:
    use = use_of(event)
    if view is None or use is None:
        return view
    changed = after(view, view.campaign_id, use)
    match use:
        case OrderPlaced(placed_at=at) if view.last_used_at is None or view.last_used_at <= at:
            return replace(changed, customer=use.customer, last_used_at=at)
        case _:
            return changed


CAMPAIGN_STATISTICS = ReadModel(
    name="vouchers.campaign-statistics",
    version=1,
    topics=("checkout",),
    view=CampaignFigures,
    keys=campaign_keys,
    project=project,
    begin=begin_campaign,
    lists=ListOptions((), SORTS),
    gathers=1.0,
)
USER_STATISTICS = ReadModel(
    name="vouchers.user-statistics",
    version=3,
    topics=("checkout",),
    view=UserFigures,
    keys=user_keys,
    project=project_user,
    begin=begin_user,
    lists=ListOptions(("campaign_id",), ("revenue_cents", "uses", "user")),
    gathers=1.0,
)
DEALER_STATISTICS = ReadModel(
    name="vouchers.dealer-statistics",
    version=2,
    topics=("checkout",),
    view=DealerFigures,
    keys=dealer_keys,
    project=project,
    begin=begin_dealer,
    lists=ListOptions((), (*SORTS, "participant")),
    gathers=1.0,
)
