"""A dealer's bonus programme: terms, rewards, promotions, activation, and its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from bonus.programme.entries import OfEntries, change_entries, redeemable_rewards
from bonus.programme.run_off import run_off_until
from bonus.programme.terms import is_worse
from bonus.programme.versions import (
    Active,
    Closed,
    Draft,
    Programme,
    ProgrammeEvent,
    RunOff,
    Versions,
    evolve,
)
from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeClosed,
    ProgrammeDeactivated,
    ProgrammeSetUp,
    ProgrammeTerms,
)
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.german_numbers import thousands

MAX_COUNTED = 1_000
"""Accounts with points that a refusal counts."""


@dataclass(frozen=True, slots=True)
class SetTerms:
    """In force from `at` on, as every change of a programme."""

    dealer: str
    terms: ProgrammeTerms
    at: datetime


@dataclass(frozen=True, slots=True)
class Activate:
    """Activate a programme, also again during its run-off."""

    dealer: str
    at: datetime


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


type Change = SetTerms | OfEntries | Activate | Deactivate | Close
type Command = Change | EndRunOff


class IncompleteError(RefusedError):
    code = "programme-incomplete"


class ProgrammeClosedError(RefusedError):
    code = "programme-closed"


class ProgrammeNotDeactivatedError(RefusedError):
    code = "programme-not-deactivated"


class ProgrammeNeverActiveError(RefusedError):
    code = "programme-never-active"


class PointsLeftError(RefusedError):
    code = "points-left"


def decide(command: Command, versions: Versions) -> Sequence[ProgrammeEvent]:
    """A change follows all before it, even if clocks of two processes differ."""
    programme = versions.present
    command = replace(command, at=max(command.at, programme.effective_at))
    if isinstance(command, EndRunOff):
        return end_run_off(command, programme)
    if is_over(programme, command.at):
        if isinstance(command, Close | Deactivate):
            return []
        raise ProgrammeClosedError("Dieses Bonusprogramm ist endgültig abgeschaltet.")
    if isinstance(command, OfEntries):
        return change_entries(command, versions)
    match command:
        case SetTerms():
            return set_terms(command, programme)
        case Activate():
            return activate(command, programme)
        case Deactivate():
            return deactivate(command, programme)
        case Close():
            return close(command, programme)


def set_terms(command: SetTerms, programme: Programme) -> list[ProgrammeEvent]:
    if command.terms == programme.terms:
        return []
    return [
        ProgrammeSetUp(
            command.dealer,
            programme.version + 1,
            command.terms,
            command.at,
            is_worse=not isinstance(programme, Draft) and is_worse(programme.terms, command.terms),
        )
    ]


type Part = Literal["terms", "rewards"]

GERMAN: Mapping[Part, str] = {"terms": "die Bedingungen", "rewards": "mindestens eine Prämie"}


def activate(command: Activate, programme: Programme) -> list[ProgrammeEvent]:
    match programme:
        case Active() | Closed():
            return []
        case Draft() | RunOff():
            if missing := missing_parts(programme, day_of(command.at)):
                parts = " und ".join(GERMAN[part] for part in missing)
                verb = "fehlt" if missing == ["rewards"] else "fehlen"
                detail = f"Das Programm ist noch nicht vollständig: Es {verb} {parts}."
                raise IncompleteError(detail, missing=",".join(missing))
            return [ProgrammeActivated(command.dealer, programme.version + 1, command.at)]


def missing_parts(programme: Draft | RunOff, day: date) -> list[Part]:
    """The parts that activation still needs (BO-10)."""
    missing: list[Part] = []
    if programme.terms is None:
        missing.append("terms")
    if not redeemable_rewards(programme, day):
        missing.append("rewards")
    return missing


def deactivate(command: Deactivate, programme: Programme) -> list[ProgrammeEvent]:
    match programme:
        case RunOff() | Closed():
            return []
        case Draft():
            raise ProgrammeNeverActiveError("Das Bonusprogramm ist nicht aktiv.")
        case Active():
            until = run_off_until(command.at)
            return [ProgrammeDeactivated(command.dealer, programme.version + 1, until, command.at)]


def close(command: Close, programme: Programme) -> list[ProgrammeEvent]:
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


def end_run_off(command: EndRunOff, programme: Programme) -> list[ProgrammeEvent]:
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


PROGRAMME_DECIDER: Decider[Command, Versions, ProgrammeEvent] = Decider(
    "programme", Versions(), decide, evolve
)


def programme_history(dealer: str) -> History[Versions, ProgrammeEvent]:
    stream = f"programme/{dealer}"
    return History(Stream(stream, stream), PROGRAMME_DECIDER)
