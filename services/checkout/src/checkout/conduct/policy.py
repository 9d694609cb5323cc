"""A cancellation counts for its user, by the terms of sale of the order (S6, X-40)."""

from collections.abc import Sequence

from checkout.conduct.decider import Count, conduct_history
from zugabe_events.contracts.checkout import OrderCancelled
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    match received.event:
        case OrderCancelled(alarm_after_cancellations=int(alarm_after)) as cancelled:
            command = Count(
                dealer=cancelled.dealer,
                customer=cancelled.customer,
                user=cancelled.user,
                order_id=cancelled.order_id,
                cancelled_at=cancelled.cancelled_at,
                alarm_after=alarm_after,
            )
            target = conduct_history(cancelled.dealer, cancelled.user)
            return [Reaction(target, lambda: command)]
        case _:
            return []


CONDUCT = Policy("checkout.conduct", ("checkout",), react)
