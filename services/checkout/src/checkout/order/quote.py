"""What a cart would cost, with every reason why something cannot be used; nothing is held (X-6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.order.ports import Bonus, Buyer, Reason, Vouchers
from checkout.order.pricing import CartLine, goods_of, price, with_voucher
from checkout.order.view import Reward, Voucher, seen_reward, seen_voucher
from zugabe_events.contracts.checkout import OrderLine, Refusal
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
    cart: Sequence[CartLine],
    voucher_code: str | None,
    reward_id: str | None,
    order_id: str | None,
    *,
    vouchers: Vouchers,
    bonus: Bonus,
) -> QuoteView:
    """Priced as it would be placed: without what is refused. Raises UnavailableError."""
    lines = goods_of(cart)
    voucher = None
    refused: list[Unusable] = []
    if voucher_code is not None:
        checked = await vouchers.check(buyer, voucher_code, lines, order_id)
        voucher = checked.voucher
        refused += unusable(voucher_code, checked.reasons)
    points = await bonus.check(buyer, reward_id, with_voucher(lines, voucher), order_id)
    if reward_id is not None:
        refused += unusable(reward_id, points.reasons)
    told = [Refusal(offered=no.offered, code=no.code, detail=no.detail) for no in refused]
    priced = price(cart, voucher, points.reward, told)
    return QuoteView(
        lines=priced.lines,
        goods_cents=priced.goods_cents,
        voucher=seen_voucher(voucher),
        reward=seen_reward(points.reward),
        refused=tuple(refused),
        net_cents=priced.net_cents,
        explanation=priced.explanation,
        points_available=points.available_points,
        points_this_order=points.points_this_order,
    )


def unusable(offered: str, reasons: Sequence[Reason]) -> list[Unusable]:
    return [Unusable(offered, no.code, no.detail, dict(no.facts)) for no in reasons]
