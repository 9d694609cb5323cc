"""Undo what an order did to points, as a whole or line by line (X-2, X-3)."""

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from bonus.account.book import Booking, Redemption
from bonus.account.refund import refund
from bonus.account.state import Account, OrderEvent, evolve
from zugabe_events.contracts.bonus import LotShare, PointsReversed, RewardReturned
from zugabe_events.contracts.checkout import OrderCancelled, OrderReturned
from zugabe_events.domain.calendar import day_of


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """`pool` is the customer in the account that its users share, which has rewards only.

    `is_pooled`: what is missing in the user's own account, that one pays.
    """

    order: OrderCancelled
    pool: str = ""
    is_pooled: bool = False


@dataclass(frozen=True, slots=True)
class ReturnLines:
    """`pool` and `is_pooled` as for `CancelOrder`."""

    returned: OrderReturned
    pool: str = ""
    is_pooled: bool = False


@dataclass(frozen=True, slots=True)
class Undoing:
    """Points of an order's reward to give back, and points it earned to take back."""

    order: OrderCancelled | OrderReturned
    given_back: int
    taken_back: int
    pool: str = ""
    is_pooled: bool = False

    @property
    def at(self) -> datetime:
        if isinstance(self.order, OrderReturned):
            return self.order.returned_at
        return self.order.cancelled_at

    @property
    def return_id(self) -> str | None:
        return self.order.return_id if isinstance(self.order, OrderReturned) else None


def cancel_order(command: CancelOrder, account: Account) -> list[OrderEvent]:
    """Idempotent, and after returns only the rest."""
    booked = account.orders.get(command.order.order_id) or Booking()
    undoing = whole(command.order, booked)
    return undo(of_command(undoing, command), booked, account)


def return_lines(command: ReturnLines, account: Account) -> list[OrderEvent]:
    """Idempotent by the id of the return. The last return takes and gives whatever is left."""
    returned = command.returned
    booked = account.orders.get(returned.order_id) or Booking()
    if returned.return_id in booked.returns:
        return []
    share = whole(returned, booked) if returned.is_complete else share_of(returned, booked)
    return undo(of_command(share, command), booked, account)


def of_command(undoing: Undoing, command: CancelOrder | ReturnLines) -> Undoing:
    return replace(undoing, pool=command.pool, is_pooled=command.is_pooled)


def whole(order: OrderCancelled | OrderReturned, booked: Booking) -> Undoing:
    return Undoing(
        order,
        given_back=booked.reward.points if booked.reward else 0,
        taken_back=booked.lot.points if booked.lot else 0,
    )


def share_of(returned: OrderReturned, booked: Booking) -> Undoing:
    """Shares are cumulative, so that any parts add up to the whole (X-3)."""
    lot, reward = booked.lot, booked.reward
    earned = dict(booked.lines)
    taken = sum(
        share_between(
            earned.get(line.number, 0),
            line.returned_before,
            line.returned_before + line.quantity,
            line.ordered,
        )
        for line in returned.lines
    )
    given = 0
    if reward:
        before = returned.reward_cents_before
        after = before + sum(line.reward_cents for line in returned.lines)
        paid = reward.points + reward.returned
        given = share_between(paid, before, after, returned.reward_discount_cents)
    return Undoing(
        returned,
        given_back=min(given, reward.points) if reward else 0,
        taken_back=min(taken, lot.points) if lot else 0,
    )


def share_between(points: int, before: int, after: int, whole: int) -> int:
    """Points of the parts from `before` to `after` of a whole."""
    if whole <= 0:
        return 0
    return points * min(after, whole) // whole - points * min(before, whole) // whole


def undo(undoing: Undoing, booked: Booking, account: Account) -> list[OrderEvent]:
    """The reward comes back first, which lowers what is owed afterwards."""
    events: list[OrderEvent] = []
    if booked.reward and undoing.given_back:
        events.append(give_back(undoing, booked.reward, account))
        account = evolve(account, events[-1])
    if booked.lot and undoing.taken_back and can_take(booked.lot, undoing, account):
        events.append(take_back(undoing, booked.lot, booked, account))
    return events


def can_take(lot: LotShare, undoing: Undoing, account: Account) -> bool:
    """Of a user who has left since, only what their company shares is left (BO-46)."""
    return undoing.is_pooled or lot.ordinal > account.left_behind


def give_back(undoing: Undoing, reward: Redemption, account: Account) -> RewardReturned:
    order, points = undoing.order, undoing.given_back
    shares, _ = reward.split(points)
    settled, lots = refund(points, shares, account)
    return RewardReturned(
        hold_id=reward.hold_id,
        order_id=order.order_id,
        dealer=order.dealer,
        user=order.user,
        points=points,
        settled=settled,
        lots=lots,
        return_id=undoing.return_id,
        returned_at=undoing.at,
        order_number=order.order_number,
        customer=order.customer,
        pool=undoing.pool,
    )


def take_back(undoing: Undoing, lot: LotShare, booked: Booking, account: Account) -> PointsReversed:
    """From its own lot, then from the others that the terms name, never from holds (X-4).

    While points of it are in the account that the company's users share, or on their way from
    there, what is missing is owed: it moves to where they are, and is let off after that.
    """
    order, points = undoing.order, undoing.taken_back
    waiting = points if booked.waits_for else 0
    due = points - waiting
    own = min(due, account.lots.left_in(lot))
    shares = (msgspec.structs.replace(lot, points=own),) if own else ()
    left = account.lots.minus(shares)
    spent = due - own
    if booked.claw_back == "pending":
        others = left.take_pending(spent, day_of(undoing.at))
    else:
        others = left.take(spent)
    missing = spent - sum(share.points for share in others)
    is_owed = booked.claw_back == "negative" or undoing.is_pooled or booked.away > 0
    return PointsReversed(
        lot_id=lot.lot_id,
        order_id=order.order_id,
        dealer=order.dealer,
        user=order.user,
        points=points,
        lots=(*shares, *others),
        owed=missing if is_owed else 0,
        reason=order.reason,
        return_id=undoing.return_id,
        waiting=waiting,
        let_off=0 if is_owed else missing,
        reversed_at=undoing.at,
        order_number=order.order_number,
        customer=order.customer,
    )
