"""Registers of the campaigns whose vouchers a dealer issues: after first orders, or to subscribers.

They change in the commits of the campaigns themselves, and know which terms were in force at an
order or a subscription, whenever that is heard of (X-40).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignEnded,
    CampaignEvent,
    CampaignPaused,
    CampaignResumed,
    CampaignTerms,
    CampaignTermsChanged,
    NewsletterOffered,
    NewsletterSuspended,
    Offered,
    SecondPurchaseOffered,
    SecondPurchaseSuspended,
    Suspended,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class FollowCampaign:
    """A campaign of the register changes; `terms` and `version` are those after the `event`."""

    event: CampaignEvent
    version: int
    terms: CampaignTerms


type Entry = Offered | Suspended


class OffersInForce(Protocol):
    def at(self, instant: datetime | None) -> Sequence[Offered]: ...


@dataclass(frozen=True, slots=True)
class Offers:
    """The changes of each campaign, in order."""

    by_campaign: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def at(self, instant: datetime | None) -> Sequence[Offered]:
        """The offers in force at an instant; if None, the latest of each, suspended or not."""
        found = (offer_at(entries, instant) for entries in self.by_campaign.values())
        return [offer for offer in found if offer is not None]


def offer_at(entries: Sequence[Entry], instant: datetime | None) -> Offered | None:
    for entry in reversed(entries):
        match entry:
            case Offered(offered_at=since):
                if instant is None or since is None or since <= instant:
                    return entry
            case Suspended(suspended_at=since):
                if instant is not None and since <= instant:
                    return None
    return None


@dataclass(frozen=True, slots=True)
class Register:
    """`kind` is literal and never changes: it is the prefix of stream ids."""

    kind: str
    offered: type[Offered]
    suspended: type[Suspended]

    def decide(self, command: FollowCampaign, offers: Offers) -> Sequence[Entry]:
        event, terms = command.event, command.terms
        match event:
            case CampaignActivated(activated_at=at):
                if event.campaign_id in offers.by_campaign:
                    return []
            case CampaignTermsChanged(effective_at=at) | CampaignResumed(resumed_at=at):
                if isinstance(event, CampaignTermsChanged) and is_suspended(
                    event.campaign_id, offers
                ):
                    return []  # it is offered again when the pause ends
            case CampaignPaused(paused_at=at) | CampaignEnded(ended_at=at):
                if is_suspended(event.campaign_id, offers):
                    return []
                return [self.suspended(event.dealer, event.campaign_id, at)]
            case _:
                return []
        return [self.offered(event.dealer, event.campaign_id, command.version, terms, at)]

    @property
    def decider(self) -> Decider[FollowCampaign, Offers, Entry]:
        return Decider(self.kind, Offers(), self.decide, evolve)

    def history(self, dealer: str) -> History[Offers, Entry]:
        stream = f"{self.kind}/{dealer}"
        return History(Stream(stream, stream), self.decider)


def is_suspended(campaign_id: str, offers: Offers) -> bool:
    entries = offers.by_campaign.get(campaign_id, ())
    return bool(entries) and isinstance(entries[-1], Suspended)


def evolve(offers: Offers, event: Entry) -> Offers:
    entries = (*offers.by_campaign.get(event.campaign_id, ()), event)
    return Offers({**offers.by_campaign, event.campaign_id: entries})


SECOND_PURCHASES = Register("second-purchase", SecondPurchaseOffered, SecondPurchaseSuspended)
NEWSLETTERS = Register("newsletter-offers", NewsletterOffered, NewsletterSuspended)

REGISTER_DECIDER = SECOND_PURCHASES.decider
NEWSLETTER_REGISTER_DECIDER = NEWSLETTERS.decider


def register_history(dealer: str) -> History[Offers, Entry]:
    return SECOND_PURCHASES.history(dealer)


def newsletter_register_history(dealer: str) -> History[Offers, Entry]:
    return NEWSLETTERS.history(dealer)
