"""Vouchers to tell of right after an order: earned ones, and uses left of others (CH-8, VO-35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vouchers.campaign.decider import InForce
from vouchers.campaign.terms import is_issued, uses_per_user
from vouchers.limit.decider import Uses
from vouchers.wallet.mail import effect_of
from vouchers.wallet.state import IssuedVoucher, Wallet
from vouchers.wallet.view import uses_left
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    IssuedCode,
    OrderVouchers,
    RemainingUses,
)
from zugabe_events.domain.calendar import german_date


@dataclass(frozen=True, slots=True)
class ToldCampaign:
    """A campaign by the terms for its user, with its shared limits.

    Each limit is the number of uses, and the uses that count. `is_over`: it has been ended, or the
    dealer has left it.
    """

    campaign: InForce
    limits: tuple[tuple[int, Uses], ...]
    is_over: bool = False


def order_vouchers(
    wallet: Wallet,
    order_id: str,
    used: Sequence[ToldCampaign],
    usable: Sequence[ToldCampaign],
    today: date,
) -> OrderVouchers:
    """`used` are the campaigns of the order's vouchers, `usable` those of `further_vouchers`."""
    others = (remaining_uses(campaign, wallet, today) for campaign in usable)
    return OrderVouchers(
        tuple(
            issued_code(voucher)
            for voucher in wallet.issued.values()
            if voucher.order_id == order_id and not voucher.forfeit
        ),
        (
            *(
                remaining_uses(campaign, wallet, today)
                for campaign in used
                if has_further_uses(campaign.campaign.terms)
            ),
            *(left for left in others if left.remaining_uses != 0),
        ),
    )


def further_vouchers(wallet: Wallet, order_id: str) -> list[IssuedVoucher]:
    """Vouchers of the user that the order did not use, with several uses of each (VO-35)."""
    used = {use.campaign_id for use in wallet.redeemed.get(order_id, ())}
    return [
        voucher
        for voucher in wallet.issued.values()
        if voucher.campaign_id not in used
        and not voucher.forfeit
        and uses_per_user(voucher.terms) != 1
    ]


def has_further_uses(terms: CampaignTerms) -> bool:
    """False for generated codes, each of which has but one use (X-5)."""
    return is_issued(terms) or not terms.unique_codes


def issued_code(voucher: IssuedVoucher) -> IssuedCode:
    sentence = (
        f"Durch Ihre Bestellung erhalten Sie den Gutscheincode {voucher.code}. "
        f"{effect_of(voucher.terms)} Der Gutschein gilt bis zum {german_date(voucher.valid_until)}."
    )
    return IssuedCode(voucher.code, voucher.terms.title, voucher.valid_until, sentence)


def remaining_uses(told: ToldCampaign, wallet: Wallet, today: date) -> RemainingUses:
    """By the user's own limit and those that they share with others."""
    campaign_id, terms = told.campaign.campaign_id, told.campaign.terms
    left = [max_uses - uses.count for max_uses, uses in told.limits]
    if (own := uses_per_user(terms)) is not None:
        left.append(own - wallet.uses(campaign_id, None))
    voucher = wallet.voucher_of(campaign_id)
    code = voucher.code if voucher else terms.code
    has_one = not voucher.is_charged if voucher else told.campaign.lent_voucher_id is not None
    if told.is_over or today > terms.valid_until or (is_issued(terms) and not has_one):
        sentence = f"Ihr Gutscheincode {code} gilt nicht mehr."
        return RemainingUses(code, terms.title, 0, sentence)
    remaining = max(min(left), 0) if left else None
    sentence = uses_left(code, terms.valid_until, remaining)
    return RemainingUses(code, terms.title, remaining, sentence)
