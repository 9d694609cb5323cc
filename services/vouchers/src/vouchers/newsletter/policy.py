"""People who asked for erasure of their data get no newsletter any more (X-15, X-19)."""

from collections.abc import Sequence

from vouchers.newsletter.decider import EndSubscription, newsletter_history
from zugabe_events.contracts.checkout import PersonErased, PersonRestricted
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case PersonErased(dealer, user) | PersonRestricted(dealer, user):
            command = EndSubscription(dealer, user, received.recorded_at)
            return [Reaction(newsletter_history(dealer, user), lambda: command)]
        case _:
            return []


SUBSCRIPTIONS = Policy(name="vouchers.subscriptions", topics=("checkout",), react=react)
