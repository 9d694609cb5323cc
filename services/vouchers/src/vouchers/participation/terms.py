"""Central campaigns as a dealer's users have them: by the dealer's participation (VO-27, X-17)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec.structs import replace as with_fields

from vouchers.campaign.decider import QUOTE_TTL, InForce
from vouchers.campaign.register import Offers
from vouchers.participation.decider import Participation, Participations
from zugabe_events.contracts.vouchers import CampaignTerms, Offered


def terms_for(participation: Participation, terms: CampaignTerms) -> CampaignTerms:
    """The dealer's minimum order value takes the place of the campaign's."""
    if participation.minimum_cents is None:
        return terms
    return with_fields(terms, minimum_cents=participation.minimum_cents)


def in_force_for(
    participations: Participations, campaign: InForce, at: datetime, *, is_quoted: bool
) -> InForce | None:
    """A central campaign as the dealer's users have it; None if the dealer does not take part.

    Somebody to whom it was quoted within QUOTE_TTL before `at` keeps the lowest of the minimum
    order values that they may have been shown (Q29).
    """
    present = participations.at(campaign.campaign_id, at)
    if present is None or not present.takes_part:
        return None
    since = at - QUOTE_TTL if is_quoted else at
    recent = [present, *participations.recent(campaign.campaign_id, since, at)]
    terms = [terms_for(participation, campaign.terms) for participation in recent]
    return replace(campaign, terms=min(terms, key=lambda each: each.minimum_cents))


@dataclass(frozen=True, slots=True)
class DealersOffers:
    """The dealer's own offers, and those of the central campaigns that they take part in."""

    own: Offers
    central: Offers
    participations: Participations

    def at(self, instant: datetime | None) -> Sequence[Offered]:
        """The offers in force at an instant; if None, the latest of each, whenever it was."""
        return [*self.own.at(instant), *self._joined(instant)]

    def _joined(self, instant: datetime | None) -> list[Offered]:
        found = []
        for offer in self.central.at(instant):
            participation = (
                self.participations.last_joined(offer.campaign_id)
                if instant is None
                else self.participations.at(offer.campaign_id, instant)
            )
            if participation is not None and participation.takes_part:
                found.append(with_fields(offer, terms=terms_for(participation, offer.terms)))
        return found
