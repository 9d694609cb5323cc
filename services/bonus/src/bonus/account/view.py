"""Read model of bonus accounts, and their points on any day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import asdict, replace

from bonus.account.shared import pool_of
from bonus.account.shown_lots import (
    ShownLots,
    credited,
    earned,
    emptied,
    filled,
    forfeited,
    scheduled,
    taken_back,
)
from bonus.account.state import AccountEvent
from zugabe_events.contracts.bonus import (
    CorrectionProposed,
    CorrectionRejected,
    DebtMovedIn,
    DebtMovedOut,
    PointsAccrued,
    PointsCredited,
    PointsDebited,
    PointsExpired,
    PointsForfeited,
    PointsMovedIn,
    PointsMovedOut,
    PointsReversed,
    PointsScheduled,
    ProgrammeLeft,
    ProgrammeRejoined,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel


class OpenCorrection(Fact, frozen=True):
    """A correction that waits for a second person's consent; `points` below 0 are a debit."""

    correction_id: str
    points: int
    reason: str
    proposed_by: str
    proposed_at: datetime


class AccountView(ShownLots, frozen=True, kw_only=True):
    """Held points are in no lot; `points_owed` is a debt that the next points settle.

    Nor are those that wait for their order, such as for its delivery (S6). The balance is accrued +
    credited + returned + let off + moved - redeemed - reversed - debited - expired - forfeited, and
    also the points in lots, held and waiting, less those owed. Credited ones are by hand or an
    opening balance; those let off were spent, and are not asked for any more (X-4).

    `user` is "pool:" and the customer for the account that its users share (BO-33). `points_moved`
    came from their own accounts, less what went back; it is below 0 in those.
    """

    dealer: str
    customer: str
    user: str
    orders_accrued: int = 0
    points_accrued: int = 0
    points_redeemed: int = 0
    points_reversed: int = 0
    points_returned: int = 0
    points_held: int = 0
    points_waiting: int = 0
    points_owed: int = 0
    has_points: bool = False
    points_forfeited: int = 0
    points_expired: int = 0
    points_credited: int = 0
    points_debited: int = 0
    points_let_off: int = 0
    has_left: bool = False
    open_corrections: tuple[OpenCorrection, ...] = ()
    points_moved: int = 0


class PointsOnDay(Fact, frozen=True):
    day: date
    points: int


class AccountAt(AccountView, frozen=True, kw_only=True):
    """An account, and how its points divide at an instant (BO-41).

    Pending points include those that wait, which have no day yet. `pending` are those that become
    available, by day, and `expiring` those that count to the end of a day (Q10), of the lots shown.
    """

    at: datetime
    active_points: int
    pending_points: int
    pending: tuple[PointsOnDay, ...] = ()
    expiring: tuple[PointsOnDay, ...] = ()


def at_instant(view: AccountView, at: datetime) -> AccountAt:
    day = day_of(at)
    matured = sum(lot.points for lot in view.lots if lot.active_from <= day)
    expired = sum(lot.points for lot in view.lots if lot.is_over(day))
    everything = view.older_points + sum(lot.points for lot in view.lots)
    if view.older_active_from is not None and view.older_active_from <= day:
        matured += view.older_points
    return AccountAt(
        **asdict(view),
        at=at,
        active_points=max(0, matured - expired - view.points_owed),
        pending_points=everything - matured + view.points_waiting,
        pending=by_day((lot.active_from, lot.points) for lot in view.lots if lot.active_from > day),
        expiring=by_day(
            (lot.active_until, lot.points)
            for lot in view.lots
            if lot.active_until is not None and not lot.is_over(day)
        ),
    )


def by_day(points: Iterable[tuple[date, int]]) -> tuple[PointsOnDay, ...]:
    sums: Counter[date] = Counter()
    for day, of_lot in points:
        sums[day] += of_lot
    return tuple(PointsOnDay(day, sums[day]) for day in sorted(sums))


def balance_of(view: AccountView) -> int:
    came = view.points_accrued + view.points_credited + view.points_returned + view.points_let_off
    came += view.points_moved
    went = view.points_redeemed + view.points_reversed + view.points_debited
    return came - went - view.points_expired - view.points_forfeited


def holder_of(event: AccountEvent) -> str:
    """The user whose account an event is in, or what stands for those who share it."""
    pool: str = getattr(event, "pool", "")
    return pool_of(pool) if pool else event.user


def keys(event: Event) -> list[str]:
    match event:
        case (
            PointsAccrued()
            | PointsScheduled()
            | RewardHeld()
            | RewardRedeemed()
            | RewardReleased()
            | RewardReturned()
            | PointsReversed()
            | PointsForfeited()
            | ProgrammeLeft()
            | ProgrammeRejoined()
            | PointsExpired()
            | PointsCredited()
            | PointsDebited()
            | CorrectionProposed()
            | CorrectionRejected()
            | PointsMovedOut()
            | PointsMovedIn()
            | DebtMovedOut()
            | DebtMovedIn()
        ):
            return [f"{event.dealer}/{holder_of(event)}"]
        case _:
            return []


def project(view: AccountView | None, event: Event) -> AccountView | None:
    if view is None:
        match event:
            case (
                PointsAccrued()
                | RewardHeld()
                | RewardRedeemed()
                | ProgrammeLeft()
                | PointsCredited()
                | CorrectionProposed()
                | PointsMovedIn()
                | DebtMovedIn()
            ):
                user = holder_of(event)
                view = AccountView(dealer=event.dealer, customer=event.customer, user=user)
            case _:
                return None
    folded = fold(view, event)
    has_points = may_redeem(folded)
    if has_points == folded.has_points:
        return folded
    return replace(folded, has_points=has_points)


def may_redeem(view: AccountView) -> bool:
    """The user may redeem points, now or some day: held ones, or others beyond what is owed."""
    if view.points_held > 0:
        return True
    some = view.older_points + view.points_waiting
    if view.points_owed == 0:
        return some > 0 or bool(view.lots)
    return some + sum(lot.points for lot in view.lots) > view.points_owed


def fold(view: AccountView, event: Event) -> AccountView:
    match event:
        case PointsAccrued():
            return replace(
                view,
                **earned(view, event),
                customer=event.customer,
                orders_accrued=view.orders_accrued + 1,
                points_accrued=view.points_accrued + event.points,
                points_waiting=view.points_waiting + (event.points if event.waits_for else 0),
                points_owed=view.points_owed - event.settled,
            )
        case PointsScheduled():
            return replace(
                view,
                **scheduled(view, event),
                points_waiting=view.points_waiting - event.points,
                points_owed=view.points_owed - event.settled,
            )
        case RewardHeld():
            points = view.points_held + event.points
            return replace(view, **emptied(view, event.lots), points_held=points)
        case RewardReleased():
            return replace(
                view,
                **filled(view, event.lots),
                points_held=view.points_held - event.points,
                points_owed=view.points_owed - event.settled,
                points_forfeited=view.points_forfeited + event.forfeited,
            )
        case RewardRedeemed():
            unheld = sum(lot.points for lot in event.unheld) + event.owed
            return replace(
                view,
                **emptied(view, event.unheld),
                points_redeemed=view.points_redeemed + event.points,
                points_held=view.points_held - (event.points - unheld),
                points_owed=view.points_owed + event.owed,
            )
        case RewardReturned():
            return replace(
                view,
                **filled(view, event.lots),
                points_returned=view.points_returned + event.points,
                points_owed=view.points_owed - event.settled,
            )
        case PointsReversed():
            return replace(
                view,
                **taken_back(view, event),
                points_reversed=view.points_reversed + event.points,
                points_waiting=view.points_waiting - event.waiting,
                points_owed=view.points_owed + event.owed,
                points_let_off=view.points_let_off + event.let_off,
            )
        case _:
            return fold_others(view, event)


def fold_others(view: AccountView, event: Event) -> AccountView:
    """The change of points without an order."""
    match event:
        case PointsForfeited():
            return replace(
                view,
                **forfeited(view, event),
                points_forfeited=view.points_forfeited + event.points,
                points_waiting=view.points_waiting - sum(lot.points for lot in event.waiting),
            )
        case ProgrammeLeft():
            return replace(
                view,
                has_left=True,
                points_owed=view.points_owed - event.let_off,
                points_let_off=view.points_let_off + event.let_off,
            )
        case ProgrammeRejoined():
            return replace(view, has_left=False)
        case PointsExpired():
            points = view.points_expired + event.points
            return replace(view, **emptied(view, event.lots), points_expired=points)
        case PointsCredited():
            return replace(
                without_correction(view, event.credit_id),
                **credited(view, event),
                points_credited=view.points_credited + event.points,
                points_owed=view.points_owed - event.settled,
            )
        case PointsDebited():
            return replace(
                without_correction(view, event.correction_id),
                **emptied(view, event.lots),
                points_debited=view.points_debited + event.points,
                points_owed=view.points_owed + event.owed,
            )
        case CorrectionProposed():
            proposed = OpenCorrection(
                event.correction_id,
                event.points,
                event.reason,
                event.proposed_by,
                event.proposed_at,
            )
            return replace(view, open_corrections=(*view.open_corrections, proposed))
        case CorrectionRejected():
            return without_correction(view, event.correction_id)
        case _:
            return fold_moves(view, event)


def fold_moves(view: AccountView, event: Event) -> AccountView:
    match event:
        case PointsMovedOut():
            moved = view.points_moved - event.points
            return replace(view, **emptied(view, event.lots), points_moved=moved)
        case PointsMovedIn():
            return replace(
                view,
                **filled(view, event.lots),
                points_moved=view.points_moved + event.points,
                points_owed=view.points_owed - event.settled,
            )
        case DebtMovedOut():
            return replace(
                view,
                points_moved=view.points_moved + event.points,
                points_owed=view.points_owed - event.points,
            )
        case DebtMovedIn():
            return replace(
                view,
                **emptied(view, event.lots),
                points_moved=view.points_moved - event.points,
                points_owed=view.points_owed + event.owed,
                points_let_off=view.points_let_off + event.let_off,
            )
        case _:
            return view


def without_correction(view: AccountView, correction_id: str) -> AccountView:
    left = (one for one in view.open_corrections if one.correction_id != correction_id)
    return replace(view, open_corrections=tuple(left))


ACCOUNTS = ReadModel(
    "bonus.accounts",
    3,
    ("bonus",),
    AccountView,
    keys,
    project,
    lists=ListOptions(("customer", "has_points"), ("user", "points_accrued", "points_owed")),
    gathers=0.5,
)
