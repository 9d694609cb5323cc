"""The lots of an account as its read model shows them: a bounded number, and a sum of the rest."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from msgspec.structs import replace

from zugabe_events.contracts.bonus import (
    LotShare,
    PointsAccrued,
    PointsCredited,
    PointsForfeited,
    PointsReversed,
    PointsScheduled,
)
from zugabe_events.contracts.checkout import Moment
from zugabe_events.domain.event import Fact

MAX_LOTS_SHOWN = 200
"""Lots shown individually; older ones are one sum, so that an account stays a small document."""


CREDIT = "credit:"
"""Begins the ids of lots that no order earned; no order's id has a colon."""


class Lot(Fact, frozen=True, order=True):
    """The points of one order that are left; in order of the first fields.

    `order_id` is "" for points that no order earned. Points that expire count to the end of the day
    `active_until`.
    """

    active_from: date
    ordinal: int
    lot_id: str
    order_id: str
    points: int
    active_until: date | None = None

    def is_over(self, day: date) -> bool:
        return self.active_until is not None and self.active_until < day


class WaitingLot(Fact, frozen=True):
    """The points of one order that are left and wait for it; `earliest` is their first day."""

    order_id: str
    points: int
    waits_for: Moment
    earliest: date


class ShownLots(Fact, frozen=True, kw_only=True):
    """Lots older than those shown were active by `older_active_from`.

    Of those that wait, only the latest are shown.
    """

    lots: tuple[Lot, ...] = ()
    older_points: int = 0
    older_active_from: date | None = None
    older_ordinal: int = 0
    waiting: tuple[WaitingLot, ...] = ()


class LotFields(TypedDict, total=False):
    """The fields of an account that change with its lots."""

    lots: tuple[Lot, ...]
    older_points: int
    older_active_from: date | None
    older_ordinal: int
    waiting: tuple[WaitingLot, ...]


def earned(shown: ShownLots, event: PointsAccrued) -> LotFields:
    if event.waits_for is None:
        return with_lot(shown, event)
    lot = WaitingLot(event.order_id, event.points, event.waits_for, event.active_from)
    return LotFields(waiting=(*shown.waiting, lot)[-MAX_LOTS_SHOWN:])


def scheduled(shown: ShownLots, event: PointsScheduled) -> LotFields:
    return {**with_lot(shown, event), **without_waiting(shown, event.order_id, event.points)}


def taken_back(shown: ShownLots, event: PointsReversed) -> LotFields:
    taken = emptied(shown, event.lots)
    if not event.waiting:
        return taken
    return {**taken, **without_waiting(shown, event.order_id, event.waiting)}


def forfeited(shown: ShownLots, event: PointsForfeited) -> LotFields:
    named = {lot.lot_id for lot in event.waiting}
    waiting = tuple(lot for lot in shown.waiting if lot.order_id not in named)
    return {**emptied(shown, event.lots), "waiting": waiting}


def credited(shown: ShownLots, event: PointsCredited) -> LotFields:
    return with_lot(shown, event)


def with_lot(
    shown: ShownLots, event: PointsAccrued | PointsScheduled | PointsCredited
) -> LotFields:
    left = event.points - event.settled
    lot = LotShare(event.lot_id, left, event.active_from, event.ordinal, event.active_until)
    return filled(shown, [lot] if left else [])


def without_waiting(shown: ShownLots, order_id: str, points: int) -> LotFields:
    less = (
        replace(lot, points=lot.points - points) if lot.order_id == order_id else lot
        for lot in shown.waiting
    )
    return LotFields(waiting=tuple(lot for lot in less if lot.points > 0))


def filled(shown: ShownLots, shares: Iterable[LotShare]) -> LotFields:
    return changed(shown, [(share, share.points) for share in shares])


def emptied(shown: ShownLots, shares: Iterable[LotShare]) -> LotFields:
    return changed(shown, [(share, -share.points) for share in shares])


def order_of(share: LotShare) -> str:
    """A lot is named after its order, if it has one."""
    return "" if share.lot_id.startswith(CREDIT) else share.lot_id


def changed(shown: ShownLots, changes: Iterable[tuple[LotShare, int]]) -> LotFields:
    lots = {lot.ordinal: lot for lot in shown.lots}
    older = shown.older_points
    border = (shown.older_active_from or date.min, shown.older_ordinal)
    for share, points in changes:
        if (share.active_from, share.ordinal) <= border:
            older += points
            continue
        before = lots.pop(share.ordinal, None)
        left = points + (before.points if before else 0)
        if left:
            lots[share.ordinal] = Lot(
                share.active_from,
                share.ordinal,
                share.lot_id,
                order_of(share),
                left,
                share.active_until,
            )
    in_order = sorted(lots.values())
    for lot in in_order[:-MAX_LOTS_SHOWN]:
        older, border = older + lot.points, (lot.active_from, lot.ordinal)
    return LotFields(
        lots=tuple(in_order[-MAX_LOTS_SHOWN:]),
        older_points=older,
        older_active_from=border[0] if border[1] else None,
        older_ordinal=border[1],
    )
