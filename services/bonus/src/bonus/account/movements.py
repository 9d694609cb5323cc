"""Read model of the movements of an account, one document each: the user's tab (BO-36).

Their points add up to the balance of the account.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from msgspec.structs import replace

from bonus.account.view import holder_of
from zugabe_events.contracts.bonus import (
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
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.money import euros
from zugabe_events.domain.projection import ListOptions, ReadModel

type MovementKind = Literal[
    "earned",
    "redeemed",
    "returned",
    "reversed",
    "expired",
    "forfeited",
    "credited",
    "debited",
    "let-off",
    "moved",
]


class Movement(Fact, frozen=True, kw_only=True):
    """`points` are below 0 when they went; `text` is German.

    Earned points count from `active_from` to `active_until`, which is null if they never expire;
    `waits` while they wait for their order. `at` is null for what was recorded without an instant.
    """

    dealer: str
    user: str
    kind: MovementKind
    at: datetime | None
    points: int
    text: str
    order_id: str = ""
    active_from: date | None = None
    active_until: date | None = None
    waits: bool = False


def keys(event: Event) -> Sequence[str]:
    name = name_of(event)
    return [f"{event.dealer}/{holder_of(event)}/{name}"] if name else []  # type: ignore[attr-defined, arg-type]


def name_of(event: Event) -> str | None:
    """The movement's name within its account, None for an event that is no movement."""
    match event:
        case PointsAccrued(lot_id=name) | PointsScheduled(lot_id=name):
            return f"earned/{name}"
        case RewardRedeemed(order_id=name):
            return f"redeemed/{name}"
        case RewardReturned(order_id=name, return_id=part):
            return f"returned/{name}/{part or ''}"
        case PointsReversed(order_id=name, return_id=part):
            return f"reversed/{name}/{part or ''}"
        case _:
            return name_without_order(event)


def name_without_order(event: Event) -> str | None:
    match event:
        case PointsForfeited(forfeited_at=at):
            return f"forfeited/{at.isoformat()}"
        case RewardReleased(hold_id=name, forfeited=points) if points:
            return f"forfeited/{name}"
        case ProgrammeLeft(left_at=at, let_off=points) if points:
            return f"let-off/{at.isoformat()}"
        case PointsExpired(expired_at=at):
            return f"expired/{at.isoformat()}"
        case PointsCredited(credit_id=name):
            return f"credited/{name}"
        case PointsDebited(correction_id=name):
            return f"debited/{name}"
        case PointsMovedOut() | PointsMovedIn() | DebtMovedOut() | DebtMovedIn() as moved:
            return f"moved/{moved.moved_at.isoformat()}/{moved.user}"
        case _:
            return None


def project(before: Movement | None, event: Event) -> Movement | None:
    match event:
        case PointsScheduled():
            return before and replace(
                before, active_from=event.active_from, active_until=event.active_until, waits=False
            )
        case PointsForfeited() | PointsExpired() if before is not None:
            return replace(before, points=before.points - event.points)
        case PointsMovedOut() | PointsMovedIn() | DebtMovedOut() | DebtMovedIn():
            return moved(before, event)
        case _:
            return of_order(event) or without_order(event)


def moved(
    before: Movement | None, event: PointsMovedOut | PointsMovedIn | DebtMovedOut | DebtMovedIn
) -> Movement:
    """Points between a user's own account and the one that their company shares (BO-33)."""
    comes = isinstance(event, PointsMovedIn | DebtMovedIn)
    sign = 1 if isinstance(event, PointsMovedIn | DebtMovedOut) else -1
    let_off = event.let_off if isinstance(event, DebtMovedIn) else 0
    points = sign * event.points + let_off
    if before is not None:
        return replace(before, points=before.points + points)
    return Movement(
        dealer=event.dealer,
        user=holder_of(event),
        kind="moved",
        at=event.moved_at,
        points=points,
        text=MOVED[comes, bool(event.pool)],
    )


MOVED = {
    (True, True): "Von einem Benutzer übernommen",
    (False, True): "An einen Benutzer zurückgegeben",
    (True, False): "Aus den gemeinsamen Punkten Ihres Unternehmens zurückerhalten",
    (False, False): "In die gemeinsamen Punkte Ihres Unternehmens übertragen",
}
"""Sentences by two facts: the points come in, and the account is the shared one."""


def of_order(event: Event) -> Movement | None:
    match event:
        case PointsAccrued():
            day = german_date(day_of(event.placed_at))
            return Movement(
                dealer=event.dealer,
                user=event.user,
                kind="earned",
                at=event.placed_at,
                points=event.points,
                text=f"{order(event.order_number)} vom {day}",
                order_id=event.order_id,
                active_from=event.active_from,
                active_until=event.active_until,
                waits=event.waits_for is not None,
            )
        case RewardRedeemed():
            return Movement(
                dealer=event.dealer,
                user=holder_of(event),
                kind="redeemed",
                at=event.redeemed_at,
                points=-event.points,
                text=f"Prämie: {euros(event.discount_cents)} Rabatt, {order(event.order_number)}",
                order_id=event.order_id,
            )
        case RewardReturned():
            return Movement(
                dealer=event.dealer,
                user=holder_of(event),
                kind="returned",
                at=event.returned_at,
                points=event.points,
                text=f"Prämie zurückgegeben: {undone(event)}",
                order_id=event.order_id,
            )
        case PointsReversed():
            return Movement(
                dealer=event.dealer,
                user=event.user,
                kind="reversed",
                at=event.reversed_at,
                points=event.let_off - event.points,
                text=f"Punkte zurückgebucht: {undone(event)}",
                order_id=event.order_id,
            )
        case _:
            return None


def without_order(event: Event) -> Movement | None:
    match event:
        case PointsForfeited():
            said = ("forfeited", event.forfeited_at, -event.points, "Abmeldung vom Bonusprogramm")
        case RewardReleased():
            text = "Reservierte Punkte nach der Abmeldung gelöscht"
            said = ("forfeited", event.ended_at, -event.forfeited, text)
        case ProgrammeLeft():
            said = ("let-off", event.left_at, event.let_off, "Geschuldete Punkte erlassen")
        case PointsExpired():
            said = ("expired", event.expired_at, -event.points, "Punkte verfallen")
        case PointsDebited():
            said = ("debited", event.debited_at, -event.points, f"Abzug: {event.reason}")
        case PointsCredited():
            return credited(event)
        case _:
            return None
    kind, at, points, text = said
    return Movement(
        dealer=event.dealer,
        user=holder_of(event),
        kind=kind,  # type: ignore[arg-type]
        at=at,
        points=points,
        text=text,
    )


def credited(event: PointsCredited) -> Movement:
    opening = event.origin == "opening-balance"
    return Movement(
        dealer=event.dealer,
        user=event.user,
        kind="credited",
        at=event.credited_at,
        points=event.points,
        text="Übernommener Punktestand" if opening else f"Gutschrift: {event.reason}",
        active_from=event.active_from,
        active_until=event.active_until,
    )


def order(number: str) -> str:
    return f"Bestellung {number}" if number else "Bestellung"


def undone(event: RewardReturned | PointsReversed) -> str:
    if event.return_id is None:
        return f"{order(event.order_number)} storniert"
    return f"Rückgabe aus {order(event.order_number)}"


MOVEMENTS = ReadModel(
    "bonus.movements",
    2,
    ("bonus",),
    Movement,
    keys,
    project,
    lists=ListOptions(("user", "kind"), ("at",)),
    gathers=0.5,
)
