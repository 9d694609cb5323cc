"""Steps of an order: confirmed, shipped in parts, delivered, return period over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from checkout.fulfilment.refusals import (
    AllReturnedError,
    AllShippedError,
    Excess,
    LineUnknownError,
    NotShippedError,
    ShipmentExceedsError,
    shipment_id_taken,
)
from checkout.fulfilment.return_period import end_after
from checkout.fulfilment.state import Pieces, Placed
from zugabe_events.contracts.checkout import (
    OrderConfirmed,
    OrderDelivered,
    OrderShipped,
    ReturnPeriodEnded,
    Shipped,
)

type Step = OrderConfirmed | OrderShipped | OrderDelivered | ReturnPeriodEnded


@dataclass(frozen=True, slots=True)
class Confirm:
    at: datetime


@dataclass(frozen=True, slots=True)
class Ship:
    """Ship pieces by number of line or gift; None: all that is left."""

    shipment_id: str
    pieces: Mapping[int, int] | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Deliver:
    at: datetime


@dataclass(frozen=True, slots=True)
class EndReturnPeriod:
    """`now` comes from the timer, which fires after the end that it was set for."""

    now: datetime


def confirm(command: Confirm, order: Placed) -> Sequence[Step]:
    if order.is_confirmed:
        return []
    return [OrderConfirmed(**order.head.fields, confirmed_at=command.at)]


def ship(command: Ship, order: Placed) -> Sequence[Step]:
    """Shipping confirms the order."""
    if before := order.shipments.get(command.shipment_id):
        same = {one.number: one.quantity for one in before.lines}
        if command.pieces is not None and command.pieces != same:
            raise shipment_id_taken()
        return []
    if order.is_returned:
        raise AllReturnedError
    to_ship = {number: one.to_ship for number, one in pieces_of(order).items() if one.to_ship}
    if not to_ship:
        raise AllShippedError
    pieces = to_ship if command.pieces is None else command.pieces
    refuse_excess(pieces, to_ship, order)
    is_complete = all(pieces.get(number) == left for number, left in to_ship.items())
    return [
        *confirm(Confirm(command.at), order),
        OrderShipped(
            **order.head.fields,
            shipment_id=command.shipment_id,
            lines=tuple(Shipped(number, pieces[number]) for number in sorted(pieces)),
            is_complete=is_complete,
            shipped_at=command.at,
            return_ends_at=awaited_end(command.at, order) if is_complete else None,
        ),
    ]


def refuse_excess(pieces: Mapping[int, int], to_ship: Mapping[int, int], order: Placed) -> None:
    for number in pieces:
        if number not in order.lines and number not in order.gifts:
            raise LineUnknownError(number)
    excesses = [
        Excess(number, asked, to_ship.get(number, 0))
        for number, asked in pieces.items()
        if asked > to_ship.get(number, 0)
    ]
    if excesses:
        raise ShipmentExceedsError(excesses)


def without_rest(order: Placed, shipment_id: str, at: datetime) -> Sequence[Step]:
    """The end of shipping, if a return has just taken back all that was still to be shipped."""
    if order.is_shipped or order.is_returned:
        return []
    if any(one.to_ship for one in pieces_of(order).values()):
        return []
    ends_at = order.return_ends_at if order.awaits_return_end else None
    return [
        OrderShipped(
            **order.head.fields,
            shipment_id=shipment_id,
            lines=(),
            is_complete=True,
            shipped_at=at,
            return_ends_at=ends_at,
        )
    ]


def pieces_of(order: Placed) -> Mapping[int, Pieces]:
    """Of lines and gifts, whose numbers differ."""
    of_lines = {number: line.pieces for number, line in order.lines.items()}
    return of_lines | {number: gift.pieces for number, gift in order.gifts.items()}


def awaited_end(at: datetime, order: Placed) -> datetime | None:
    """The end of a return period that begins now, if something waits for it."""
    return end_after(at, order.after_sales.return_days) if order.awaits_return_end else None


def deliver(command: Deliver, order: Placed) -> Sequence[Step]:
    """Delivery that is told after the end of the return period does not begin another one."""
    if order.is_delivered:
        return []
    if not order.is_shipped:
        raise NotShippedError(sum(one.to_ship for one in pieces_of(order).values()))
    ends_at = order.return_ends_at
    is_in_time = ends_at is not None and command.at < ends_at
    return [
        OrderDelivered(
            **order.head.fields,
            delivered_at=command.at,
            return_ends_at=awaited_end(command.at, order) if is_in_time else None,
        )
    ]


def end_return_period(command: EndReturnPeriod, order: Placed) -> Sequence[Step]:
    ends_at = order.return_ends_at
    is_over = ends_at is not None and command.now >= ends_at and order.is_shipped
    if not is_over or order.return_has_ended or order.is_returned:
        return []
    assert ends_at is not None, "it is over"
    return [ReturnPeriodEnded(**order.head.fields, ended_at=ends_at)]
