"""Leave the programme, after a question that names the points lost, and join again (Q12).

Leaving ends everything: points in lots and those that wait are forfeited by name, debt is let off,
and orders placed before the user joins again move no points, whenever they are heard of. Points
that an open checkout holds can still pay for its order, since its price was told with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bonus.account.lots import MAX_LOTS_TAKEN
from bonus.account.state import Account, AccountEvent, waiting_lots
from bonus.programme.points import points_text
from bonus.text.acceptance import Rules
from bonus.text.accepting import check_shown
from zugabe_events.contracts.bonus import (
    AcceptedText,
    LotShare,
    OptOutAsked,
    PointsForfeited,
    ProgrammeLeft,
    ProgrammeRejoined,
    ProgrammeTextsAccepted,
)
from zugabe_events.domain.errors import RefusedError

CONFIRMATION_TTL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AskToLeave:
    """`confirmation` is the hash of what the user confirms the opt-out with."""

    dealer: str
    customer: str
    user: str
    confirmation: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Leave:
    """`confirmation` is the hash of what the user was told with the question."""

    dealer: str
    customer: str
    user: str
    confirmation: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rejoin:
    """`texts` are what the user was shown and accepts."""

    dealer: str
    customer: str
    user: str
    texts: tuple[AcceptedText, ...]
    rules: Rules
    at: datetime


class ProgrammeLeftError(RefusedError):
    code = "programme-left"


class ConfirmationInvalidError(RefusedError):
    """Nothing was asked, or something else, or it was confirmed already."""

    code = "confirmation-invalid"


class ConfirmationExpiredError(RefusedError):
    code = "confirmation-expired"


class PointsChangedError(RefusedError):
    """The user was told of other points than those that would be lost."""

    code = "points-changed"


def forfeitable(account: Account) -> int:
    """The points that leaving deletes: active and pending ones, and those that wait."""
    return account.lots.points + sum(lot.points for lot in waiting_lots(account))


def ask_to_leave(command: AskToLeave, account: Account) -> list[OptOutAsked]:
    if account.has_left:
        raise ProgrammeLeftError("Sie haben sich bereits vom Bonusprogramm abgemeldet.")
    return [
        OptOutAsked(
            dealer=command.dealer,
            customer=command.customer,
            user=command.user,
            confirmation=command.confirmation,
            points=forfeitable(account),
            asked_at=command.at,
            expires_at=command.at + CONFIRMATION_TTL,
        )
    ]


def leave(command: Leave, account: Account) -> list[AccountEvent]:
    """Idempotent: who has left has nothing more to lose."""
    if account.has_left:
        return []
    asked = account.asked
    if asked is None or asked.confirmation != command.confirmation:
        raise ConfirmationInvalidError(
            "Diese Bestätigung gilt nicht. Bitte melden Sie sich noch einmal ab."
        )
    if command.at >= asked.expires_at:
        raise ConfirmationExpiredError(
            "Die Sicherheitsabfrage ist abgelaufen. Bitte melden Sie sich noch einmal ab."
        )
    points = forfeitable(account)
    if points != asked.points:
        raise PointsChangedError(
            f"Ihr Punktestand hat sich geändert: Es würden {points_text(points)} gelöscht."
            " Bitte bestätigen Sie die Abmeldung noch einmal.",
            points=points,
            asked_points=asked.points,
        )
    left = ProgrammeLeft(
        dealer=command.dealer,
        customer=command.customer,
        user=command.user,
        confirmation=command.confirmation,
        points=points,
        let_off=account.owed,
        holds=tuple(hold.hold_id for hold in account.holds.values()),
        left_at=command.at,
    )
    return [*forfeited(command, account), left]


def forfeited(command: Leave, account: Account) -> list[PointsForfeited]:
    """Every lot by name, as many in one event as fit into it."""
    named = [(lot, False) for page in account.lots.pages for lot in page.lots]
    named += [(lot, True) for lot in waiting_lots(account)]
    return [
        forfeit(command, named[first : first + MAX_LOTS_TAKEN])
        for first in range(0, len(named), MAX_LOTS_TAKEN)
    ]


def forfeit(command: Leave, named: Sequence[tuple[LotShare, bool]]) -> PointsForfeited:
    return PointsForfeited(
        dealer=command.dealer,
        customer=command.customer,
        user=command.user,
        points=sum(lot.points for lot, _ in named),
        lots=tuple(lot for lot, waits in named if not waits),
        waiting=tuple(lot for lot, waits in named if waits),
        forfeited_at=command.at,
    )


def rejoin(command: Rejoin, account: Account) -> list[AccountEvent]:
    """With fresh acceptance of the texts in force, and from zero (BO-47)."""
    if not account.has_left:
        return []
    present = check_shown(command.texts, command.rules)
    who = command.dealer, command.customer, command.user
    return [
        ProgrammeRejoined(*who, command.at),
        ProgrammeTextsAccepted(*who, present, command.at),
    ]
