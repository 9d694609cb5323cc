"""Wallets follow what checkout decides about orders and attempts."""

from collections.abc import Sequence

from vouchers.campaign.register import Offers, register_history
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.hold import EndAttempt
from vouchers.wallet.order import TakeOrder, UndoOrder
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    OrderCancelled,
    OrderPlaced,
    VoucherTakenOff,
)
from zugabe_events.contracts.vouchers import VoucherAttemptEnded
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case OrderPlaced() as placed:
            return [on_placed(placed, received)]
        case VoucherTakenOff() as taken_off:
            return [on_end(taken_off, received, taken_off.reason)]
        case CheckoutLapsed(voucher_asked=True) as lapsed:
            return [on_end(lapsed, received, "lapsed")]
        case OrderCancelled() as cancelled:
            target = wallet_history(cancelled.dealer, cancelled.user)
            return [Reaction(target, lambda: UndoOrder(cancelled))]
        case _:
            return []


def on_placed(placed: OrderPlaced, received: ReceivedEvent) -> Reaction:
    def command(offers: Offers) -> TakeOrder:
        return TakeOrder(placed, tuple(offers.by_campaign.values()), received.recorded_at)

    target = wallet_history(placed.dealer, placed.user)
    return Reaction(target, command, reads=(register_history(placed.dealer),))


def on_end(end: VoucherTakenOff | CheckoutLapsed, received: ReceivedEvent, reason: str) -> Reaction:
    command = EndAttempt(
        VoucherAttemptEnded(
            order_id=end.order_id,
            attempt=end.attempt,
            dealer=end.dealer,
            user=end.user,
            deadline=end.deadline,
            ended_at=received.recorded_at,
        ),
        reason,
    )
    return Reaction(wallet_history(end.dealer, end.user), lambda: command)


ORDERS = Policy(name="vouchers.orders", topics=("checkout",), react=react)
