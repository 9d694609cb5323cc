"""A dealer's bonus programme: terms, rewards, promotions, activation, and its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bonus.programme.end import (
    Close,
    Deactivate,
    EndRunOff,
    close,
    deactivate,
    end_run_off,
    is_over,
)
from bonus.programme.entries import (
    AddPromotion,
    AddReward,
    EndPromotion,
    OfEntries,
    WithdrawReward,
    change_entries,
    is_any_redeemable,
)
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
    ProgrammeSetUp,
    ProgrammeTerms,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError, ThrottledError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.german_numbers import thousands

MAX_CHANGES = 2_000
CHANGES_SPAN = timedelta(days=1)
"""Time in which a programme is changed that often at most."""


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


type Change = SetTerms | OfEntries | Activate | Deactivate | Close
type Command = Change | EndRunOff


class IncompleteError(RefusedError):
    code = "programme-incomplete"


class ProgrammeClosedError(RefusedError):
    code = "programme-closed"


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
    match command:
        case Deactivate():
            return deactivate(command, programme)
        case Close():
            return close(command, programme)
        case SetTerms():
            changes: Sequence[ProgrammeEvent] = set_terms(command, programme)
        case Activate():
            changes = activate(command, programme)
        case AddReward() | WithdrawReward() | AddPromotion() | EndPromotion():
            changes = change_entries(command, versions)
    if changes:
        check_pace(versions, command.at)
    return changes


def check_pace(versions: Versions, at: datetime) -> None:
    """Raise ThrottledError when a programme changes too often: its versions are kept (S12).

    It can be ended at any time.
    """
    if len(versions.in_order) < MAX_CHANGES:
        return
    again_at = versions.in_order[-MAX_CHANGES].effective_at + CHANGES_SPAN
    if at < again_at:
        raise ThrottledError(
            f"Das Bonusprogramm kann an einem Tag nicht öfter als {thousands(MAX_CHANGES)} Mal"
            " geändert werden. Bitte versuchen Sie es später noch einmal.",
            retry_after=int((again_at - at).total_seconds()) + 1,
        )


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
    if not is_any_redeemable(programme.rewards.values(), day):
        missing.append("rewards")
    return missing


PROGRAMME_DECIDER: Decider[Command, Versions, ProgrammeEvent] = Decider(
    "programme", Versions(), decide, evolve
)


def programme_history(dealer: str) -> History[Versions, ProgrammeEvent]:
    stream = f"programme/{dealer}"
    return History(Stream(stream, stream), PROGRAMME_DECIDER)
