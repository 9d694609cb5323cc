"""The state of a user's bonus account: lots, holds, debt, and what late requests must not undo."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import msgspec
from immutables import Map

from bonus.account.book import Book, Booking, Redemption, points_by_line
from bonus.account.lots import Lots, place_of
from bonus.account.origins import Debtors, Origins
from zugabe_events.contracts.bonus import (
    AcceptedText,
    CorrectionProposed,
    CorrectionRejected,
    DebtMovedIn,
    DebtMovedOut,
    LotShare,
    OptOutAsked,
    PointsAccrued,
    PointsCredited,
    PointsDebited,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsForfeited,
    PointsMovedIn,
    PointsMovedOut,
    PointsReversed,
    PointsScheduled,
    ProgrammeLeft,
    ProgrammeRejoined,
    ProgrammeTextsAccepted,
    RewardAttemptEnded,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.contracts.checkout import Person
from zugabe_events.domain.expiring_map import ExpiringMap

type OrderEvent = (
    PointsAccrued
    | PointsScheduled
    | RewardHeld
    | RewardRedeemed
    | RewardReleased
    | RewardReturned
    | PointsReversed
    | RewardAttemptEnded
)
type OtherEvent = (
    ProgrammeTextsAccepted
    | OptOutAsked
    | PointsForfeited
    | ProgrammeLeft
    | ProgrammeRejoined
    | PointsExpiryAnnounced
    | PointsExpired
    | CorrectionProposed
    | CorrectionRejected
    | PointsCredited
    | PointsDebited
)
type MoveEvent = PointsMovedOut | PointsMovedIn | DebtMovedOut | DebtMovedIn
type AccountEvent = OrderEvent | OtherEvent | MoveEvent

ENDED_TTL = timedelta(days=1)
"""Time after its deadline for which an ended attempt is remembered; a later request is too late."""


@dataclass(frozen=True, slots=True)
class EndedAttempt:
    """The newest attempt of a checkout that ended; all before it ended as well."""

    attempt: int
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Held points are in no lot: only their own checkout can use them. Nor are points that wait.

    `holds` and `ended` are by order: a checkout has one open hold at most. `youngest` is the lot
    that matures last of all that ever were. `accepted` is when the user accepted the programme's
    texts, `accepted_texts` what they accepted last. A user who left and joined again earns by
    orders since `joined_at`; `voided` are holds from before, of which nothing comes back. `credits`
    are the points of corrections and opening balances by id, 0 for one that was rejected;
    `alone` are the latest corrections that one person made. The expiry of points by the day
    `announced_until` was announced to the `recipient`.
    The account that users of a customer share knows the `origins` of its lots, and the `debtors` of
    what it owes. `customer` is that of the latest points that were earned or credited. Lots up to
    `left_behind` were the user's before they left the programme, and are not theirs again.
    """

    lots: Lots = field(default_factory=Lots)
    holds: Mapping[str, RewardHeld] = field(default_factory=dict)
    owed: int = 0
    orders: Book = field(default_factory=Map)
    ended: ExpiringMap[EndedAttempt] = field(default_factory=ExpiringMap)
    accrued: int = 0
    youngest: LotShare | None = None
    accepted: tuple[datetime, ...] = ()
    accepted_texts: tuple[AcceptedText, ...] = ()
    asked: OptOutAsked | None = None
    has_left: bool = False
    joined_at: datetime | None = None
    voided: frozenset[str] = frozenset()
    proposed: Map[str, CorrectionProposed] = field(default_factory=Map)
    credits: Map[str, int] = field(default_factory=Map)
    alone: tuple[tuple[datetime, int], ...] = ()
    recipient: Person | None = None
    announced_until: date | None = None
    origins: Origins = field(default_factory=Origins)
    debtors: Debtors = ()
    customer: str = ""
    left_behind: int = 0

    def takes_part(self, placed_at: datetime) -> bool:
        """The user had not left when the order was placed, and has not left since (BO-46)."""
        return not self.has_left and (self.joined_at is None or self.joined_at <= placed_at)


def available(account: Account, day: date) -> int:
    return max(0, account.lots.matured(day) - account.owed)


def waiting_lots(account: Account) -> list[LotShare]:
    """Points that wait for their order, in no lot yet."""
    return [booked.lot for booked in account.orders.values() if booked.waits_for and booked.lot]


def is_over(account: Account, order_id: str, attempt: int) -> bool:
    """An attempt that has ended or become an order: nothing would release a hold for it."""
    hold, ended = account.holds.get(order_id), account.ended.get(order_id)
    return (
        account.orders.get(order_id) is not None
        or (hold is not None and hold.attempt > attempt)
        or (ended is not None and ended.attempt >= attempt)
    )


def evolve(account: Account, event: OrderEvent) -> Account:
    """Events of orders; `account/others.py` and `account/moved.py` have the others."""
    match event:
        case PointsAccrued():
            return accrue(account, event)
        case PointsScheduled():
            return schedule(account, event)
        case RewardHeld():
            return replace(
                account,
                lots=account.lots.minus(event.lots),
                holds={**account.holds, event.order_id: event},
            )
        case RewardRedeemed():
            return redeem(account, event)
        case RewardReleased():
            freed = replace(
                account,
                lots=account.lots.plus(event.lots),
                owed=account.owed - event.settled,
                holds=without(account.holds, event.order_id),
                voided=account.voided - {event.hold_id},
            )
            return remember(freed, event)
        case RewardReturned():
            booked = account.orders.get(event.order_id) or Booking()
            rest = booked.reward.split(event.points)[1] if booked.reward else None
            booked = replace(booked, reward=rest).with_return(event.return_id)
            return replace(
                account,
                lots=account.lots.plus(event.lots),
                owed=account.owed - event.settled,
                orders=account.orders.set(event.order_id, booked),
            )
        case PointsReversed():
            booked = account.orders.get(event.order_id) or Booking()
            booked = booked.with_less(event.points).with_return(event.return_id)
            return replace(
                account,
                lots=account.lots.minus(event.lots),
                owed=account.owed + event.owed,
                orders=account.orders.set(event.order_id, booked),
            )
        case RewardAttemptEnded():
            return remember(account, event)


def lot_of(event: PointsAccrued | PointsScheduled | PointsCredited) -> LotShare:
    return LotShare(
        event.lot_id, event.points, event.active_from, event.ordinal, event.active_until
    )


def accrue(account: Account, event: PointsAccrued) -> Account:
    lot = lot_of(event)
    booked = account.orders.get(event.order_id) or Booking()
    booked = replace(
        booked,
        lot=lot,
        lines=points_by_line(event.lines),
        waits_for=event.waits_for,
        expires_after_months=event.expires_after_months if event.waits_for else None,
        claw_back=event.claw_back,
    )
    account = replace(
        account,
        orders=account.orders.set(event.order_id, booked),
        accrued=event.ordinal,
        recipient=event.recipient or account.recipient,
        customer=event.customer,
    )
    return account if event.waits_for else with_lot(account, lot, event.settled)


def schedule(account: Account, event: PointsScheduled) -> Account:
    lot = lot_of(event)
    booked = account.orders.get(event.order_id) or Booking()
    booked = replace(booked, lot=lot, waits_for=None, expires_after_months=None)
    account = replace(account, orders=account.orders.set(event.order_id, booked))
    return with_lot(account, lot, event.settled)


def with_lot(account: Account, lot: LotShare, settled: int) -> Account:
    youngest = account.youngest
    return replace(
        account,
        lots=account.lots.plus([msgspec.structs.replace(lot, points=lot.points - settled)]),
        owed=account.owed - settled,
        youngest=lot if youngest is None or place_of(youngest) < place_of(lot) else youngest,
    )


def debtors_with(account: Account, user: str, owed: int) -> Debtors:
    before = account.debtors if account.owed else ()
    return (*before, (user, owed)) if owed else before


def redeem(account: Account, event: RewardRedeemed) -> Account:
    hold = account.holds.get(event.order_id)
    is_own = hold is not None and hold.hold_id == event.hold_id
    shares = hold.lots if hold and is_own else event.unheld
    booked = account.orders.get(event.order_id) or Booking()
    is_void = event.hold_id in account.voided
    reward = None if is_void else Redemption(event.hold_id, event.points, shares)
    return replace(
        account,
        lots=account.lots.minus(event.unheld),
        owed=account.owed + event.owed,
        holds=without(account.holds, event.order_id) if is_own else account.holds,
        orders=account.orders.set(event.order_id, replace(booked, reward=reward)),
        voided=account.voided - {event.hold_id},
        debtors=debtors_with(account, event.user, event.owed) if event.pool else (),
    )


def without(holds: Mapping[str, RewardHeld], order_id: str) -> dict[str, RewardHeld]:
    return {other: hold for other, hold in holds.items() if other != order_id}


def remember(account: Account, event: RewardReleased | RewardAttemptEnded) -> Account:
    """Remember that an attempt has ended, unless a newer one has."""
    before = account.ended.get(event.order_id)
    if before is not None and before.attempt >= event.attempt:
        return account
    ended = EndedAttempt(event.attempt, event.deadline)
    until = event.deadline + ENDED_TTL
    kept = account.ended.put(event.order_id, ended, until, event.ended_at)
    return replace(account, ended=kept)
