"""Points that wait until their order is confirmed, shipped, or past its return period (S6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bonus.account.expiry import last_day
from bonus.account.state import Account
from zugabe_events.contracts.bonus import PointsScheduled
from zugabe_events.contracts.checkout import Moment, OfOrder
from zugabe_events.domain.calendar import day_of, german_date

MOMENTS: Sequence[Moment] = ("placed", "confirmed", "shipped", "return-period-over")
"""In their order: an order that came to one of them has passed those before."""

GERMAN: Mapping[Moment, str] = {
    "placed": "die Bestellung aufgegeben ist",
    "confirmed": "die Bestellung bestätigt ist",
    "shipped": "die Bestellung vollständig versandt ist",
    "return-period-over": "die Rückgabefrist abgelaufen ist",
}


@dataclass(frozen=True, slots=True)
class SchedulePoints:
    """An order came to a moment that its points may wait for."""

    order: OfOrder
    moment: Moment
    reached_at: datetime


def schedule_points(command: SchedulePoints, account: Account) -> list[PointsScheduled]:
    order = command.order
    booked = account.orders.get(order.order_id)
    if booked is None or booked.lot is None or booked.waits_for is None:
        return []
    if MOMENTS.index(command.moment) < MOMENTS.index(booked.waits_for):
        return []
    lot = booked.lot
    active_from = max(lot.active_from, day_of(command.reached_at))
    return [
        PointsScheduled(
            lot_id=lot.lot_id,
            ordinal=lot.ordinal,
            order_id=order.order_id,
            dealer=order.dealer,
            customer=order.customer,
            user=order.user,
            points=lot.points,
            settled=min(account.owed, lot.points),
            active_from=active_from,
            waited_for=booked.waits_for,
            reached_at=command.reached_at,
            active_until=last_day(active_from, booked.expires_after_months),
        )
    ]


def usable_text(active_from: date, waits_for: Moment | None) -> str:
    day = german_date(active_from)
    if waits_for is None:
        return f"Einlösbar ab {day}."
    return f"Einlösbar, sobald {GERMAN[waits_for]}, frühestens ab {day}."
