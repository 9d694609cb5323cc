"""Read model of bonus accounts, and their points on any day."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict

from msgspec.structs import asdict, replace

from zugabe_events.contracts.bonus import (
    LotShare,
    PointsAccrued,
    PointsReversed,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel

MAX_LOTS_SHOWN = 200
"""Lots shown individually; older ones are one sum, so that an account stays a small document."""


class Lot(Fact, frozen=True, order=True):
    """The points of one order that are left; in order of the first fields."""

    active_from: date
    ordinal: int
    lot_id: str
    order_id: str
    points: int


class AccountView(Fact, frozen=True, kw_only=True):
    """Held points are in no lot; `points_owed` is a debt that the next points settle.

    The balance is accrued - redeemed - reversed + returned, and also the points in lots and holds
    less those owed. Lots older than those shown were active by `older_active_from`.
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
    points_owed: int = 0
    lots: tuple[Lot, ...] = ()
    older_points: int = 0
    older_active_from: date | None = None
    older_ordinal: int = 0


class AccountAt(AccountView, frozen=True, kw_only=True):
    """An account, and how its points divide at an instant (BO-41)."""

    at: datetime
    active_points: int
    pending_points: int


def at_instant(view: AccountView, at: datetime) -> AccountAt:
    day = day_of(at)
    matured = sum(lot.points for lot in view.lots if lot.active_from <= day)
    everything = view.older_points + sum(lot.points for lot in view.lots)
    if view.older_active_from is not None and view.older_active_from <= day:
        matured += view.older_points
    return AccountAt(
        **asdict(view),
        at=at,
        active_points=max(0, matured - view.points_owed),
        pending_points=everything - matured,
    )


def balance_of(view: AccountView) -> int:
    used = view.points_redeemed + view.points_reversed - view.points_returned
    return view.points_accrued - used


def keys(event: Event) -> list[str]:
    match event:
        case (
            PointsAccrued()
            | RewardHeld()
            | RewardRedeemed()
            | RewardReleased()
            | RewardReturned()
            | PointsReversed()
        ):
            return [f"{event.dealer}/{event.user}"]
        case _:
            return []


def project(view: AccountView | None, event: Event) -> AccountView | None:
    if view is None:
        match event:
            case PointsAccrued() | RewardHeld() | RewardRedeemed():
                view = AccountView(dealer=event.dealer, customer=event.customer, user=event.user)
            case _:
                return None
    return fold(view, event)


class Lots(TypedDict):
    """The fields of an account that hold what is left of its points."""

    lots: tuple[Lot, ...]
    older_points: int
    older_active_from: date | None
    older_ordinal: int


def fold(view: AccountView, event: Event) -> AccountView:
    match event:
        case PointsAccrued():
            left = event.points - event.settled
            lot = LotShare(event.lot_id, left, event.active_from, event.ordinal)
            return replace(
                view,
                **filled(view, [lot] if left else []),
                customer=event.customer,
                orders_accrued=view.orders_accrued + 1,
                points_accrued=view.points_accrued + event.points,
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
                **emptied(view, event.lots),
                points_reversed=view.points_reversed + event.points,
                points_owed=view.points_owed + event.owed,
            )
        case _:
            return view


def filled(view: AccountView, shares: Iterable[LotShare]) -> Lots:
    return changed(view, [(share, share.points) for share in shares])


def emptied(view: AccountView, shares: Iterable[LotShare]) -> Lots:
    return changed(view, [(share, -share.points) for share in shares])


def changed(view: AccountView, changes: Iterable[tuple[LotShare, int]]) -> Lots:
    lots = {lot.ordinal: lot for lot in view.lots}
    older = view.older_points
    border = (view.older_active_from or date.min, view.older_ordinal)
    for share, points in changes:
        if (share.active_from, share.ordinal) <= border:
            older += points
            continue
        before = lots.pop(share.ordinal, None)
        left = points + (before.points if before else 0)
        if left:
            # A lot is named after its order.
            lots[share.ordinal] = Lot(
                share.active_from, share.ordinal, share.lot_id, share.lot_id, left
            )
    in_order = sorted(lots.values())
    for lot in in_order[:-MAX_LOTS_SHOWN]:
        older, border = older + lot.points, (lot.active_from, lot.ordinal)
    return Lots(
        lots=tuple(in_order[-MAX_LOTS_SHOWN:]),
        older_points=older,
        older_active_from=border[0] if border[1] else None,
        older_ordinal=border[1],
    )


ACCOUNTS = ReadModel(
    "bonus.accounts",
    1,
    ("bonus",),
    AccountView,
    keys,
    project,
    lists=ListOptions(("customer",), ("user", "points_accrued", "points_owed")),
)
