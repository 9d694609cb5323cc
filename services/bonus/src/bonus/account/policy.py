"""When checkout decides the fate of an order or of an attempt, points follow."""

from bonus.account.decider import account_history
from bonus.account.order import BookOrder, CancelOrder, EndAttempt
from bonus.programme.decider import Programme, programme_history
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    OrderCancelled,
    OrderPlaced,
    RewardTakenOff,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(heard: ReceivedEvent) -> list[Reaction]:
    now = heard.recorded_at
    match heard.event:
        case OrderPlaced() as order:

            def book(programme: Programme) -> BookOrder:
                return BookOrder(order, programme, now)

            programme = programme_history(order.dealer)
            return [Reaction(account_history(order.dealer, order.user), book, (programme,))]
        case RewardTakenOff() as off:
            return [ending(off, off.reason, heard)]
        case CheckoutLapsed(reward_asked=True) as lapsed:
            return [ending(lapsed, "lapsed", heard)]
        case OrderCancelled() as cancelled:
            target = account_history(cancelled.dealer, cancelled.user)
            return [Reaction(target, lambda: CancelOrder(cancelled))]
        case _:
            return []


def ending(event: RewardTakenOff | CheckoutLapsed, reason: str, heard: ReceivedEvent) -> Reaction:
    end = EndAttempt(
        event.order_id,
        event.attempt,
        event.dealer,
        event.user,
        event.deadline,
        reason,
        heard.recorded_at,
    )
    return Reaction(account_history(event.dealer, event.user), lambda: end)


ORDERS = Policy("bonus.orders", ("checkout",), react)
