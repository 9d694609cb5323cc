"""Points and debts move between the accounts of users and the one that they share (BO-33).

Each move is an event in the account that they leave, which names every lot, and one that follows
in the account they come to. The shared account numbers lots anew, and knows where each came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched, islice

import msgspec

from bonus.account.origins import owed_by
from bonus.account.state import Account
from bonus.pool.decider import Pool
from zugabe_events.contracts.bonus import (
    ClawBack,
    DebtMovedIn,
    DebtMovedOut,
    LotShare,
    PointsForfeited,
    PointsMovedIn,
    PointsMovedOut,
)
from zugabe_events.domain.calendar import day_of

MAX_LOTS_MOVED = 2_000
"""Lots in one event; more of them move by several events of one commit."""
MAX_LOTS_AT_ONCE = 10_000
"""Lots in one commit out of a user's account; the policy moves the others after them."""
MAX_SHARED_AT_ONCE = 5_000
"""Lots in one commit out of a shared account, whose events name each lot twice."""


@dataclass(frozen=True, slots=True)
class MoveOut:
    """An account has points that belong elsewhere.

    `user` is whose account it is, or "" for the shared one. `lot_id` is the lot whose points were
    taken back before, if any, and `owed` those of them that nothing paid for yet.
    """

    dealer: str
    customer: str
    user: str
    pool: Pool
    at: datetime
    lot_id: str = ""
    owed: int = 0


@dataclass(frozen=True, slots=True)
class MoveIn:
    moved: PointsMovedOut


@dataclass(frozen=True, slots=True)
class MoveDebtIn:
    """`pool` is that of the customer now."""

    moved: DebtMovedOut
    pool: Pool


def move_out(command: MoveOut, account: Account) -> Iterator[PointsMovedOut | DebtMovedOut]:
    """From users while points are pooled, and back to each when not. Repeatable."""
    match bool(command.user), command.pool.is_pooled:
        case True, True:
            yield from of_user(command, account)
        case True, False:
            yield from to_settle(command, account)
        case False, False:
            yield from of_pool(command, account)
        case _:
            return


def of_user(command: MoveOut, account: Account) -> Iterator[PointsMovedOut | DebtMovedOut]:
    """Not if the user has come to another company meanwhile."""
    if account.customer not in ("", command.customer):
        return
    for some in batched(first(account, MAX_LOTS_AT_ONCE), MAX_LOTS_MOVED):
        yield moved_out(command, command.user, some, ())
    if account.owed:
        booked = account.orders.get(command.lot_id)
        claw_back = booked.claw_back if booked else "negative"
        yield debt_moved_out(command, command.user, account.owed, claw_back)


def to_settle(command: MoveOut, account: Account) -> Iterator[DebtMovedOut]:
    """A debt follows the points that would pay for it, if it may then be let off (X-4).

    It comes back behind those of them that come back.
    """
    booked = account.orders.get(command.lot_id)
    points = min(command.owed, account.owed)
    if booked is None or not booked.away or not points:
        return
    if booked.claw_back != "negative" or account.has_left:
        yield debt_moved_out(command, command.user, points, booked.claw_back)


def of_pool(command: MoveOut, account: Account) -> Iterator[PointsMovedOut | DebtMovedOut]:
    by_user: dict[str, list[tuple[LotShare, LotShare]]] = {}
    for lot in first(account, MAX_SHARED_AT_ONCE):
        if origin := account.origins.of(lot):
            own = msgspec.structs.replace(origin.own, points=lot.points)
            by_user.setdefault(origin.user, []).append((lot, own))
    for user, lots in by_user.items():
        for some in batched(lots, MAX_LOTS_MOVED):
            shared, own_lots = zip(*some, strict=True)
            yield moved_out(command, user, shared, own_lots)
    for user, points in owed_by(account.debtors, account.owed):
        yield debt_moved_out(command, user, points)


def first(account: Account, most: int) -> Iterator[LotShare]:
    return islice((lot for page in account.lots.pages for lot in page.lots), most)


def moved_out(
    command: MoveOut, user: str, lots: tuple[LotShare, ...], own_lots: tuple[LotShare, ...]
) -> PointsMovedOut:
    return PointsMovedOut(
        dealer=command.dealer,
        customer=command.customer,
        user=user,
        pool="" if command.user else command.customer,
        points=sum(lot.points for lot in lots),
        lots=lots,
        own_lots=own_lots,
        moved_at=command.at,
    )


def debt_moved_out(
    command: MoveOut, user: str, points: int, claw_back: ClawBack = "negative"
) -> DebtMovedOut:
    return DebtMovedOut(
        dealer=command.dealer,
        customer=command.customer,
        user=user,
        pool="" if command.user else command.customer,
        points=points,
        lot_id=command.lot_id,
        moved_at=command.at,
        claw_back=claw_back,
    )


def move_in(command: MoveIn, account: Account) -> Iterator[PointsMovedIn | PointsForfeited]:
    """Points that come back to a user who has left the programme since are forfeited (BO-46).

    Also if they have joined it again, from zero.
    """
    moved_in = came_in(command.moved, account)
    yield moved_in
    if moved_in.pool:
        return
    lost = (lot for lot in moved_in.lots if account.has_left or is_left_behind(lot, account))
    if lots := tuple(lot for lot in lost if lot.points):
        yield PointsForfeited(
            dealer=moved_in.dealer,
            customer=moved_in.customer,
            user=moved_in.user,
            points=sum(lot.points for lot in lots),
            lots=lots,
            waiting=(),
            forfeited_at=moved_in.moved_at,
        )


def is_left_behind(lot: LotShare, account: Account) -> bool:
    return lot.ordinal <= account.left_behind


def came_in(moved: PointsMovedOut, account: Account) -> PointsMovedIn:
    """Debts are paid first, by the oldest of the points that come in and are the user's again."""
    own_lots = moved.own_lots if moved.pool else moved.lots
    arriving = own_lots if moved.pool else tuple(numbered(moved, account))
    lost = {lot.ordinal for lot in own_lots if moved.pool and is_left_behind(lot, account)}
    usable = sum(lot.points for lot in arriving if lot.ordinal not in lost)
    settled = min(account.owed, usable)
    lots, due = [], settled
    for lot in arriving:
        paid = 0 if lot.ordinal in lost else min(due, lot.points)
        due -= paid
        lots.append(msgspec.structs.replace(lot, points=lot.points - paid))
    return PointsMovedIn(
        dealer=moved.dealer,
        customer=moved.customer,
        user=moved.user,
        pool="" if moved.pool else moved.customer,
        points=moved.points,
        settled=settled,
        lots=tuple(lots),
        own_lots=() if moved.pool else own_lots,
        moved_at=moved.moved_at,
    )


def numbered(moved: PointsMovedOut, account: Account) -> Iterator[LotShare]:
    """A user's lots as the shared account numbers them: one that was here before, as it was."""
    ordinal = account.accrued
    for own in moved.lots:
        if origin := account.origins.find(moved.user, own.lot_id):
            yield msgspec.structs.replace(origin.lot, points=own.points)
            continue
        ordinal += 1
        yield msgspec.structs.replace(own, ordinal=ordinal)


def move_debt_in(
    command: MoveDebtIn, account: Account
) -> Iterator[PointsMovedOut | DebtMovedOut | DebtMovedIn]:
    """The lot whose points were taken back pays, then the others that the terms name (X-4).

    If the points are not shared any more, they go back to their users, and the debt behind them.
    Nothing is owed by who has left the programme.
    """
    moved = command.moved
    if not moved.pool and not command.pool.is_pooled:
        back = MoveOut(moved.dealer, moved.customer, "", command.pool, moved.moved_at, moved.lot_id)
        yield from of_pool(replace(back, lot_id=""), account)
        yield came_as_debt(moved, (), is_owed=True)
        yield debt_moved_out(back, moved.user, moved.points, moved.claw_back)
        return
    taken = paying(moved, account)
    is_owed = moved.claw_back == "negative" and not (moved.pool and account.has_left)
    yield came_as_debt(moved, taken, is_owed=is_owed)


def came_as_debt(moved: DebtMovedOut, taken: tuple[LotShare, ...], *, is_owed: bool) -> DebtMovedIn:
    missing = moved.points - sum(share.points for share in taken)
    return DebtMovedIn(
        dealer=moved.dealer,
        customer=moved.customer,
        user=moved.user,
        pool="" if moved.pool else moved.customer,
        points=moved.points,
        lot_id=moved.lot_id,
        lots=taken,
        owed=missing if is_owed else 0,
        moved_at=moved.moved_at,
        let_off=0 if is_owed else missing,
    )


def lot_of(moved: DebtMovedOut, account: Account) -> LotShare | None:
    """The lot, in this account, whose points were taken back."""
    if not moved.pool:
        origin = account.origins.find(moved.user, moved.lot_id)
        return origin.lot if origin else None
    lots = (lot for page in account.lots.pages for lot in page.lots)
    return next((lot for lot in lots if lot.lot_id == moved.lot_id), None)


def paying(moved: DebtMovedOut, account: Account) -> tuple[LotShare, ...]:
    lot = lot_of(moved, account)
    own = min(moved.points, account.lots.left_in(lot)) if lot else 0
    shares = (msgspec.structs.replace(lot, points=own),) if lot and own else ()
    others = account.lots.minus(shares)
    if moved.claw_back == "pending":
        return (*shares, *others.take_pending(moved.points - own, day_of(moved.moved_at)))
    return (*shares, *others.take(moved.points - own))
