"""Changes of the account that no order causes: texts, opt-out, expiry, corrections."""

from dataclasses import replace
from datetime import datetime

from immutables import Map

from bonus.account.state import Account, OtherEvent, lot_of, with_lot
from zugabe_events.contracts.bonus import (
    CorrectionProposed,
    CorrectionRejected,
    OptOutAsked,
    PointsCredited,
    PointsDebited,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsForfeited,
    ProgrammeLeft,
    ProgrammeRejoined,
    ProgrammeTextsAccepted,
)

MAX_ACCEPTED = 100
"""Acceptances that are remembered, the latest: an order is rarely heard of after so many."""

MAX_ALONE = 1_000
"""Corrections by one person that are remembered: more do not fit below their limit."""


def evolve_by_other(account: Account, event: OtherEvent) -> Account:
    match event:
        case ProgrammeTextsAccepted() | OptOutAsked() | ProgrammeLeft() | ProgrammeRejoined():
            return evolve_member(account, event)
        case PointsExpiryAnnounced():
            return replace(account, announced_until=event.announced_until)
        case PointsForfeited() | PointsExpired():
            return replace(account, lots=account.lots.minus(event.lots))
        case PointsCredited():
            counted = settled_correction(account, event.credit_id, event.points)
            by_hand = event.origin == "correction" and not event.consented_by
            counted = replace(
                counted,
                accrued=event.ordinal,
                customer=event.customer,
                alone=with_alone(account, event.credited_at, event.points * by_hand),
            )
            return with_lot(counted, lot_of(event), event.settled)
        case PointsDebited():
            counted = settled_correction(account, event.correction_id, -event.points)
            return replace(
                counted,
                lots=account.lots.minus(event.lots),
                owed=account.owed + event.owed,
                alone=with_alone(
                    account, event.debited_at, event.points * (not event.consented_by)
                ),
            )
        case CorrectionProposed():
            return replace(account, proposed=account.proposed.set(event.correction_id, event))
        case CorrectionRejected():
            return settled_correction(account, event.correction_id, 0)


def settled_correction(account: Account, correction_id: str, points: int) -> Account:
    proposed = account.proposed
    if correction_id in proposed:
        proposed = proposed.delete(correction_id)
    return replace(account, proposed=proposed, credits=account.credits.set(correction_id, points))


def with_alone(account: Account, at: datetime, points: int) -> tuple[tuple[datetime, int], ...]:
    return (*account.alone, (at, points))[-MAX_ALONE:] if points else account.alone


def evolve_member(
    account: Account,
    event: ProgrammeTextsAccepted | OptOutAsked | ProgrammeLeft | ProgrammeRejoined,
) -> Account:
    match event:
        case ProgrammeTextsAccepted():
            since = event.imported_at or event.accepted_at
            accepted = (*account.accepted, since)[-MAX_ACCEPTED:]
            return replace(account, accepted=accepted, accepted_texts=event.texts)
        case OptOutAsked():
            return replace(account, asked=event)
        case ProgrammeLeft():
            return left(account, event)
        case ProgrammeRejoined():
            return replace(account, has_left=False, joined_at=event.rejoined_at)


def left(account: Account, event: ProgrammeLeft) -> Account:
    """Orders stay known, so that none is booked again.

    They have nothing to undo but in the account that the company's users share (BO-33).
    """
    return replace(
        account,
        owed=account.owed - event.let_off,
        orders=Map((name, booked.after_leaving()) for name, booked in account.orders.items()),
        youngest=None,
        accepted=(),
        accepted_texts=(),
        asked=None,
        has_left=True,
        voided=frozenset(event.holds),
        left_behind=account.accrued,
    )
