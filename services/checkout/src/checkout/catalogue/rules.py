"""Folds of the rules of sale: of a dealer, their customers, gifts and campaigns."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from checkout.catalogue.documents import (
    ApprovalVersion,
    CampaignEntry,
    CatalogueView,
    ChosenSource,
    ExclusionVersion,
    JoinedCampaign,
    RuleVersion,
    TermsVersion,
)
from zugabe_events.contracts.catalog_shops import (
    CustomerExclusionsSet,
    GiftModeSet,
    GiftOffered,
    GiftSource,
    GiftWithdrawn,
)
from zugabe_events.contracts.checkout import CustomerTermsSet, SalesTermsSet
from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignEnded,
    CampaignJoined,
    CampaignLeft,
    CampaignPaused,
    CampaignResumed,
    CampaignTerms,
    CampaignTermsChanged,
)
from zugabe_events.domain.gift_rules import ModeVersion, OfferVersion, with_mode, with_offer

MAX_RULE_VERSIONS = 50
"""Versions that are kept of a customer's rules, of a dealer's terms, and of sources of gifts."""

MAX_CAMPAIGNS = 500
"""Campaigns that are kept of a dealer: those that were to end last when they were activated."""


def with_rule(
    known: CatalogueView, event: SalesTermsSet | CustomerTermsSet | CustomerExclusionsSet
) -> CatalogueView:
    number, since = event.version, event.effective_at
    match event:
        case SalesTermsSet():
            terms = TermsVersion(number, since, event.terms)
            return replace(known, terms=latest_of(known.terms, terms))
        case CustomerTermsSet():
            approval = ApprovalVersion(number, since, event.approval, event.above_cents)
            return replace(known, approval=latest_of(known.approval, approval))
        case CustomerExclusionsSet():
            excluding = ExclusionVersion(number, since, event.excluded, event.contract_priced)
            return replace(known, exclusions=latest_of(known.exclusions, excluding))


def latest_of[V: RuleVersion](versions: Sequence[V], added: V) -> tuple[V, ...]:
    """As they were decided; a version that is told twice is kept once."""
    others = [one for one in versions if one.version != added.version]
    return tuple(sorted([*others, added], key=lambda one: one.version)[-MAX_RULE_VERSIONS:])


def with_source(
    known: CatalogueView, source: GiftSource, group: str, since: datetime
) -> CatalogueView:
    """Of choices for the same instant, the later decided one comes last, and counts."""
    chosen = ChosenSource(source, group, since)
    in_order = sorted((*known.sources, chosen), key=lambda one: one.effective_at)
    return replace(known, sources=tuple(in_order[-MAX_RULE_VERSIONS:]))


def with_gift(
    known: CatalogueView, event: GiftModeSet | GiftOffered | GiftWithdrawn
) -> CatalogueView:
    rules, number, since = known.gifts, event.version, event.effective_at
    match event:
        case GiftModeSet(mode=mode):
            changed = with_mode(rules, ModeVersion(number, since, mode))
        case GiftOffered(offer=offer):
            changed = with_offer(rules, OfferVersion(number, since, offer.gift, offer))
        case GiftWithdrawn(gift=gift):
            changed = with_offer(rules, OfferVersion(number, since, gift, None))
    return replace(known, gifts=changed)


def with_participation(known: CatalogueView, event: CampaignJoined | CampaignLeft) -> CatalogueView:
    """Central campaigns joined last are kept, as many as of the dealer's own."""
    match event:
        case CampaignJoined(joined_at=at):
            changed = JoinedCampaign(at)
        case CampaignLeft(left_at=at):
            before = known.joined.get(event.campaign_id)
            if before is None:
                return known  # it has made way for others
            changed = replace(before, left_at=at)
    joined = {**known.joined, event.campaign_id: changed}
    by_time = sorted(joined, key=lambda one: (joined[one].joined_at, one))
    return replace(known, joined={one: joined[one] for one in by_time[-MAX_CAMPAIGNS:]})


type CampaignLife = (
    CampaignActivated | CampaignTermsChanged | CampaignPaused | CampaignResumed | CampaignEnded
)


def with_campaign(known: CatalogueView, event: CampaignLife) -> CatalogueView:
    """A campaign's events share a lane; those of different ones come in any order."""
    before = known.campaigns.get(event.campaign_id)
    if (entry := campaign_after(before, event)) is None:
        return known  # it has made way for others
    campaigns = {**known.campaigns, event.campaign_id: entry}
    by_end = sorted(campaigns, key=lambda one: (campaigns[one].rank, one))
    return replace(known, campaigns={one: campaigns[one] for one in by_end[-MAX_CAMPAIGNS:]})


def campaign_after(entry: CampaignEntry | None, event: CampaignLife) -> CampaignEntry | None:
    match event:
        case CampaignActivated(terms=terms):
            return campaign_entry(event.version, terms, rank=terms.valid_until)
        case _ if entry is None:
            return None
        case CampaignTermsChanged(terms=terms):
            changed = campaign_entry(event.version, terms, rank=entry.rank)
            return replace(changed, stopped_at=entry.stopped_at)
        case CampaignPaused(paused_at=at) | CampaignEnded(ended_at=at):
            return replace(entry, stopped_at=min(at, entry.stopped_at or at))
        case CampaignResumed():
            return replace(entry, stopped_at=None)


def campaign_entry(version: int, terms: CampaignTerms, *, rank: date) -> CampaignEntry:
    return CampaignEntry(
        version=version,
        kind=terms.kind,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        usable_until=terms.valid_until + timedelta(days=terms.valid_days or 0),
        rank=rank,
    )
