"""The end of a programme: deactivated, in its run-off, and closed (BO-12)."""

from dataclasses import dataclass
from datetime import datetime

from bonus.programme.run_off import run_off_until
from bonus.programme.versions import Active, Closed, Draft, Programme, RunOff
from zugabe_events.contracts.bonus import ProgrammeClosed, ProgrammeDeactivated
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.german_numbers import thousands

MAX_COUNTED = 1_000
"""Accounts with points that a refusal counts."""


@dataclass(frozen=True, slots=True)
class Deactivate:
    dealer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Close:
    """Close a programme before the end of its run-off.

    `holders` are the accounts with points, counted up to one more than `MAX_COUNTED`.
    """

    dealer: str
    holders: int
    at: datetime


@dataclass(frozen=True, slots=True)
class EndRunOff:
    """Close a programme whose run-off is over, if there is one."""

    dealer: str
    at: datetime


class ProgrammeNotDeactivatedError(RefusedError):
    code = "programme-not-deactivated"


class ProgrammeNeverActiveError(RefusedError):
    code = "programme-never-active"


class PointsLeftError(RefusedError):
    code = "points-left"


def deactivate(command: Deactivate, programme: Programme) -> list[ProgrammeDeactivated]:
    match programme:
        case RunOff() | Closed():
            return []
        case Draft():
            raise ProgrammeNeverActiveError("Das Bonusprogramm ist nicht aktiv.")
        case Active():
            until = run_off_until(command.at)
            return [ProgrammeDeactivated(command.dealer, programme.version + 1, until, command.at)]


def close(command: Close, programme: Programme) -> list[ProgrammeClosed]:
    match programme:
        case Closed():
            return []
        case Draft() | Active():
            raise ProgrammeNotDeactivatedError(
                "Abgeschaltet werden kann nur ein Bonusprogramm, das deaktiviert ist."
            )
        case RunOff(run_off_until=last) if command.holders:
            raise PointsLeftError(
                f"{holders_text(command.holders)} noch Punkte und das Recht, sie bis zum"
                f" {german_date(last)} einzulösen.",
                holders=command.holders,
                run_off_until=last.isoformat(),
            )
        case RunOff():
            return [ProgrammeClosed(command.dealer, programme.version + 1, command.at)]


def holders_text(holders: int) -> str:
    if holders > MAX_COUNTED:
        return f"Mehr als {thousands(MAX_COUNTED)} Benutzer haben"
    return "1 Benutzer hat" if holders == 1 else f"{thousands(holders)} Benutzer haben"


def end_run_off(command: EndRunOff, programme: Programme) -> list[ProgrammeClosed]:
    if isinstance(programme, RunOff) and is_over(programme, command.at):
        return [ProgrammeClosed(command.dealer, programme.version + 1, command.at)]
    return []


def is_over(programme: Programme, at: datetime) -> bool:
    """Closed, or about to be by its timer."""
    match programme:
        case Closed():
            return True
        case RunOff(run_off_until=last):
            return day_of(at) > last
        case Draft() | Active():
            return False
