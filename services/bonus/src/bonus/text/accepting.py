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


def accept(command: AcceptTexts, account: Account) -> Sequence[ProgrammeTextsAccepted]:
    present = command.rules.texts.to_accept
    if set(command.texts) != set(present):
        raise TextsChangedError(
            "Die Texte wurden inzwischen geändert. Bitte lesen Sie sie noch einmal."
        )
    is_repeated = account.accepted_texts == present
    if is_repeated and command.rules.has_accepted(command.at, account.accepted):
        return []
    return [
        ProgrammeTextsAccepted(command.dealer, command.customer, command.user, present, command.at)
    ]
