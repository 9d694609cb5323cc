"""A user accepts the texts of the programme, in the versions that they were shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bonus.account.state import Account
from bonus.text.acceptance import Rules
from zugabe_events.contracts.bonus import AcceptedText, ProgrammeTextsAccepted
from zugabe_events.domain.errors import RefusedError


@dataclass(frozen=True, slots=True)
class AcceptTexts:
    """`texts` are what the user was shown."""

    dealer: str
    customer: str
    user: str
    texts: tuple[AcceptedText, ...]
    rules: Rules
    at: datetime


class TextsChangedError(RefusedError):
    """The user has read other versions than those in force, or not all of them."""

    code = "texts-changed"


class NotTakingPartError(RefusedError):
    """The user has left the programme; joining again is another command (BO-47)."""

    code = "programme-left"


def check_shown(texts: Sequence[AcceptedText], rules: Rules) -> tuple[AcceptedText, ...]:
    """The texts in force. Raises TextsChangedError unless they are those that were shown."""
    present = rules.texts.to_accept
    if set(texts) != set(present):
        raise TextsChangedError(
            "Die Texte wurden inzwischen geändert. Bitte lesen Sie sie noch einmal."
        )
    return present


def accept(command: AcceptTexts, account: Account) -> Sequence[ProgrammeTextsAccepted]:
    if account.has_left:
        raise NotTakingPartError(
            "Sie haben sich vom Bonusprogramm abgemeldet. Sie können sich jederzeit wieder"
            " anmelden."
        )
    present = check_shown(command.texts, command.rules)
    is_repeated = account.accepted_texts == present
    if is_repeated and command.rules.has_accepted(command.at, account.accepted):
        return []
    return [
        ProgrammeTextsAccepted(command.dealer, command.customer, command.user, present, command.at)
    ]
