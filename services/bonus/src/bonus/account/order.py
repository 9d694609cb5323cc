"""Effects of orders on points: accrue and redeem, release, return and reverse."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from bonus.account.book import Redemption
from bonus.account.refund import refund, released
from bonus.account.state import Account, AccountEvent, evolve, is_over
from bonus.programme.points import earned_points, explain
from bonus.programme.position import position_of
from bonus.programme.versions import Active, Programme
from zugabe_events.contracts.bonus import (
    LotShare,
    PointsAccrued,
    PointsReversed,
    RewardAttemptEnded,
    RewardRedeemed,
    RewardReturned,
)
from zugabe_events.contracts.checkout import OrderCancelled, OrderPlaced, RewardApplied
from zugabe_events.domain.calendar import days_after, german_date


@dataclass(frozen=True, slots=True)
class BookOrder:
    order: OrderPlaced
    programme: Programme
    now: datetime


@dataclass(frozen=True, slots=True)
class EndAttempt:
    """Checkout's stream decided that an attempt ended without an order."""

    ended: RewardAttemptEnded
    reason: str


@dataclass(frozen=True, slots=True)
class CancelOrder:
    order: OrderCancelled


def book_order(command: BookOrder, account: Account) -> list[AccountEvent]:
    """The reward first: what it leaves owed, the order's own points settle at once."""
    order = command.order
    if account.orders.get(order.order_id):
        return []
    events = settle_reward(order, command.now, account)
    for event in events:
        account = evolve(account, event)
    if accrued := accrue(order, command.programme, account):
        events.append(accrued)
    return events


def settle_reward(order: OrderPlaced, now: datetime, account: Account) -> list[AccountEvent]:
    events: list[AccountEvent] = []
    reward, hold = order.reward, account.holds.get(order.order_id)
    if hold and (reward is None or hold.hold_id != reward.hold_id):
        events.append(released(hold, now, "order-placed-without", account))
        account = evolve(account, events[-1])
    if reward:
        events.append(redeem(order, reward, account))
    return events


def redeem(order: OrderPlaced, reward: RewardApplied, account: Account) -> RewardRedeemed:
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
    )


def accrue(order: OrderPlaced, programme: Programme, account: Account) -> PointsAccrued | None:
    positions = [position_of(line) for line in order.lines]
    lines = earned_points(positions, order.placed_at, programme, order.earning.minimum_cents)
    points = sum(line.points for line in lines)
    if points == 0 or not isinstance(programme, Active):
        return None
    active_from = days_after(order.placed_at, programme.terms.pending_days)
    return PointsAccrued(
        lot_id=order.order_id,
        ordinal=account.accrued + 1,
        order_id=order.order_id,
        dealer=order.dealer,
        customer=order.customer,
        user=order.user,
        points=points,
        settled=min(account.owed, points),
        active_from=active_from,
        placed_at=order.placed_at,
        lines=lines,
        programme_version=programme.version,
        explanation=f"{explain(lines, programme)} Einlösbar ab {german_date(active_from)}.",
    )


def end_attempt(command: EndAttempt, account: Account) -> list[AccountEvent]:
    ended = command.ended
    hold = account.holds.get(ended.order_id)
    if hold and hold.attempt == ended.attempt:
        return [released(hold, ended.ended_at, command.reason, account)]
    if is_over(account, ended.order_id, ended.attempt):
        return []  # a late request for this attempt is refused already
    return [ended]


def cancel_order(command: CancelOrder, account: Account) -> list[AccountEvent]:
    """Idempotent (X-2). The reward comes back first, which lowers what is owed afterwards."""
    order = command.order
    booked = account.orders.get(order.order_id)
    if booked is None:
        return []
    events: list[AccountEvent] = []
    if booked.reward:
        events.append(give_back(order, booked.reward, account))
        account = evolve(account, events[-1])
    if booked.lot:
        events.append(take_back(order, booked.lot, account))
    return events


def give_back(order: OrderCancelled, reward: Redemption, account: Account) -> RewardReturned:
    settled, lots = refund(reward.points, reward.lots, account)
    return RewardReturned(
        hold_id=reward.hold_id,
        order_id=order.order_id,
        dealer=order.dealer,
        user=order.user,
        points=reward.points,
        settled=settled,
        lots=lots,
    )


def take_back(order: OrderCancelled, lot: LotShare, account: Account) -> PointsReversed:
    """From its own lot, then from the oldest others, never from holds; the rest is owed (X-4)."""
    own = min(lot.points, account.lots.left_in(lot))
    shares = (msgspec.structs.replace(lot, points=own),) if own else ()
    others = account.lots.minus(shares).take(lot.points - own)
    taken = (*shares, *others)
    return PointsReversed(
        lot_id=lot.lot_id,
        order_id=order.order_id,
        dealer=order.dealer,
        user=order.user,
        points=lot.points,
        lots=taken,
        owed=lot.points - sum(share.points for share in taken),
        reason=order.reason,
    )
