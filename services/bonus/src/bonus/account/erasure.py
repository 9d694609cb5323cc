"""Erasure of mails to people whom checkout erases (X-15)."""

from zugabe_events.contracts.checkout import PersonErased
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.privacy.erasure import Erased, ErasureRules, ErasureStatus


def status(received: ReceivedEvent) -> ErasureStatus | None:
    match received.event:
        case PersonErased(dealer, user):
            return Erased(dealer, user)
        case _:
            return None


ERASURE = ErasureRules(
    name="bonus.people", topics=("checkout",), events=(PersonErased,), status=status
)
