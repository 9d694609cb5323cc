"""Issued vouchers keep the terms and the last day that they were issued with (X-17)."""

from dataclasses import replace
from datetime import date, datetime

from msgspec.structs import replace as with_fields

from vouchers.campaign.decider import InForce
from vouchers.customer.decider import CustomerVoucher, CustomerVouchers
from vouchers.wallet.state import IssuedVoucher, Wallet
from zugabe_events.contracts.vouchers import CampaignTerms, VoucherIssued
from zugabe_events.domain.calendar import days_after


def last_day(terms: CampaignTerms, issued_at: datetime) -> date:
    """The last day of a voucher that is issued at an instant."""
    if terms.valid_days is None:
        return terms.valid_until
    return days_after(issued_at, terms.valid_days)


def last_day_of(issued: VoucherIssued) -> date:
    """The last day of an issued voucher; older events say none, and mean the campaign's."""
    return issued.valid_until or issued.terms.valid_until


def as_issued(campaign: InForce, wallet: Wallet, customer: CustomerVouchers) -> InForce:
    """A campaign by the terms of the user's own voucher, or else of one lent by the customer."""
    if own := wallet.voucher_of(campaign.campaign_id):
        terms = by_voucher(campaign.terms, own)
        return replace(campaign, version=own.campaign_version, terms=terms)
    if lent := customer.voucher_of(campaign.campaign_id):
        return replace(
            campaign,
            version=lent.campaign_version,
            terms=by_voucher(campaign.terms, lent),
            lent_voucher_id=lent.voucher_id,
        )
    return campaign


def by_voucher(terms: CampaignTerms, voucher: IssuedVoucher | CustomerVoucher) -> CampaignTerms:
    """The terms of a voucher; what caps its campaign as a whole is in force for all (X-29)."""
    return with_fields(
        voucher.terms,
        valid_until=voucher.valid_until,
        max_uses=terms.max_uses,
        budget_cents=terms.budget_cents,
    )
