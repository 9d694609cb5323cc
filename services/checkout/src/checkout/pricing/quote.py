"""The price of a cart, with every reason that something cannot be used; holds nothing (X-6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.order.view import Reward, Voucher, view_of_reward, view_of_voucher
from checkout.peer.ports import Bonus, Buyer, Reason, Vouchers
from checkout.pricing.price import price, with_vouchers
from zugabe_events.contracts.checkout import OrderLine, VoucherApplied
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import Number


@dataclass(frozen=True, slots=True)
class Unusable:
    """`facts` are the numbers that apply, such as the missing amount in cents (X-7)."""

    offered: str
    code: str
    detail: str
    facts: dict[str, Number]


@dataclass(frozen=True, slots=True)
class QuoteView:
    lines: tuple[OrderLine, ...]
    goods_cents: int
    voucher: Voucher | None
    more_vouchers: tuple[Voucher, ...]
    reward: Reward | None
    refused: tuple[Unusable, ...]
    net_cents: int
    explanation: tuple[str, ...]
    points_available: int
    points_this_order: int


async def quote(
    buyer: Buyer,
    lines: Sequence[OrderLine],
    codes: Sequence[str],
    reward_id: str | None,
    order_id: str | None,
    *,
    after: Sequence[Token],
    vouchers: Vouchers,
    bonus: Bonus,
) -> QuoteView:
    """Priced as it would be placed: without what is refused. Raises UnavailableError."""
    applied: tuple[VoucherApplied, ...] = ()
    refused: list[Unusable] = []
    notes: list[str] = []
    if codes:
        check = await vouchers.check(buyer, codes, lines, order_id, after)
        applied = check.vouchers
        refused += unusable(check.reasons)
        notes += [
            f"Der Gutschein „{reason.offered}“ kann nicht eingelöst werden: {reason.detail}"
            for reason in check.reasons
        ]
    left = with_vouchers(lines, applied)
    points = await bonus.check(buyer, reward_id, left, order_id, after)
    if reward_id is not None:
        refused += unusable(points.reasons)
        notes += [
            f"Die Prämie kann nicht eingelöst werden: {reason.detail}" for reason in points.reasons
        ]
    priced = price(lines, applied, points.reward, notes)
    return QuoteView(
        lines=priced.lines,
        goods_cents=priced.goods_cents,
        voucher=view_of_voucher(applied[0]) if applied else None,
        more_vouchers=tuple(map(view_of_voucher, applied[1:])),
        reward=view_of_reward(points.reward),
        refused=tuple(refused),
        net_cents=priced.net_cents,
        explanation=priced.explanation,
        points_available=points.available_points,
        points_this_order=points.points_this_order,
    )


def unusable(reasons: Sequence[Reason]) -> list[Unusable]:
    return [
        Unusable(reason.offered, reason.code, reason.detail, dict(reason.facts))
        for reason in reasons
    ]
