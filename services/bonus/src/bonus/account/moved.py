"""Changes of the account when points move between users and the account that they share."""

from collections.abc import Iterable
from dataclasses import replace

from bonus.account.book import Book
from bonus.account.lots import place_of
from bonus.account.state import Account, MoveEvent, debtors_with
from zugabe_events.contracts.bonus import (
    DebtMovedIn,
    DebtMovedOut,
    LotShare,
    PointsMovedIn,
    PointsMovedOut,
)


def evolve_by_move(account: Account, event: MoveEvent) -> Account:
    match event:
        case PointsMovedOut():
            orders = account.orders if event.pool else gone(account.orders, event.lots)
            return replace(account, lots=account.lots.minus(event.lots), orders=orders)
        case PointsMovedIn():
            return with_points(account, event)
        case DebtMovedOut():
            return replace(account, owed=account.owed - event.points)
        case DebtMovedIn():
            return replace(
                account,
                lots=account.lots.minus(event.lots),
                owed=account.owed + event.owed,
                origins=account.origins.with_debt(event) if event.pool else account.origins,
                debtors=debtors_with(account, event.user, event.owed) if event.pool else (),
            )


def with_points(account: Account, event: PointsMovedIn) -> Account:
    lots = account.lots.plus(event.lots)
    youngest = max(event.lots, key=place_of)
    if account.youngest is not None and place_of(account.youngest) > place_of(youngest):
        youngest = account.youngest
    present = [lots.left_in(lot) for lot in event.lots]
    return replace(
        account,
        lots=lots,
        owed=account.owed - event.settled,
        youngest=youngest,
        accrued=max(account.accrued, *(lot.ordinal for lot in event.lots)),
        origins=account.origins.with_points(event, present) if event.pool else account.origins,
        orders=account.orders if event.pool else come_home(account, event.lots),
    )


def gone(orders: Book, lots: Iterable[LotShare]) -> Book:
    changed = orders.mutate()
    for lot in lots:
        if booked := changed.get(lot.lot_id):
            changed[lot.lot_id] = replace(booked, away=booked.away + lot.points)
    return changed.finish()


def come_home(account: Account, lots: Iterable[LotShare]) -> Book:
    """Points that come back to a user who has left are forfeited, and none of it can be undone."""
    changed = account.orders.mutate()
    for lot in lots:
        if booked := changed.get(lot.lot_id):
            booked = replace(booked, away=max(0, booked.away - lot.points))
            is_lost = lot.ordinal <= account.left_behind
            changed[lot.lot_id] = booked.with_less(lot.points) if is_lost else booked
    return changed.finish()
