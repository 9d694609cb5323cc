"""A submitted order as it is priced when it is approved (X-26): pure.

Vouchers and rewards keep what their holds promised (X-17), gifts are at most those that were
submitted, and everything else is as of the approval.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from checkout.gift.choice import GiftWish
from checkout.order.cart import Cart
from checkout.peer.ports import Buyer
from checkout.pricing.discounts import Discounts
from checkout.pricing.goods import WantedLine
from checkout.pricing.promise import Promise, promise_of_order
from checkout.pricing.sale import Sale
from zugabe_events.contracts.checkout import (
    ChosenGift,
    OrderLine,
    OrderPlaced,
    OrderSubmitted,
    PricedOrder,
    RewardApplied,
    VoucherApplied,
)
from zugabe_events.domain.money import allocate, euros


def buyer_of(submitted: OrderSubmitted, now: datetime) -> Buyer:
    return Buyer(submitted.dealer, submitted.customer, submitted.user, now)


def wanted_of(submitted: OrderSubmitted) -> tuple[WantedLine, ...]:
    return tuple(WantedLine(line.article, line.quantity) for line in submitted.lines)


def cart_of(submitted: OrderSubmitted, sale: Sale, now: datetime) -> Cart:
    """The cart that would be submitted now; its codes are of no use, since holds are there."""
    return Cart(
        order_id=submitted.order_id,
        buyer=buyer_of(submitted, now),
        lines=(),
        codes=(),
        reward_id=submitted.reward.reward_id if submitted.reward else None,
        wanted=wanted_of(submitted),
        orderer=submitted.orderer,
        gifts=wish_of(submitted, sale),
        delivery=submitted.delivery,
        note=submitted.note,
    )


def wish_of(submitted: OrderSubmitted, sale: Sale) -> GiftWish:
    """The submitted gifts that can still be had, and no others."""
    offered = [] if "gifts" in sale.excluded else [gift.gift for gift in sale.gifts.gifts]
    chosen = tuple(
        ChosenGift(gift.gift, gift.pieces) for gift in submitted.gifts if gift.gift in offered
    )
    return GiftWish(chosen, frozenset(offered).difference(gift.gift for gift in chosen))


def kept(submitted: OrderSubmitted, lines: Sequence[OrderLine]) -> Discounts:
    """Held discounts, for lines at new prices."""
    left = [line.net_cents for line in lines]
    vouchers: list[VoucherApplied] = []
    for voucher in submitted.vouchers:
        vouchers.append(refitted(voucher, left))
        left = [net - share for net, share in zip(left, vouchers[-1].shares, strict=True)]
    reward = refitted(submitted.reward, left) if submitted.reward else None
    return Discounts(tuple(vouchers), reward)


def refitted[Applied: (VoucherApplied, RewardApplied)](
    applied: Applied, nets: Sequence[int]
) -> Applied:
    """Shared as before; if a line does not bear its share any more, by all that had one."""
    if all(share <= net for share, net in zip(applied.shares, nets, strict=True)):
        return applied
    bearing = [net if share else 0 for share, net in zip(applied.shares, nets, strict=True)]
    discount, explanation = min(applied.discount_cents, sum(bearing)), applied.explanation
    if discount < applied.discount_cents:
        explanation = f"{explanation} Davon werden {euros(discount)} angerechnet."
    shares = allocate(discount, bearing)
    return replace(applied, discount_cents=discount, shares=shares, explanation=explanation)


def as_submitted(order: OrderPlaced, submitted: OrderSubmitted) -> OrderPlaced:
    """The new prices on the terms of the submission (X-40)."""
    return replace(
        order,
        placed_at=submitted.placed_at,
        earning=submitted.earning,
        after_sales=submitted.after_sales,
        terms_version=submitted.terms_version,
    )


def promised(order: PricedOrder, terms_version: int) -> Promise:
    """The figures of a submission. Terms of sale that changed nothing in them are no change."""
    return replace(promise_of_order(order), terms_version=terms_version)
