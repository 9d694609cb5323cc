"""Fold of an order's events into its state after it was placed."""

from dataclasses import replace
from datetime import datetime

from msgspec import structs

from checkout.fulfilment.return_period import end_after
from checkout.fulfilment.state import (
    Cancelled,
    Head,
    NotPlaced,
    Order,
    Pieces,
    Placed,
    PlacedGift,
    PlacedLine,
)
from checkout.fulfilment.steps import Step
from checkout.order.state import OrderEvent
from zugabe_events.contracts.checkout import (
    ApprovalRequested,
    CartChanged,
    CartClosed,
    CheckoutLapsed,
    GiftLine,
    HoldsAsked,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderLine,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    OrderSubmitted,
    ReturnPeriodEnded,
    RewardTakenOff,
    SubmissionEnded,
    VoucherApplied,
    VoucherShare,
    VoucherTakenOff,
)


def evolve(order: Order, event: OrderEvent) -> Order:
    match event:
        case OrderPlaced():
            return placed(event)
        case OrderCancelled(user=user):
            return Cancelled(user)
        case OrderSubmitted(user=user):
            return NotPlaced(submitted_by=user)
        case SubmissionEnded():
            return NotPlaced()
        case (
            OrderConfirmed()
            | OrderShipped()
            | OrderDelivered()
            | ReturnPeriodEnded()
            | OrderReturned()
        ):
            return after(order, event) if isinstance(order, Placed) else order
        case (
            CartChanged()
            | CartClosed()
            | HoldsAsked()
            | VoucherTakenOff()
            | RewardTakenOff()
            | CheckoutLapsed()
            | ApprovalRequested()
        ):
            return order


def after(order: Placed, event: Step | OrderReturned) -> Placed:
    match event:
        case OrderConfirmed():
            return replace(order, is_confirmed=True)
        case OrderShipped():
            return shipped(order, event)
        case OrderDelivered(delivered_at=at):
            return delivered(order, at)
        case ReturnPeriodEnded():
            return replace(order, return_has_ended=True)
        case OrderReturned():
            return returned(order, event)


def delivered(order: Placed, at: datetime) -> Placed:
    """A delivery that is told after the end of the return period does not begin another one."""
    until = order.return_ends_at
    if until is not None and at < until:
        until = end_after(at, order.after_sales.return_days)
    return replace(order, is_delivered=True, return_ends_at=until)


def placed(event: OrderPlaced) -> Placed:
    earning = event.earning
    return Placed(
        head=Head(event.order_id, event.order_number, event.dealer, event.customer, event.user),
        placed_at=event.placed_at,
        imported=event.imported,
        goods_cents=event.goods_cents,
        net_cents=event.net_cents,
        shipping_cents=event.shipping.cost_cents if event.shipping else 0,
        totals=event.totals,
        voucher_hold_ids=tuple(voucher.hold_id for voucher in event.vouchers),
        reward_hold_id=event.reward.hold_id if event.reward else None,
        reward_discount_cents=event.reward.discount_cents if event.reward else 0,
        after_sales=event.after_sales,
        awaits_return_end="return-period-over" in (earning.points_on, earning.vouchers_on),
        lines={
            line.number: placed_line(line, tuple(share_of(one, index) for one in event.vouchers))
            for index, line in enumerate(event.lines)
        },
        gifts={gift.number: placed_gift(gift) for gift in event.gifts},
        vouchers=tuple(
            VoucherShare(
                voucher.campaign_id,
                voucher.code,
                voucher.discount_cents,
                event.shipping_saved_by(voucher),
            )
            for voucher in event.vouchers
        ),
    )


def share_of(voucher: VoucherApplied, index: int) -> int:
    return voucher.shares[index] if index < len(voucher.shares) else 0


def placed_line(line: OrderLine, voucher_shares: tuple[int, ...]) -> PlacedLine:
    return PlacedLine(
        net_cents=line.net_cents,
        voucher_cents=line.voucher_cents,
        reward_cents=line.reward_cents,
        tax_cents=line.tax_cents,
        tax_rate=line.tax_rate,
        counts_for_gifts="thresholds" not in line.excluded,
        pieces=Pieces(line.quantity),
        voucher_shares=voucher_shares,
    )


def placed_gift(gift: GiftLine) -> PlacedGift:
    return PlacedGift(gift.gift, gift.limit_cents, Pieces(gift.pieces))


def shipped(order: Placed, event: OrderShipped) -> Placed:
    if not event.lines:  # the rest was taken back
        return replace(order, is_shipped=True)
    lines, gifts = {**order.lines}, {**order.gifts}
    for one in event.lines:
        if line := lines.get(one.number):
            pieces = line.pieces.after_shipping(one.quantity)
            lines[one.number] = structs.replace(line, pieces=pieces)
        else:
            gift = gifts[one.number]
            pieces = gift.pieces.after_shipping(one.quantity)
            gifts[one.number] = structs.replace(gift, pieces=pieces)
    return replace(
        order,
        lines=lines,
        gifts=gifts,
        is_shipped=event.is_complete,
        shipments={**order.shipments, event.shipment_id: event},
        return_ends_at=end_after(event.shipped_at, order.after_sales.return_days),
    )


def returned(order: Placed, event: OrderReturned) -> Placed:
    lines, gifts = {**order.lines}, {**order.gifts}
    for one in event.lines:
        line = lines[one.number]
        pieces = line.pieces.after_return(one.quantity, one.quantity if event.unshipped else 0)
        lines[one.number] = structs.replace(line, pieces=pieces)
    for back in event.gifts:
        gift = gifts[back.number]
        withdrawn = min(back.quantity, gift.pieces.to_ship)
        pieces = gift.pieces.after_return(back.quantity, withdrawn)
        gifts[back.number] = structs.replace(gift, pieces=pieces)
    returns = {**order.returns, event.return_id: event}
    return replace(order, lines=lines, gifts=gifts, returns=returns)
