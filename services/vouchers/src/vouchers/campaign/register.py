"""Register of the second-purchase campaigns that a dealer offers after a first order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zugabe_events.contracts.vouchers import CampaignActivated, SecondPurchaseOffered
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class OfferSecondPurchase:
    activated: CampaignActivated
    at: datetime


@dataclass(frozen=True, slots=True)
class Offers:
    by_campaign: Mapping[str, SecondPurchaseOffered] = field(default_factory=dict)


def decide(command: OfferSecondPurchase, offers: Offers) -> Sequence[SecondPurchaseOffered]:
    campaign = command.activated
    if campaign.terms.kind != "second-purchase" or campaign.campaign_id in offers.by_campaign:
        return []
    return [
        SecondPurchaseOffered(
            campaign.dealer, campaign.campaign_id, campaign.version, campaign.terms, command.at
        )
    ]


def evolve(offers: Offers, event: SecondPurchaseOffered) -> Offers:
    return Offers({**offers.by_campaign, event.campaign_id: event})


REGISTER_DECIDER: Decider[OfferSecondPurchase, Offers, SecondPurchaseOffered] = Decider(
    "second-purchase", Offers(), decide, evolve
)


def register_history(dealer: str) -> History[Offers, SecondPurchaseOffered]:
    stream = f"second-purchase/{dealer}"
    return History(Stream(stream, stream), REGISTER_DECIDER)
