"""When checkout decides the fate of an order, the user's wallet follows."""

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
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(heard: ReceivedEvent) -> Sequence[Reaction]:
    match heard.event:
        case OrderPlaced() as placed:
            return [on_placed(placed, heard)]
        case VoucherTakenOff(reason=reason) as ended:
            return [on_end(ended, heard, reason)]
        case CheckoutLapsed(voucher_asked=True) as ended:
            return [on_end(ended, heard, "lapsed")]
        case OrderCancelled() as cancelled:
            target = wallet_history(cancelled.dealer, cancelled.user)
            return [Reaction(target, lambda: UndoOrder(cancelled))]
        case _:
            return []


def on_placed(placed: OrderPlaced, heard: ReceivedEvent) -> Reaction:
    def command(offers: Offers) -> TakeOrder:
        return TakeOrder(placed, tuple(offers.by_campaign.values()), heard.recorded_at)

    target = wallet_history(placed.dealer, placed.user)
    return Reaction(target, command, reads=(register_history(placed.dealer),))


def on_end(ended: VoucherTakenOff | CheckoutLapsed, heard: ReceivedEvent, reason: str) -> Reaction:
    command = EndAttempt(
        ended.dealer,
        ended.user,
        ended.order_id,
        ended.attempt,
        ended.deadline,
        heard.recorded_at,
        reason,
    )
    return Reaction(wallet_history(ended.dealer, ended.user), lambda: command)


ORDERS = Policy(name="vouchers.orders", hears=("checkout",), react=react)
