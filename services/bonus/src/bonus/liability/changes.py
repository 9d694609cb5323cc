"""The effect of each event on the points that a dealer owes, and the day of its effect (N-10).

Maturing and expiring are a matter of time and have no event that counts: a lot says when both will
happen, so that one event changes several days, also future ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zugabe_events.contracts.bonus import (
    DebtMovedIn,
    DebtMovedOut,
    LotShare,
    PointsAccrued,
    PointsCredited,
    PointsDebited,
    PointsForfeited,
    PointsMovedIn,
    PointsMovedOut,
    PointsReversed,
    PointsScheduled,
    ProgrammeLeft,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Event, Fact

UNDATED = date(2000, 1, 1)
"""The day of events from before they said when they happened."""


class Figures(Fact, frozen=True, kw_only=True):
    """Points by what they are on a day.

    `active` and `pending` ones are in lots, `waiting` ones wait for their order, `held` ones for
    their checkout; `owed` ones count against these. `expiring` ones have this as their last day.
    """

    active: int = 0
    pending: int = 0
    waiting: int = 0
    held: int = 0
    owed: int = 0
    expiring: int = 0

    def plus(self, other: "Figures") -> "Figures":
        return Figures(
            active=self.active + other.active,
            pending=self.pending + other.pending,
            waiting=self.waiting + other.waiting,
            held=self.held + other.held,
            owed=self.owed + other.owed,
            expiring=self.expiring + other.expiring,
        )


NONE = Figures()


@dataclass(frozen=True, slots=True)
class Change:
    """Shares that came into lots on a day or went from them, and what else became more or less.

    `customer` is "" for some events of earlier days, which do not say it.
    """

    dealer: str
    customer: str
    day: date
    came: tuple[LotShare, ...] = ()
    went: tuple[LotShare, ...] = ()
    waiting: int = 0
    held: int = 0
    owed: int = 0


def points_of(shares: Iterable[LotShare]) -> int:
    return sum(share.points for share in shares)


def dated(at: datetime | None) -> date:
    return UNDATED if at is None else day_of(at)


def change_of(event: Event) -> Change | None:
    match event:
        case PointsAccrued() if event.waits_for:
            day = day_of(event.placed_at)
            return Change(event.dealer, event.customer, day, waiting=event.points)
        case PointsAccrued():
            return earned(event, day_of(event.placed_at))
        case PointsScheduled():
            return earned(event, day_of(event.reached_at), waiting=-event.points)
        case PointsReversed():
            return Change(
                event.dealer,
                event.customer,
                dated(event.reversed_at),
                went=event.lots,
                waiting=-event.waiting,
                owed=event.owed,
            )
        case RewardHeld() | RewardRedeemed() | RewardReleased() | RewardReturned():
            return change_of_reward(event)
        case _:
            return change_without_order(event)


def change_without_order(event: Event) -> Change | None:
    match event:
        case PointsCredited():
            return earned(event, day_of(event.credited_at))
        case PointsDebited():
            day = day_of(event.debited_at)
            return Change(event.dealer, event.customer, day, went=event.lots, owed=event.owed)
        case PointsForfeited():
            waiting = -points_of(event.waiting)
            day = day_of(event.forfeited_at)
            return Change(event.dealer, event.customer, day, went=event.lots, waiting=waiting)
        case ProgrammeLeft():
            return Change(event.dealer, event.customer, day_of(event.left_at), owed=-event.let_off)
        case PointsMovedOut() | PointsMovedIn() | DebtMovedOut() | DebtMovedIn():
            return change_of_move(event)
        case _:
            return None


def earned(
    event: PointsAccrued | PointsScheduled | PointsCredited, day: date, waiting: int = 0
) -> Change:
    lot = LotShare(
        event.lot_id,
        event.points - event.settled,
        event.active_from,
        event.ordinal,
        event.active_until,
    )
    return Change(
        event.dealer, event.customer, day, came=(lot,), waiting=waiting, owed=-event.settled
    )


def change_of_reward(
    event: RewardHeld | RewardRedeemed | RewardReleased | RewardReturned,
) -> Change:
    match event:
        case RewardHeld():
            day = day_of(event.held_at or event.deadline)
            return Change(event.dealer, event.customer, day, went=event.lots, held=event.points)
        case RewardRedeemed():
            return Change(
                event.dealer,
                event.customer,
                day_of(event.redeemed_at),
                went=event.unheld,
                held=points_of(event.unheld) + event.owed - event.points,
                owed=event.owed,
            )
        case RewardReleased():
            return Change(
                event.dealer,
                event.customer,
                day_of(event.ended_at),
                came=event.lots,
                held=-event.points,
                owed=-event.settled,
            )
        case RewardReturned():
            return Change(
                event.dealer,
                event.customer,
                dated(event.returned_at),
                came=event.lots,
                owed=-event.settled,
            )


def change_of_move(event: PointsMovedOut | PointsMovedIn | DebtMovedOut | DebtMovedIn) -> Change:
    """Between the accounts of a customer's users and the one that they share (BO-33)."""
    day = day_of(event.moved_at)
    match event:
        case PointsMovedOut():
            return Change(event.dealer, event.customer, day, went=event.lots)
        case PointsMovedIn():
            return Change(event.dealer, event.customer, day, came=event.lots, owed=-event.settled)
        case DebtMovedOut():
            return Change(event.dealer, event.customer, day, owed=-event.points)
        case DebtMovedIn():
            return Change(event.dealer, event.customer, day, went=event.lots, owed=event.owed)


def by_day(change: Change) -> Mapping[date, Figures]:
    """Increases and decreases by day: the sum up to a day is the figure of that day."""
    days: dict[date, Figures] = {}
    if change.waiting or change.held or change.owed:
        days[change.day] = Figures(waiting=change.waiting, held=change.held, owed=change.owed)
    for shares, sign in ((change.came, 1), (change.went, -1)):
        for share in shares:
            for day, figures in life_of(share, change.day, sign):
                before = days.get(day)
                days[day] = figures if before is None else before.plus(figures)
    return {day: figures for day, figures in days.items() if figures != NONE}


def life_of(share: LotShare, day: date, sign: int) -> Iterable[tuple[date, Figures]]:
    """Points of a lot from a day on: pending, then active, then over.

    What comes back to a lot that is over expires at once; what goes from one counted no more.
    """
    points, last = sign * share.points, share.active_until
    if last is not None and last < day:
        if sign > 0:
            yield day, Figures(expiring=points)
        return
    if share.active_from > day:
        yield day, Figures(pending=points)
        yield share.active_from, Figures(pending=-points, active=points)
    else:
        yield day, Figures(active=points)
    if last is not None:
        yield last, Figures(expiring=points)
        if last < date.max:
            yield last + timedelta(days=1), Figures(active=-points)
