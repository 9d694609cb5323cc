"""Read model of the dealers' participations in central campaigns, as they are now."""

from collections.abc import Sequence

from msgspec.structs import replace

from vouchers.campaign.view import ParticipationStatus
from zugabe_events.contracts.vouchers import (
    CampaignJoined,
    CampaignLeft,
    CampaignMinimumChanged,
    OfParticipation,
)
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.projection import ListOptions, ReadModel


class ParticipationView(Fact, frozen=True):
    """`minimum_cents` of None: the dealer has the campaign's. `joined_at` is the last time.

    `dealer_name` is found when it is read.
    """

    dealer: str
    campaign_id: str
    status: ParticipationStatus
    version: int
    minimum_cents: int | None
    joined_at: Instant
    left_at: Instant | None
    dealer_name: str = ""


def participation_key(dealer: str, campaign_id: str) -> str:
    return f"{dealer}/{campaign_id}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case OfParticipation():
            return [participation_key(event.dealer, event.campaign_id)]
        case _:
            return []


def project(view: ParticipationView | None, event: Event) -> ParticipationView | None:
    match view, event:
        case _, CampaignJoined(joined_at=at):
            return ParticipationView(
                event.dealer,
                event.campaign_id,
                "joined",
                event.version,
                event.minimum_cents,
                joined_at=at,
                left_at=None,
            )
        case ParticipationView(), CampaignMinimumChanged(minimum_cents=minimum_cents):
            return replace(view, version=event.version, minimum_cents=minimum_cents)
        case ParticipationView(), CampaignLeft(left_at=at):
            return replace(view, status="left", version=event.version, left_at=at)
        case _:
            return view


PARTICIPATIONS = ReadModel(
    name="vouchers.participations",
    version=1,
    topics=("vouchers",),
    view=ParticipationView,
    keys=keys,
    project=project,
    lists=ListOptions(("status",), ("campaign_id",)),
    indexes=(("campaign_id", "_id"),),
)
