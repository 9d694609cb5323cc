"""Points follow what checkout decides about orders and attempts."""

from bonus.account.decider import account_history
from bonus.account.order import BookOrder, CancelOrder, EndAttempt
from bonus.programme.decider import programme_history
from bonus.programme.versions import Versions
from zugabe_events.contracts.bonus import RewardAttemptEnded
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    OrderCancelled,
    OrderPlaced,
    RewardTakenOff,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> list[Reaction]:
    now = received.recorded_at
    match received.event:
        case OrderPlaced() as order:

            def book(programme: Versions) -> BookOrder:
                return BookOrder(order, programme.for_order(order.placed_at, now), now)

            programme = programme_history(order.dealer)
            return [Reaction(account_history(order.dealer, order.user), book, (programme,))]
        case RewardTakenOff() as taken_off:
            return [on_end(taken_off, received, taken_off.reason)]
        case CheckoutLapsed(reward_asked=True) as lapsed:
            return [on_end(lapsed, received, "lapsed")]
        case OrderCancelled() as cancelled:
            target = account_history(cancelled.dealer, cancelled.user)
            return [Reaction(target, lambda: CancelOrder(cancelled))]
        case _:
            return []


def on_end(end: RewardTakenOff | CheckoutLapsed, received: ReceivedEvent, reason: str) -> Reaction:
    command = EndAttempt(
        RewardAttemptEnded(
            order_id=end.order_id,
            attempt=end.attempt,
            dealer=end.dealer,
            user=end.user,
            deadline=end.deadline,
            ended_at=received.recorded_at,
        ),
        reason,
    )
    return Reaction(account_history(end.dealer, end.user), lambda: command)


ORDERS = Policy("bonus.orders", ("checkout",), react)
