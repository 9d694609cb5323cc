"""Effects of orders on points: redeem and accrue, or release."""

from dataclasses import dataclass
from datetime import datetime

from bonus.account.expiry import last_day
from bonus.account.refund import released
from bonus.account.schedule import usable_text
from bonus.account.shared import pool_of
from bonus.account.state import Account, OrderEvent, evolve, is_over
from bonus.programme.points import earned_points, explain
from bonus.programme.position import position_of
from bonus.programme.versions import Active, Programme
from bonus.text.acceptance import Rules
from zugabe_events.contracts.bonus import (
    PointsAccrued,
    RewardAttemptEnded,
    RewardRedeemed,
)
from zugabe_events.contracts.checkout import OrderPlaced, RewardApplied
from zugabe_events.domain.calendar import days_after


@dataclass(frozen=True, slots=True)
class BookOrder:
    """Earn points by what was in force when the order was placed, and redeem its reward.

    An imported order is history (X-30): its customer may take part only since.
    """

    order: OrderPlaced
    rules: Rules
    now: datetime

    @property
    def programme(self) -> Programme:
        return self.rules.programme.for_order(self.order.placed_at, self.now)

    def earns(self, account: Account) -> bool:
        if not account.takes_part(self.order.placed_at):
            return False
        at = self.now if self.order.imported else self.order.placed_at
        return self.rules.collects(at, account.accepted)


@dataclass(frozen=True, slots=True)
class BookPooled:
    """Redeem the reward of an order from the points that its customer's users share."""

    order: OrderPlaced
    now: datetime


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """Checkout's stream decided that an attempt ended without an order.

    `is_expected`: a later hold for it is possible, and has to be refused.
    """

    ended: RewardAttemptEnded
    reason: str
    is_expected: bool = True


def book_order(command: BookOrder, account: Account) -> list[OrderEvent]:
    """The reward first: what it leaves owed, the order's own points settle at once."""
    order = command.order
    if account.orders.get(order.order_id):
        return []
    own = None if is_pooled(order) else order.reward
    events = settle_reward(order, own, command.now, account)
    for event in events:
        account = evolve(account, event)
    if command.earns(account) and (accrued := accrue(order, command.programme, account)):
        events.append(accrued)
    return events


def book_pooled(command: BookPooled, account: Account) -> list[OrderEvent]:
    """The order's reward, if shared points pay for it; else nothing is held for it any more."""
    order = command.order
    if account.orders.get(order.order_id):
        return []
    reward = order.reward if is_pooled(order) else None
    return settle_reward(order, reward, command.now, account, order.customer)


def is_pooled(order: OrderPlaced) -> bool:
    """The points that its customer's users share pay for the order's reward."""
    stream = f"account/{order.dealer}/{pool_of(order.customer)}"
    return order.reward is not None and stream in order.reward.streams


def settle_reward(
    order: OrderPlaced,
    reward: RewardApplied | None,
    now: datetime,
    account: Account,
    pool: str = "",
) -> list[OrderEvent]:
    events: list[OrderEvent] = []
    hold = account.holds.get(order.order_id)
    if hold and (reward is None or hold.hold_id != reward.hold_id):
        events.append(released(hold, now, "order-placed-without", account))
        account = evolve(account, events[-1])
    if reward:
        events.append(redeem(order, reward, account, pool))
    return events


def redeem(
    order: OrderPlaced, reward: RewardApplied, account: Account, pool: str
) -> RewardRedeemed:
    """Unconditionally: the customer was promised the discount when the order was placed."""
    hold = account.holds.get(order.order_id)
    points = hold.points if hold else reward.points
    unheld = () if hold else account.lots.take(points)
    owed = 0 if hold else points - sum(lot.points for lot in unheld)
    return RewardRedeemed(
        hold_id=reward.hold_id,
        order_id=order.order_id,
        order_number=order.order_number,
        dealer=order.dealer,
        customer=order.customer,
        user=order.user,
        reward_id=reward.reward_id,
        points=points,
        discount_cents=reward.discount_cents,
        redeemed_at=order.placed_at,
        unheld=unheld,
        owed=owed,
        pool=pool,
    )


def accrue(order: OrderPlaced, programme: Programme, account: Account) -> PointsAccrued | None:
    positions = [position_of(line) for line in order.lines]
    lines = earned_points(positions, order.placed_at, programme, order.earning.minimum_cents)
    points = sum(line.points for line in lines)
    if points == 0 or not isinstance(programme, Active):
        return None
    active_from = days_after(order.placed_at, programme.terms.pending_days)
    waits_for = None if order.earning.points_on == "placed" else order.earning.points_on
    months = programme.terms.expires_after_months
    active_until = None if waits_for else last_day(active_from, months)
    return PointsAccrued(
        lot_id=order.order_id,
        ordinal=account.accrued + 1,
        order_id=order.order_id,
        dealer=order.dealer,
        customer=order.customer,
        user=order.user,
        points=points,
        settled=0 if waits_for else min(account.owed, points),
        active_from=active_from,
        placed_at=order.placed_at,
        lines=lines,
        programme_version=programme.version,
        explanation=f"{explain(lines, programme)} {usable_text(active_from, waits_for)}",
        waits_for=waits_for,
        active_until=active_until,
        expires_after_months=months,
        claw_back=programme.terms.claw_back,
        order_number=order.order_number,
        recipient=order.orderer if months and not order.imported else None,
    )


def end_attempt(command: EndAttempt, account: Account) -> list[OrderEvent]:
    ended = command.ended
    hold = account.holds.get(ended.order_id)
    if hold and hold.attempt == ended.attempt:
        return [released(hold, ended.ended_at, command.reason, account)]
    if not command.is_expected or is_over(account, ended.order_id, ended.attempt):
        return []  # a late request for this attempt is refused already
    return [ended]
