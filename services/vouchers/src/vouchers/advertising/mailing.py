"""Conditions of a mail to a user besides its cause: their objection, and its sender."""

from dataclasses import dataclass
from typing import Any

from vouchers.advertising.decider import Advertising, advertising_history
from vouchers.advertising.sender import Sender, sender_history
from zugabe_events.contracts.checkout import Person
from zugabe_events.domain.decider import History


@dataclass(frozen=True, slots=True)
class Mailing:
    has_objected: bool = False
    sender: Sender = None

    def recipient(self, person: Person | None) -> Person | None:
        """Whom advertising may be sent to (X-22)."""
        return None if self.has_objected else person


AS_USUAL = Mailing()


def mailing_histories(dealer: str, user: str) -> tuple[History[Any, Any], ...]:
    """Their states are the arguments of `mailing`."""
    return advertising_history(dealer, user), sender_history(dealer)


def mailing(advertising: Advertising, sender: Sender) -> Mailing:
    return Mailing(advertising.objected_at is not None, sender)
