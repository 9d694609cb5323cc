"""Effects of a user's orders on their wallet: redeem, note, earn, and undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchers.wallet.hold import EndAttempt, end_attempt, released, with_revocations
from vouchers.wallet.state import MAX_NOTED, DatedOrder, Wallet, WalletEvent
from zugabe_events.contracts.checkout import OrderCancelled, OrderPlaced, VoucherApplied
from zugabe_events.contracts.vouchers import (
    OrderForgotten,
    OrderNoted,
    SecondPurchaseOffered,
    VoucherAttemptEnded,
    VoucherIssued,
    VoucherRedeemed,
    VoucherReturned,
)
from zugabe_events.domain.calendar import is_within


@dataclass(frozen=True, slots=True)
class TakeOrder:
    """`offers` are the second-purchase campaigns in force when the order arrives."""

    placed: OrderPlaced
    offers: tuple[SecondPurchaseOffered, ...]
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class UndoOrder:
    cancelled: OrderCancelled


def take(command: TakeOrder, wallet: Wallet) -> Sequence[WalletEvent]:
    events = [*settle(command, wallet), *note(command.placed, wallet)]
    if is_first(command.placed, wallet):
        events.extend(earned(command, wallet))
    return with_revocations(wallet, events)


def settle(command: TakeOrder, wallet: Wallet) -> Sequence[WalletEvent]:
    """The order is the commit point: what it was priced with is redeemed in any case."""
    order, holds = command.placed, wallet.held.get(command.placed.order_id, ())
    if not order.vouchers:
        if not holds and not order.refused:
            return []
        # A late repeat of the request must not take a hold that nothing would release.
        ended = VoucherAttemptEnded(
            order_id=order.order_id,
            attempt=order.attempt,
            dealer=order.dealer,
            user=order.user,
            deadline=holds[0].deadline if holds else command.heard_at,
            ended_at=command.heard_at,
        )
        return end_attempt(EndAttempt(ended, "not-used"), wallet)
    used = {voucher.hold_id for voucher in order.vouchers}
    return [
        *(
            released(hold, command.heard_at, "not-used")
            for hold in holds
            if hold.hold_id not in used
        ),
        *(
            redeemed(order, voucher, wallet)
            for voucher in order.vouchers
            if wallet.redemption_of(order.order_id, voucher.hold_id) is None
        ),
    ]


def redeemed(order: OrderPlaced, voucher: VoucherApplied, wallet: Wallet) -> VoucherRedeemed:
    own = wallet.hold_of(order.order_id, voucher.hold_id)
    issued = wallet.voucher_of(voucher.campaign_id)
    return VoucherRedeemed(
        hold_id=voucher.hold_id,
        order_id=order.order_id,
        order_number=order.order_number,
        campaign_id=voucher.campaign_id,
        voucher_id=own.voucher_id if own else issued.voucher_id if issued else None,
        dealer=order.dealer,
        customer=order.customer,
        user=order.user,
        code=voucher.code,
        base_cents=voucher.base_cents,
        discount_cents=voucher.discount_cents,
        redeemed_at=order.placed_at,
        title=own.title if own else "",
    )


def note(order: OrderPlaced, wallet: Wallet) -> Sequence[OrderNoted]:
    noted = DatedOrder(order.placed_at, order.order_id)
    if noted in wallet.orders or (len(wallet.orders) == MAX_NOTED and noted > wallet.orders[-1]):
        return []
    return [OrderNoted(order.dealer, order.user, order.order_id, order.placed_at)]


def is_first(order: OrderPlaced, wallet: Wallet) -> bool:
    """First by business time; the order of a repeated message is noted already (VO-32)."""
    noted = DatedOrder(order.placed_at, order.order_id)
    return not wallet.orders or noted < wallet.orders[0]


def earned(command: TakeOrder, wallet: Wallet) -> Sequence[VoucherIssued]:
    """By business time; an imported order is no news, so it sends no mail (X-30)."""
    order = command.placed
    return [
        VoucherIssued(
            voucher_id=f"{offer.campaign_id}/{order.order_id}",
            campaign_id=offer.campaign_id,
            campaign_version=offer.version,
            dealer=order.dealer,
            customer=order.customer,
            user=order.user,
            code=offer.terms.code,
            terms=offer.terms,
            order_id=order.order_id,
            order_number=order.order_number,
            placed_at=order.placed_at,
            recipient=None if order.imported else order.orderer,
        )
        for offer in command.offers
        if is_within(order.placed_at, offer.terms.valid_from, offer.terms.valid_until)
        and wallet.voucher_of(offer.campaign_id) is None
    ]


def undo(command: UndoOrder, wallet: Wallet) -> Sequence[WalletEvent]:
    """Idempotent: what has left the wallet cannot leave it again (X-2)."""
    order = command.cancelled
    hold_ids = (order.voucher_hold_id, *order.more_voucher_hold_ids)
    events: list[WalletEvent] = [
        VoucherReturned(
            hold_id=use.hold_id,
            order_id=order.order_id,
            campaign_id=use.campaign_id,
            voucher_id=use.voucher_id,
            dealer=order.dealer,
            customer=use.customer,
            user=order.user,
            limits=use.limits,
            discount_cents=use.discount_cents,
        )
        for use in wallet.redeemed.get(order.order_id, ())
        if use.hold_id in hold_ids
    ]
    is_noted = any(noted.order_id == order.order_id for noted in wallet.orders)
    has_earned = any(
        voucher.order_id == order.order_id and not voucher.forfeit
        for voucher in wallet.issued.values()
    )
    if is_noted or has_earned:
        events.append(OrderForgotten(order.dealer, order.user, order.order_id))
    return with_revocations(wallet, events)
