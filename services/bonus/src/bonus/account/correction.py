"""Corrections by hand: a credit or a debit with its reason, above a limit with a second person.

The limit counts what was corrected without one in the last 30 days, so that many small corrections
need a second person as one large one does.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bonus.account.lots import MAX_LOTS_TAKEN
from bonus.account.opt_out import ProgrammeLeftError
from bonus.account.shown_lots import CREDIT
from bonus.account.state import Account
from bonus.programme.points import points_text
from zugabe_events.contracts.bonus import (
    CorrectionProposed,
    CorrectionRejected,
    PointsCredited,
    PointsDebited,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError

MAX_ALONE = 1_000
"""Points of an account that are corrected without a second person within `ALONE_SPAN`."""
ALONE_SPAN = timedelta(days=30)

type CorrectionEvent = CorrectionProposed | CorrectionRejected | PointsCredited | PointsDebited


@dataclass(frozen=True, slots=True)
class Correct:
    """`points` below 0 are a debit. Points that are credited count to the end of `active_until`.

    `shared` is the account that the customer's users share, None while they do not. It pays for
    what the user's own account, from which its points move on, does not have (BO-33).
    """

    correction_id: str
    dealer: str
    customer: str
    user: str
    points: int
    reason: str
    by: str
    at: datetime
    active_until: date | None = None
    shared: Account | None = None


@dataclass(frozen=True, slots=True)
class ConsentToCorrection:
    """`active_until` and `shared` as for `Correct`."""

    correction_id: str
    by: str
    at: datetime
    active_until: date | None = None
    shared: Account | None = None


@dataclass(frozen=True, slots=True)
class RejectCorrection:
    correction_id: str
    by: str
    at: datetime


class PointsMissingError(RefusedError):
    """There are fewer points to take than the debit says."""

    code = "points-missing"


class SamePersonError(RefusedError):
    """The person who proposed a correction cannot consent to it."""

    code = "same-person"


class CorrectionRejectedError(RefusedError):
    code = "correction-rejected"


class CorrectionBookedError(RefusedError):
    code = "correction-booked"


def correct(command: Correct, account: Account) -> list[CorrectionEvent]:
    """A repeat finds what was booked or proposed."""
    known = account.credits.get(command.correction_id)
    proposed = account.proposed.get(command.correction_id)
    if known is not None or proposed is not None:
        if command.points not in (known, proposed and proposed.points):
            raise InvalidError(
                "Unter dieser Kennung gibt es schon eine andere Korrektur.",
                code="correction-differs",
            )
        return []
    if alone_since(account, command.at) + abs(command.points) <= MAX_ALONE:
        return [booked(command, "", account)]
    check_possible(command, account)
    return [
        CorrectionProposed(
            correction_id=command.correction_id,
            dealer=command.dealer,
            customer=command.customer,
            user=command.user,
            points=command.points,
            reason=command.reason,
            proposed_by=command.by,
            proposed_at=command.at,
        )
    ]


def alone_since(account: Account, at: datetime) -> int:
    return sum(points for since, points in account.alone if at - since < ALONE_SPAN)


def consent(command: ConsentToCorrection, account: Account) -> list[CorrectionEvent]:
    proposed = account.proposed.get(command.correction_id)
    if proposed is None:
        known = account.credits.get(command.correction_id)
        if known is None:
            raise NotFoundError("Diese Korrektur gibt es nicht.")
        if known == 0:
            raise CorrectionRejectedError("Diese Korrektur ist abgelehnt worden.")
        return []
    if command.by == proposed.proposed_by:
        raise SamePersonError("Einer Korrektur stimmt eine zweite Person zu.")
    correction = Correct(
        correction_id=proposed.correction_id,
        dealer=proposed.dealer,
        customer=proposed.customer,
        user=proposed.user,
        points=proposed.points,
        reason=proposed.reason,
        by=proposed.proposed_by,
        at=command.at,
        active_until=command.active_until,
        shared=command.shared,
    )
    return [booked(correction, command.by, account)]


def reject(command: RejectCorrection, account: Account) -> list[CorrectionEvent]:
    proposed = account.proposed.get(command.correction_id)
    if proposed is not None:
        return [
            CorrectionRejected(
                proposed.correction_id, proposed.dealer, proposed.user, command.by, command.at
            )
        ]
    known = account.credits.get(command.correction_id)
    if known is None:
        raise NotFoundError("Diese Korrektur gibt es nicht.")
    if known:
        raise CorrectionBookedError("Diese Korrektur ist schon gebucht.")
    return []


def check_possible(command: Correct, account: Account) -> None:
    points, shared = command.points, command.shared
    if points > 0 and account.has_left:
        raise ProgrammeLeftError("Der Benutzer hat sich vom Bonusprogramm abgemeldet.")
    takes = taken(account, max(0, -points))
    if shared is not None:
        takes += taken(shared, max(0, -points - takes))
    if takes < -points:
        many = account.lots.points + (shared.lots.points if shared else 0) > takes
        spread = f" aus {MAX_LOTS_TAKEN:,} Bestellungen".replace(",", ".") if many else ""
        raise PointsMissingError(
            f"Es gibt höchstens {points_text(takes)}{spread}, die abgezogen werden können.",
            available_points=takes,
            missing_points=-points - takes,
        )


def taken(account: Account, points: int) -> int:
    return sum(lot.points for lot in account.lots.take(points))


def booked(command: Correct, second: str, account: Account) -> PointsCredited | PointsDebited:
    check_possible(command, account)
    if command.points > 0:
        return PointsCredited(
            credit_id=command.correction_id,
            origin="correction",
            lot_id=f"{CREDIT}{command.correction_id}",
            ordinal=account.accrued + 1,
            dealer=command.dealer,
            customer=command.customer,
            user=command.user,
            points=command.points,
            settled=min(account.owed, command.points),
            active_from=day_of(command.at),
            active_until=command.active_until,
            reason=command.reason,
            credited_by=command.by,
            consented_by=second,
            credited_at=command.at,
        )
    lots = account.lots.take(-command.points)
    return PointsDebited(
        correction_id=command.correction_id,
        dealer=command.dealer,
        customer=command.customer,
        user=command.user,
        points=-command.points,
        lots=lots,
        reason=command.reason,
        debited_by=command.by,
        consented_by=second,
        debited_at=command.at,
        owed=-command.points - sum(lot.points for lot in lots),
    )
