"""The state of a user's bonus account: lots, holds, debt, and what late requests must not undo."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import msgspec
from immutables import Map

from bonus.account.book import Book, Booking, Redemption, points_by_line
from bonus.account.lots import Lots, place_of
from zugabe_events.contracts.bonus import (
    AcceptedText,
    LotShare,
    PointsAccrued,
    PointsReversed,
    PointsScheduled,
    ProgrammeTextsAccepted,
    RewardAttemptEnded,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.expiring_map import ExpiringMap

type AccountEvent = (
    PointsAccrued
    | PointsScheduled
    | RewardHeld
    | RewardRedeemed
    | RewardReleased
    | RewardReturned
    | PointsReversed
    | RewardAttemptEnded
    | ProgrammeTextsAccepted
)

MAX_ACCEPTED = 100
"""Acceptances that are remembered, the latest: an order is rarely heard of after so many."""

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
    texts, `accepted_texts` what they accepted last.
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


def available(account: Account, day: date) -> int:
    return max(0, account.lots.matured(day) - account.owed)


def is_over(account: Account, order_id: str, attempt: int) -> bool:
    """An attempt that has ended or become an order: nothing would release a hold for it."""
    hold, ended = account.holds.get(order_id), account.ended.get(order_id)
    return (
        account.orders.get(order_id) is not None
        or (hold is not None and hold.attempt > attempt)
        or (ended is not None and ended.attempt >= attempt)
    )


def evolve(account: Account, event: AccountEvent) -> Account:
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
        case ProgrammeTextsAccepted():
            accepted = (*account.accepted, event.accepted_at)[-MAX_ACCEPTED:]
            return replace(account, accepted=accepted, accepted_texts=event.texts)


def accrue(account: Account, event: PointsAccrued) -> Account:
    lot = LotShare(event.lot_id, event.points, event.active_from, event.ordinal)
    booked = account.orders.get(event.order_id) or Booking()
    booked = replace(booked, lot=lot, lines=points_by_line(event.lines), waits_for=event.waits_for)
    account = replace(
        account, orders=account.orders.set(event.order_id, booked), accrued=event.ordinal
    )
    return account if event.waits_for else with_lot(account, lot, event.settled)


def schedule(account: Account, event: PointsScheduled) -> Account:
    lot = LotShare(event.lot_id, event.points, event.active_from, event.ordinal)
    booked = account.orders.get(event.order_id) or Booking()
    booked = replace(booked, lot=lot, waits_for=None)
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


def redeem(account: Account, event: RewardRedeemed) -> Account:
    hold = account.holds.get(event.order_id)
    is_own = hold is not None and hold.hold_id == event.hold_id
    shares = hold.lots if hold and is_own else event.unheld
    booked = account.orders.get(event.order_id) or Booking()
    reward = Redemption(event.hold_id, event.points, shares)
    return replace(
        account,
        lots=account.lots.minus(event.unheld),
        owed=account.owed + event.owed,
        holds=without(account.holds, event.order_id) if is_own else account.holds,
        orders=account.orders.set(event.order_id, replace(booked, reward=reward)),
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
