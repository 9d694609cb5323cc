"""Answers about vouchers: the discount of a held one, or of one that was only checked."""

from collections.abc import Sequence

from vouchers.campaign.discount import discount_of, explanation
from vouchers.wallet.refusals import Use
from vouchers.wallet.shared_limits import streams_of
from zugabe_events.contracts.checkout import VoucherApplied
from zugabe_events.contracts.vouchers import DiscountType, VoucherCheck, VoucherHeld, VoucherOffer
from zugabe_events.domain.errors import RefusedError


class AppliedVoucher(VoucherApplied, frozen=True):
    """A hold as checkout records it, with the kinds of discount named."""

    discount_type: DiscountType


def applied_voucher(hold: VoucherHeld) -> AppliedVoucher:
    return AppliedVoucher(
        hold_id=hold.hold_id,
        campaign_id=hold.campaign_id,
        campaign_version=hold.campaign_version,
        code=hold.code,
        discount_type=hold.discount_type,
        base_cents=hold.base_cents,
        discount_cents=hold.discount_cents,
        shares=hold.shares,
        free_shipping=hold.discount_type == "free-shipping",
        streams=streams_of(hold),
        explanation=hold.explanation,
    )


def usable(use: Use) -> VoucherCheck:
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
        explanation=explanation(use.campaign_version, use.terms, discount),
    )
    return VoucherCheck(True, (), offer)


def unusable(refusals: Sequence[RefusedError]) -> VoucherCheck:
    reasons = tuple(
        {**refusal.facts, "code": refusal.code, "detail": refusal.detail} for refusal in refusals
    )
    return VoucherCheck(False, reasons, None)
