"""Folds of the rules of sale: of a dealer, their customers, gifts and campaigns."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from checkout.catalogue.documents import (
    ApprovalVersion,
    CampaignEntry,
    CatalogueView,
    ChosenSource,
    ExclusionVersion,
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
from zugabe_events.contracts.vouchers import CampaignActivated
from zugabe_events.domain.gift_rules import ModeVersion, OfferVersion, with_mode, with_offer

MAX_RULE_VERSIONS = 50
"""Versions that are kept of a customer's rules, of a dealer's terms, and of sources of gifts."""

MAX_CAMPAIGNS = 500
"""Campaigns that are kept of a dealer: those that end last."""


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


def with_campaign(known: CatalogueView, event: CampaignActivated) -> CatalogueView:
    """A campaign's events share a lane; those of different ones come in any order."""
    its = event.terms
    entry = CampaignEntry(event.version, its.kind, its.valid_from, its.valid_until)
    campaigns = {**known.campaigns, event.campaign_id: entry}
    by_end = sorted(campaigns, key=lambda one: (campaigns[one].valid_until, one))
    return replace(known, campaigns={one: campaigns[one] for one in by_end[-MAX_CAMPAIGNS:]})
