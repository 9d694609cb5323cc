"""Discounts of vouchers and a reward, line by line (X-8, X-10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from zugabe_events.contracts.checkout import OrderLine, RewardApplied, VoucherApplied
from zugabe_events.domain.errors import UnavailableError


class UnfitDiscountError(UnavailableError):
    """The discount that another service answered does not fit the cart that it was asked for."""

    code = "discount-unfit"

    def __init__(self) -> None:
        super().__init__(
            "Der Rabatt konnte nicht berechnet werden. Bitte versuchen Sie es erneut.",
            retry_after=5,
        )


@dataclass(frozen=True, slots=True)
class Discounts:
    """Grants of `vouchers` and `bonus`; the vouchers in the order in which they are applied."""

    vouchers: tuple[VoucherApplied, ...] = ()
    reward: RewardApplied | None = None


def discounted(lines: Sequence[OrderLine], discounts: Discounts) -> tuple[OrderLine, ...]:
    """Lines at their net value, with their shares. Raises UnfitDiscountError."""
    return with_reward(with_vouchers(lines, discounts.vouchers), discounts.reward)


def with_vouchers(
    lines: Sequence[OrderLine], vouchers: Sequence[VoucherApplied]
) -> tuple[OrderLine, ...]:
    """Each line's `voucher_cents` is its share of all of them (X-31)."""
    for voucher in vouchers:
        nets = [line.net_cents - line.voucher_cents for line in lines]
        shares = fitting(voucher.discount_cents, voucher.shares, nets)
        lines = [
            replace(line, voucher_cents=line.voucher_cents + share)
            for line, share in zip(lines, shares, strict=True)
        ]
    return tuple(lines)


def with_reward(lines: Sequence[OrderLine], reward: RewardApplied | None) -> tuple[OrderLine, ...]:
    """The base of a reward is what the vouchers left (Q26)."""
    if reward is None:
        return tuple(lines)
    nets = [line.net_cents - line.voucher_cents for line in lines]
    shares = fitting(reward.discount_cents, reward.shares, nets)
    return tuple(
        replace(line, reward_cents=share) for line, share in zip(lines, shares, strict=True)
    )


def fitting(discount_cents: int, shares: Sequence[int], nets: Sequence[int]) -> Sequence[int]:
    """The shares, if no line goes below zero and they add up (X-10)."""
    fits = len(shares) == len(nets) and sum(shares) == discount_cents
    if not fits or any(not 0 <= share <= net for share, net in zip(shares, nets, strict=True)):
        raise UnfitDiscountError
    return shares
