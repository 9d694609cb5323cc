"""What checkout is told about a voucher, in the words of `contracts.checkout.VoucherApplied`."""

from collections.abc import Sequence
from dataclasses import dataclass

from vouchers.campaign.discount import discount_of, explanation
from vouchers.wallet.limited import streams_of
from vouchers.wallet.refusals import Use
from zugabe_events.contracts.vouchers import DiscountType, VoucherHeld
from zugabe_events.domain.errors import Number, RefusedError


@dataclass(frozen=True, slots=True)
class Applied:
    hold_id: str
    campaign_id: str
    campaign_version: int
    code: str
    discount_type: DiscountType
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    free_shipping: bool
    streams: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class WouldApply:
    """The same without a hold."""

    campaign_id: str
    campaign_version: int
    code: str
    discount_type: DiscountType
    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    free_shipping: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class VoucherCheck:
    """`reasons` have a stable `code`, a German `detail`, and the numbers that apply (X-7)."""

    usable: bool
    reasons: tuple[dict[str, Number], ...]
    voucher: WouldApply | None


def applied(held: VoucherHeld) -> Applied:
    return Applied(
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
    would = WouldApply(
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
    return VoucherCheck(True, (), would)


def refused(refusals: Sequence[RefusedError]) -> VoucherCheck:
    reasons = tuple({**one.facts, "code": one.code, "detail": one.detail} for one in refusals)
    return VoucherCheck(False, reasons, None)
