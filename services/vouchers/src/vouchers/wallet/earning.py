"""Vouchers that first orders earn, at once or when the order has come far enough (VO-32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchers.advertising.mailing import AS_USUAL, Mailing
from vouchers.campaign.register import OffersInForce
from vouchers.unique_code.spelling import issued_code
from vouchers.wallet.issued import last_day
from vouchers.wallet.state import MAX_NOTED, DatedOrder, Wallet
from zugabe_events.contracts.checkout import Moment, OrderPlaced
from zugabe_events.contracts.vouchers import (
    Offered,
    OrderNoted,
    VoucherAwaited,
    VoucherIssued,
)
from zugabe_events.domain.calendar import day_of, is_within

STATES: Sequence[Moment] = ("placed", "confirmed", "shipped", "return-period-over")
"""In their order: an order that has reached one has passed those before it."""


@dataclass(frozen=True, slots=True)
class ReachState:
    """An order has reached a state."""

    order_id: str
    state: Moment
    at: datetime
    mailing: Mailing = AS_USUAL


def note(order: OrderPlaced, wallet: Wallet) -> Sequence[OrderNoted]:
    noted = DatedOrder(order.placed_at, order.order_id)
    if noted in wallet.orders or (len(wallet.orders) == MAX_NOTED and noted > wallet.orders[-1]):
        return []
    return [OrderNoted(order.dealer, order.user, order.order_id, order.placed_at)]


def is_first(order: OrderPlaced, wallet: Wallet) -> bool:
    """First by business time; the order of a repeated message is noted already (VO-32)."""
    noted = DatedOrder(order.placed_at, order.order_id)
    return not wallet.orders or noted < wallet.orders[0]


def earned(
    order: OrderPlaced, offers: OffersInForce, wallet: Wallet, mailing: Mailing
) -> Sequence[VoucherIssued | VoucherAwaited]:
    """By the rules in force when the order was placed (X-40).

    An imported order is no news, so it sends no mail (X-30).
    """
    awaited = [
        VoucherAwaited(
            voucher_id=f"{offer.campaign_id}/{order.order_id}",
            campaign_id=offer.campaign_id,
            campaign_version=offer.version,
            dealer=order.dealer,
            customer=order.customer,
            user=order.user,
            code=issued_code(offer.terms, f"{offer.campaign_id}/{order.order_id}"),
            terms=offer.terms,
            order_id=order.order_id,
            order_number=order.order_number,
            placed_at=order.placed_at,
            recipient=None if order.imported else order.orderer,
            claw_back=order.earning.claw_back,
            awaits=order.earning.vouchers_on,
        )
        for offer in offers.at(None if order.imported else order.placed_at)
        if is_valid(offer, order)
        and is_worth_it(offer, order)
        and not wallet.has_earned(offer.campaign_id)
    ]
    if order.earning.vouchers_on == "placed":
        return [issued(voucher, order.placed_at, mailing) for voucher in awaited]
    return awaited


def is_valid(offer: Offered, order: OrderPlaced) -> bool:
    return is_within(order.placed_at, offer.terms.valid_from, offer.terms.valid_until)


def is_worth_it(offer: Offered, order: OrderPlaced) -> bool:
    """The goods count before all discounts (Q2, X-24).

    Those for nothing earn nothing, except in an imported order, which earned what it did (X-30).
    """
    excluded = sum(line.net_cents for line in order.lines if "thresholds" in line.excluded)
    least = 0 if order.imported else 1
    minimum = max(order.earning.minimum_cents, offer.terms.earning_minimum_cents, least)
    return order.goods_cents - excluded >= minimum


def issue_awaited(command: ReachState, wallet: Wallet) -> Sequence[VoucherIssued]:
    reached = STATES.index(command.state)
    return [
        issued(voucher, command.at, command.mailing)
        for voucher in wallet.awaited.values()
        if voucher.order_id == command.order_id and STATES.index(voucher.awaits) <= reached
    ]


def issued(voucher: VoucherAwaited, at: datetime, mailing: Mailing) -> VoucherIssued:
    """Nobody is told of a voucher that has expired while it was awaited."""
    valid_until = last_day(voucher.terms, at)
    is_usable = day_of(at) <= valid_until
    return VoucherIssued(
        voucher_id=voucher.voucher_id,
        campaign_id=voucher.campaign_id,
        campaign_version=voucher.campaign_version,
        dealer=voucher.dealer,
        customer=voucher.customer,
        user=voucher.user,
        code=voucher.code,
        terms=voucher.terms,
        order_id=voucher.order_id,
        order_number=voucher.order_number,
        placed_at=voucher.placed_at,
        recipient=mailing.recipient(voucher.recipient) if is_usable else None,
        claw_back=voucher.claw_back,
        valid_until=valid_until,
        sender=mailing.sender,
    )
