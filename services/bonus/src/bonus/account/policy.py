"""Points follow what checkout decides about orders and attempts."""

from datetime import datetime
from typing import Any

from bonus.account.decider import account_history
from bonus.account.order import BookOrder, EndAttempt
from bonus.account.schedule import SchedulePoints
from bonus.account.undo import CancelOrder, ReturnLines
from bonus.text.acceptance import Rules
from bonus.text.rules import rules_histories
from zugabe_events.contracts.bonus import RewardAttemptEnded
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    Moment,
    OfOrder,
    OrderCancelled,
    OrderConfirmed,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    ReturnPeriodEnded,
    RewardTakenOff,
)
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> list[Reaction]:
    now = received.recorded_at
    match received.event:
        case OrderPlaced() as order:

            def book(*rules: Any) -> BookOrder:
                return BookOrder(order, Rules(*rules), now)

            reads = rules_histories(order.dealer, order.customer)
            return [Reaction(account_history(order.dealer, order.user), book, reads)]
        case RewardTakenOff() as taken_off:
            return [on_end(taken_off, received, taken_off.reason)]
        case CheckoutLapsed(reward_asked=True) as lapsed:
            return [on_end(lapsed, received, "lapsed")]
        case OrderConfirmed() as confirmed:
            return [on_moment(confirmed, "confirmed", confirmed.confirmed_at)]
        case OrderShipped() as shipped:
            moment: Moment = "shipped" if shipped.is_complete else "confirmed"
            return [on_moment(shipped, moment, shipped.shipped_at)]
        case ReturnPeriodEnded() as ended:
            return [on_moment(ended, "return-period-over", ended.ended_at)]
        case OrderCancelled() as cancelled:
            target = account_history(cancelled.dealer, cancelled.user)
            return [Reaction(target, lambda: CancelOrder(cancelled))]
        case OrderReturned() as returned:
            target = account_history(returned.dealer, returned.user)
            return [Reaction(target, lambda: ReturnLines(returned))]
        case _:
            return []


def on_moment(order: OfOrder, moment: Moment, reached_at: datetime) -> Reaction:
    command = SchedulePoints(order, moment, reached_at)
    return Reaction(account_history(order.dealer, order.user), lambda: command)


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
