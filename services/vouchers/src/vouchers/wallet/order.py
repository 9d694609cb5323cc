"""Effects of a user's orders on their wallet: redeem, note, earn, and undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchers.advertising.mailing import AS_USUAL, Mailing
from vouchers.campaign.register import OffersInForce
from vouchers.wallet.earning import earned, is_first, note
from vouchers.wallet.hold import EndAttempt, end_attempt, released, with_revocations
from vouchers.wallet.state import IssuedVoucher, Redemption, Wallet, WalletEvent
from zugabe_events.contracts.checkout import OrderPlaced, VoucherApplied
from zugabe_events.contracts.vouchers import (
    OrderForgotten,
    VoucherAttemptEnded,
    VoucherClawedBack,
    VoucherRedeemed,
    VoucherReturned,
    VoucherUseLost,
)


@dataclass(frozen=True, slots=True)
class TakeOrder:
    """`offers` are the second-purchase campaigns whose vouchers the dealer's users earn."""

    placed: OrderPlaced
    offers: OffersInForce
    heard_at: datetime
    mailing: Mailing = AS_USUAL


@dataclass(frozen=True, slots=True)
class UndoOrder:
    """An order is cancelled, or returned as a whole, `at`; `hold_ids` are what it redeemed."""

    dealer: str
    user: str
    order_id: str
    hold_ids: tuple[str, ...]
    at: datetime
    by_return: bool = False


def take(command: TakeOrder, wallet: Wallet) -> Sequence[WalletEvent]:
    events = [*settle(command, wallet), *note(command.placed, wallet)]
    if is_first(command.placed, wallet):
        events.extend(earned(command.placed, command.offers, wallet, command.mailing))
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
            released(hold, command.heard_at, "not-used", from_budget=hold.from_budget)
            for hold in holds
            if hold.hold_id not in used
        ),
        *(
            event
            for voucher in order.vouchers
            if wallet.redemption_of(order.order_id, voucher.hold_id) is None
            for event in redeem(order, voucher, wallet)
        ),
    ]


def redeem(
    order: OrderPlaced, voucher: VoucherApplied, wallet: Wallet
) -> Sequence[VoucherRedeemed | VoucherClawedBack]:
    use = redeemed(order, voucher, wallet)
    earned_before = wallet.issued.get(use.voucher_id) if use.voucher_id else None
    if earned_before is None or not earned_before.is_charged:
        return [use]
    return [use, clawed_back(order.dealer, order.user, earned_before, order.order_id, use)]


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
        shipping_cents=order.shipping_saved_by(voucher),
        campaign_version=voucher.campaign_version,
        recipient=None if order.imported else order.orderer,
    )


def undo(command: UndoOrder, wallet: Wallet) -> Sequence[WalletEvent]:
    """Idempotent: what has left the wallet cannot leave it again (X-2)."""
    events: list[WalletEvent] = [
        given_back(use, command) if use.gives_back else use_lost(use, command)
        for use in wallet.redeemed.get(command.order_id, ())
        if use.hold_id in command.hold_ids
    ]
    lost = [
        voucher
        for voucher in wallet.issued.values()
        if voucher.is_lost_with(command.order_id) and not voucher.forfeit
    ]
    is_noted = any(noted.order_id == command.order_id for noted in wallet.orders)
    is_awaited = any(voucher.order_id == command.order_id for voucher in wallet.awaited.values())
    if is_noted or is_awaited or lost:
        events.append(
            OrderForgotten(command.dealer, command.user, command.order_id, command.by_return)
        )
    events += [
        clawed_back(command.dealer, command.user, voucher, order_id, use)
        for voucher in lost
        if voucher.claw_back == "charge"
        for order_id, uses in wallet.redeemed.items()
        for use in uses
        if use.voucher_id == voucher.voucher_id
    ]
    return with_revocations(wallet, events)


def given_back(use: Redemption, command: UndoOrder) -> VoucherReturned:
    return VoucherReturned(
        hold_id=use.hold_id,
        order_id=command.order_id,
        campaign_id=use.campaign_id,
        voucher_id=use.voucher_id,
        dealer=command.dealer,
        customer=use.customer,
        user=command.user,
        limits=use.limits,
        discount_cents=use.discount_cents,
        from_budget=use.from_budget,
        unique_code=use.unique_code,
        returned_at=command.at,
        order_number=use.order_number,
        campaign_version=use.campaign_version,
        code=use.code,
        title=use.title,
        recipient=use.recipient,
        by_return=command.by_return,
    )


def use_lost(use: Redemption, command: UndoOrder) -> VoucherUseLost:
    return VoucherUseLost(
        hold_id=use.hold_id,
        order_id=command.order_id,
        campaign_id=use.campaign_id,
        voucher_id=use.voucher_id,
        dealer=command.dealer,
        customer=use.customer,
        user=command.user,
        discount_cents=use.discount_cents,
        from_budget=use.from_budget,
    )


def clawed_back(
    dealer: str, user: str, voucher: IssuedVoucher, order_id: str, use: Redemption | VoucherRedeemed
) -> VoucherClawedBack:
    return VoucherClawedBack(
        voucher_id=voucher.voucher_id,
        campaign_id=voucher.campaign_id,
        dealer=dealer,
        customer=use.customer,
        user=user,
        earned_by=voucher.order_id,
        order_id=order_id,
        hold_id=use.hold_id,
        discount_cents=use.discount_cents,
        shipping_cents=use.shipping_cents,
    )
