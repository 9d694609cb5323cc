"""Points follow what checkout decides about orders and attempts.

An order earns in its user's account. Its reward is paid from that, or from the points that the
users of its customer share; which of them keeps a hold, only its stream knows.
"""

from datetime import datetime
from typing import Any

from bonus.account.decider import account_history, pool_account_history
from bonus.account.order import BookOrder, BookPooled, EndAttempt
from bonus.account.schedule import SchedulePoints
from bonus.account.state import Account, AccountEvent
from bonus.account.undo import CancelOrder, ReturnLines
from bonus.pool.decider import Pool, pool_history
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
from zugabe_events.domain.decider import History
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.domain.tenant import SHARED_CUSTOMER


def react(received: ReceivedEvent) -> list[Reaction]:
    match received.event:
        case OrderPlaced() as order:
            return on_order(order, received.recorded_at)
        case RewardTakenOff() as taken_off:
            return on_end(taken_off, received, taken_off.reason)
        case CheckoutLapsed(reward_asked=True) as lapsed:
            return on_end(lapsed, received, "lapsed")
        case OrderConfirmed() as confirmed:
            return [on_moment(confirmed, "confirmed", confirmed.confirmed_at)]
        case OrderShipped() as shipped:
            moment: Moment = "shipped" if shipped.is_complete else "confirmed"
            return [on_moment(shipped, moment, shipped.shipped_at)]
        case ReturnPeriodEnded() as ended:
            return [on_moment(ended, "return-period-over", ended.ended_at)]
        case OrderCancelled() | OrderReturned() as undone:
            return on_undone(undone)
        case _:
            return []


def on_order(order: OrderPlaced, now: datetime) -> list[Reaction]:
    def book(*rules: Any) -> BookOrder:
        return BookOrder(order, Rules(*rules), now)

    reads = rules_histories(order.dealer, order.customer)
    booked = Reaction(account_history(order.dealer, order.user), book, reads)
    if not order.reward or order.customer == SHARED_CUSTOMER:
        return [booked]
    return [booked, Reaction(shared_by(order), lambda: BookPooled(order, now))]


def on_undone(undone: OrderCancelled | OrderReturned) -> list[Reaction]:
    def undo(pool: Pool) -> CancelOrder | ReturnLines:
        return undoing(undone, is_pooled=pool.is_pooled)

    reads = (pool_history(undone.dealer, undone.customer),)
    own = Reaction(account_history(undone.dealer, undone.user), undo, reads)
    if not undone.reward_hold_id or undone.customer == SHARED_CUSTOMER:
        return [own]
    of_pool = undoing(undone, pool=undone.customer)
    return [own, Reaction(shared_by(undone), lambda: of_pool)]


def undoing(
    undone: OrderCancelled | OrderReturned, pool: str = "", *, is_pooled: bool = False
) -> CancelOrder | ReturnLines:
    if isinstance(undone, OrderReturned):
        return ReturnLines(undone, pool, is_pooled)
    return CancelOrder(undone, pool, is_pooled)


def shared_by(
    order: OrderPlaced | OrderCancelled | OrderReturned | RewardTakenOff | CheckoutLapsed,
) -> History[Account, AccountEvent]:
    return pool_account_history(order.dealer, order.customer)


def on_moment(order: OfOrder, moment: Moment, reached_at: datetime) -> Reaction:
    command = SchedulePoints(order, moment, reached_at)
    return Reaction(account_history(order.dealer, order.user), lambda: command)


def on_end(
    end: RewardTakenOff | CheckoutLapsed, received: ReceivedEvent, reason: str
) -> list[Reaction]:
    ended = RewardAttemptEnded(
        order_id=end.order_id,
        attempt=end.attempt,
        dealer=end.dealer,
        user=end.user,
        deadline=end.deadline,
        ended_at=received.recorded_at,
    )

    def in_pool(pool: Pool) -> EndAttempt:
        return EndAttempt(ended, reason, is_expected=pool.is_pooled)

    own = Reaction(account_history(end.dealer, end.user), lambda: EndAttempt(ended, reason))
    if end.customer == SHARED_CUSTOMER:
        return [own]
    return [own, Reaction(shared_by(end), in_pool, (pool_history(end.dealer, end.customer),))]


ORDERS = Policy("bonus.orders", ("checkout",), react)
