"""Issued vouchers keep the terms and the last day that they were issued with (X-17)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from msgspec.structs import replace as with_fields

from vouchers.wallet.refusals import Use
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


def as_issued(uses: Sequence[Use], wallet: Wallet) -> tuple[Use, ...]:
    """Uses by the terms of the vouchers that the wallet has of their campaigns."""
    return tuple(
        replace(
            use, campaign_version=voucher.campaign_version, terms=by_voucher(use.terms, voucher)
        )
        if (voucher := wallet.voucher_of(use.campaign_id))
        else use
        for use in uses
    )


def by_voucher(terms: CampaignTerms, voucher: IssuedVoucher) -> CampaignTerms:
    """The terms of a voucher; what caps its campaign as a whole is in force for all (X-29)."""
    return with_fields(
        voucher.terms,
        valid_until=voucher.valid_until,
        max_uses=terms.max_uses,
        budget_cents=terms.budget_cents,
    )
