"""Answers about vouchers: the discount of a held one, or of one that was only checked."""

from collections.abc import Sequence

from vouchers.campaign.discount import discount_of, explanation
from vouchers.wallet.refusals import Use
from vouchers.wallet.shared_limits import streams_of
from zugabe_events.contracts.checkout import VoucherApplied
from zugabe_events.contracts.vouchers import VoucherCheck, VoucherHeld, VoucherOffer
from zugabe_events.domain.errors import RefusedError


def applied(held: VoucherHeld) -> VoucherApplied:
    return VoucherApplied(
        hold_id=held.hold_id,
        campaign_id=held.campaign_id,
        campaign_version=held.campaign_version,
        code=held.code,
        discount_type=held.discount_type,
        base_cents=held.base_cents,
        discount_cents=held.discount_cents,
        shares=held.shares,
        free_shipping=held.discount_type == "free-shipping",
        streams=streams_of(held),
        explanation=held.explanation,
    )


def checked(use: Use) -> VoucherCheck:
    discount = discount_of(use.terms, use.lines)
    offer = VoucherOffer(
        campaign_id=use.campaign_id,
        campaign_version=use.campaign_version,
        code=use.terms.code,
        discount_type=use.terms.discount_type,
        base_cents=discount.base_cents,
        discount_cents=discount.discount_cents,
        shares=discount.shares,
        free_shipping=discount.free_shipping,
        explanation=explanation(use.campaign_id, use.campaign_version, use.terms, discount),
    )
    return VoucherCheck(True, (), offer)


def refused(refusals: Sequence[RefusedError]) -> VoucherCheck:
    reasons = tuple(
        {**refusal.facts, "code": refusal.code, "detail": refusal.detail} for refusal in refusals
    )
    return VoucherCheck(False, reasons, None)
