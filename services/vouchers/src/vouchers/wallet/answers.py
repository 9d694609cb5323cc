"""Answers about vouchers: the discount of a held one, or of one that was only checked."""

from collections.abc import Sequence

from vouchers.campaign.discount import explanation
from vouchers.wallet.combination import Applied, Combination
from vouchers.wallet.shared_states import streams_of
from zugabe_events.contracts.checkout import VoucherApplied
from zugabe_events.contracts.vouchers import DiscountType, VoucherCheck, VoucherHeld, VoucherOffer
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Fact


class AppliedVoucher(VoucherApplied, frozen=True):
    """A hold as checkout records it, with the kinds of discount named."""

    discount_type: DiscountType


class HeldVouchers(Fact, frozen=True):
    """All that an attempt holds, in the order in which they are applied."""

    vouchers: tuple[AppliedVoucher, ...]


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


def check_of(unresolved: Sequence[RefusedError], combination: Combination) -> VoucherCheck:
    refusals = [*unresolved, *combination.refusals]
    reasons = tuple(
        {**refusal.facts, "code": refusal.code, "detail": refusal.detail} for refusal in refusals
    )
    return VoucherCheck(not refusals, reasons, tuple(map(offer_of, combination.applied)))


def offer_of(applied: Applied) -> VoucherOffer:
    use, discount = applied.use, applied.discount
    return VoucherOffer(
        campaign_id=use.campaign_id,
        campaign_version=use.campaign_version,
        code=use.terms.code,
        discount_type=use.terms.discount_type,
        base_cents=discount.base_cents,
        discount_cents=discount.discount_cents,
        shares=discount.shares,
        free_shipping=discount.free_shipping,
        explanation=explanation(
            use.campaign_version, use.terms, discount, use.lines, use.restriction
        ),
    )
