"""Vouchers to tell of right after an order: those it earned, and uses that are left (CH-8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vouchers.campaign.decider import InForce
from vouchers.campaign.terms import uses_per_user
from vouchers.limit.decider import Uses
from vouchers.wallet.mail import effect_of
from vouchers.wallet.state import Wallet
from vouchers.wallet.view import uses_left
from zugabe_events.contracts.vouchers import (
    IssuedCode,
    OrderVouchers,
    RemainingUses,
)
from zugabe_events.domain.calendar import german_date


@dataclass(frozen=True, slots=True)
class UsedCampaign:
    """A campaign with its shared limits: the number of uses, and the uses that count."""

    campaign: InForce
    limits: tuple[tuple[int, Uses], ...]


def earned_by(wallet: Wallet, order_id: str) -> list[str]:
    """The campaigns whose vouchers the order earned."""
    return [
        voucher.campaign_id
        for voucher in wallet.issued.values()
        if voucher.order_id == order_id and not voucher.forfeit
    ]


def order_vouchers(
    wallet: Wallet,
    earned: Sequence[InForce],
    used: Sequence[UsedCampaign],
    today: date,
) -> OrderVouchers:
    return OrderVouchers(
        tuple(map(issued_code, earned)),
        tuple(remaining_uses(campaign, wallet, today) for campaign in used),
    )


def issued_code(campaign: InForce) -> IssuedCode:
    terms = campaign.terms
    sentence = (
        f"Durch Ihre Bestellung erhalten Sie den Gutscheincode {terms.code}. {effect_of(terms)} "
        f"Er gilt bis zum {german_date(terms.valid_until)}."
    )
    return IssuedCode(terms.code, terms.title, terms.valid_until, sentence)


def remaining_uses(used: UsedCampaign, wallet: Wallet, today: date) -> RemainingUses:
    """By the user's own limit and those that they share with others."""
    campaign_id, terms = used.campaign.campaign_id, used.campaign.terms
    left = [max_uses - uses.count for max_uses, uses in used.limits]
    if (own := uses_per_user(terms)) is not None:
        left.append(own - wallet.uses(campaign_id, None))
    voucher = wallet.voucher_of(campaign_id)
    is_over = today > terms.valid_until or (
        terms.kind == "second-purchase" and (voucher is None or voucher.is_charged)
    )
    if is_over:
        sentence = f"Ihr Gutscheincode {terms.code} gilt nicht mehr."
        return RemainingUses(terms.code, terms.title, 0, sentence)
    remaining = max(min(left), 0) if left else None
    sentence = uses_left(terms.code, terms.valid_until, remaining)
    return RemainingUses(terms.code, terms.title, remaining, sentence)
