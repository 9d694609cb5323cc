"""The price of a cart, with every reason that something cannot be used; holds nothing (X-6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.order.view import Reward, Voucher, view_of_reward, view_of_voucher
from checkout.peer.ports import Bonus, Buyer, Reason, Vouchers
from checkout.pricing.price import price, with_voucher
from zugabe_events.contracts.checkout import OrderLine
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
    reward: Reward | None
    refused: tuple[Unusable, ...]
    net_cents: int
    explanation: tuple[str, ...]
    points_available: int
    points_this_order: int


async def quote(
    buyer: Buyer,
    lines: Sequence[OrderLine],
    voucher_code: str | None,
    reward_id: str | None,
    order_id: str | None,
    *,
    vouchers: Vouchers,
    bonus: Bonus,
) -> QuoteView:
    """Priced as it would be placed: without what is refused. Raises UnavailableError."""
    voucher = None
    refused: list[Unusable] = []
    notes: list[str] = []
    if voucher_code is not None:
        check = await vouchers.check(buyer, voucher_code, lines, order_id)
        voucher = check.voucher
        refused += unusable(voucher_code, check.reasons)
        notes += not_usable(f"Der Gutschein „{voucher_code}“", check.reasons)
    points = await bonus.check(buyer, reward_id, with_voucher(lines, voucher), order_id)
    if reward_id is not None:
        refused += unusable(reward_id, points.reasons)
        notes += not_usable("Die Prämie", points.reasons)
    priced = price(lines, voucher, points.reward, notes)
    return QuoteView(
        lines=priced.lines,
        goods_cents=priced.goods_cents,
        voucher=view_of_voucher(voucher),
        reward=view_of_reward(points.reward),
        refused=tuple(refused),
        net_cents=priced.net_cents,
        explanation=priced.explanation,
        points_available=points.available_points,
        points_this_order=points.points_this_order,
    )


def unusable(offered: str, reasons: Sequence[Reason]) -> list[Unusable]:
    return [Unusable(offered, reason.code, reason.detail, dict(reason.facts)) for reason in reasons]


def not_usable(offer: str, reasons: Sequence[Reason]) -> list[str]:
    return [f"{offer} kann nicht eingelöst werden: {reason.detail}" for reason in reasons]
