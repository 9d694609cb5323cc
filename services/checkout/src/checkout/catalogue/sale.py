"""The rules in force for a buyer, by documents of the catalogue: pure functions (X-40)."""

from collections.abc import Sequence
from datetime import datetime

from checkout.catalogue.documents import (
    EMPTY,
    CampaignEntry,
    CatalogueView,
    Documents,
    approval_id,
    campaigns_id,
    customer_id,
    terms_id,
)
from checkout.gift.offer import GiftOffer
from checkout.peer.ports import Buyer
from checkout.pricing.exclusions import NOT_EXCLUDED, CustomerExclusions
from checkout.pricing.sale import NO_TERMS, Sale
from zugabe_events.contracts.catalog_shops import GROUP_PREFIX
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.versions import last_begun, version_at


def rules_of(buyer: Buyer) -> set[str]:
    """The keys of the terms, and of the rules of a customer; a buyer who has not logged in is of
    none."""
    dealer, customer = buyer.dealer, buyer.customer
    of_customer = (customer_id(dealer, customer), approval_id(dealer, customer)) if customer else ()
    return {terms_id(dealer), *of_customer}


def customer_of(buyer: Buyer, documents: Documents) -> CustomerExclusions:
    """The exclusions of the customer at the instant at which they order (X-25)."""
    document = documents.get(customer_id(buyer.dealer, buyer.customer), EMPTY)
    version = version_at(document.exclusions, buyer.placed_at)
    if version is None:
        return NOT_EXCLUDED
    return CustomerExclusions(frozenset(version.excluded), version.contract_priced)


def gift_tenant(dealer: str, choices: CatalogueView, at: datetime) -> str:
    """The tenant whose gifts the dealer offers, "" for none (GA-5).

    Central and groups have no choice: theirs are their own.
    """
    if dealer == CENTRAL or dealer.startswith(GROUP_PREFIX):
        return dealer
    chosen = last_begun(choices.sources, at)
    match chosen.gift_source if chosen else "none":
        case "central":
            return CENTRAL
        case "own":
            return dealer
        case "group" if chosen:
            return chosen.group
        case _:
            return ""


def sale_of(
    buyer: Buyer, documents: Documents, customer: CustomerExclusions, gifts: GiftOffer
) -> Sale:
    terms = version_at(documents.get(terms_id(buyer.dealer), EMPTY).terms, buyer.placed_at)
    approvals = documents.get(approval_id(buyer.dealer, buyer.customer), EMPTY).approval
    approval = version_at(approvals, buyer.placed_at)
    campaigns = usable_campaigns(buyer.dealer, documents, buyer.placed_at)
    return Sale(
        terms=terms.terms if terms else NO_TERMS,
        terms_version=terms.version if terms else 0,
        approval=approval.approval if approval else "none",
        approval_above_cents=approval.above_cents if approval else 0,
        gifts=gifts,
        excluded=customer.benefits,
        vouchers_run=vouchers_run(campaigns, buyer.placed_at),
        second_purchase_runs=second_purchase_runs(campaigns, buyer.placed_at),
    )


def usable_campaigns(dealer: str, documents: Documents, at: datetime) -> list[CampaignEntry]:
    """The campaigns that run at an instant: the dealer's, and central ones that they joined."""
    own = documents.get(campaigns_id(dealer), EMPTY)
    central = documents.get(campaigns_id(CENTRAL), EMPTY).campaigns
    joined = [
        central[campaign]
        for campaign, participation in own.joined.items()
        if participation.takes_part_at(at) and campaign in central
    ]
    return [campaign for campaign in (*own.campaigns.values(), *joined) if campaign.runs_at(at)]


def vouchers_run(campaigns: Sequence[CampaignEntry], at: datetime) -> bool:
    """True if a code of some campaign can be used at an instant (CH-1)."""
    day = day_of(at)
    return any(campaign.valid_from <= day <= campaign.usable_until for campaign in campaigns)


def second_purchase_runs(campaigns: Sequence[CampaignEntry], at: datetime) -> bool:
    """True if first orders may earn a voucher at an instant (CH-8)."""
    day = day_of(at)
    return any(
        campaign.kind == "second-purchase" and campaign.valid_from <= day <= campaign.valid_until
        for campaign in campaigns
    )
