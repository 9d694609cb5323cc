"""Opening balances of the system before, as lots, and the terms that users accepted there (X-30).

A repeated import changes nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bonus.account.shown_lots import CREDIT
from bonus.account.state import Account
from zugabe_events.contracts.bonus import PointsCredited, ProgrammeTextsAccepted


@dataclass(frozen=True, slots=True)
class OpeningLot:
    """Points that count from one day to the end of another, None if they never expire."""

    points: int
    active_from: date
    active_until: date | None

    @property
    def id(self) -> str:
        """One lot per user and validity."""
        until = self.active_until.isoformat() if self.active_until else "open"
        return f"opening.{self.active_from.isoformat()}.{until}"


@dataclass(frozen=True, slots=True)
class OpenBalance:
    """`accepted_at` is when the user accepted the terms there, None if they have not."""

    dealer: str
    customer: str
    user: str
    lots: tuple[OpeningLot, ...]
    accepted_at: datetime | None
    by: str
    at: datetime


def open_balance(
    command: OpenBalance, account: Account
) -> list[PointsCredited | ProgrammeTextsAccepted]:
    """Lots that are there already stay as they are."""
    events: list[PointsCredited | ProgrammeTextsAccepted] = []
    if command.accepted_at is not None and not account.accepted and not account.has_left:
        events.append(accepted(command, command.accepted_at))
    owed, ordinal = account.owed, account.accrued
    for lot in command.lots:
        if lot.id in account.credits or account.has_left:
            continue
        ordinal += 1
        settled = min(owed, lot.points)
        owed -= settled
        events.append(credited(command, lot, ordinal, settled))
    return events


def accepted(command: OpenBalance, at: datetime) -> ProgrammeTextsAccepted:
    """It names no versions: the texts there were others."""
    return ProgrammeTextsAccepted(
        command.dealer, command.customer, command.user, (), at, imported_at=command.at
    )


def credited(command: OpenBalance, lot: OpeningLot, ordinal: int, settled: int) -> PointsCredited:
    return PointsCredited(
        credit_id=lot.id,
        origin="opening-balance",
        lot_id=f"{CREDIT}{lot.id}",
        ordinal=ordinal,
        dealer=command.dealer,
        customer=command.customer,
        user=command.user,
        points=lot.points,
        settled=settled,
        active_from=lot.active_from,
        active_until=lot.active_until,
        reason="",
        credited_by=command.by,
        consented_by="",
        credited_at=command.at,
    )
