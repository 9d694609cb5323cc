"""Approvers are told of an order that waits for them."""

from collections.abc import Sequence

from checkout.approval.approvers import Approvers, approvers_history
from checkout.approval.submission import RequestApproval
from checkout.order.decider import order_history
from zugabe_events.contracts.checkout import OrderSubmitted
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    """Once for a submission: a later approval of the dealer's staff submits it again."""
    match received.event:
        case OrderSubmitted(approvals=()) as submitted if "customer" in submitted.needs:

            def request(approvers: Approvers) -> RequestApproval:
                return RequestApproval(submitted.attempt, approvers.people)

            target = order_history(submitted.dealer, submitted.order_id, submitted.user)
            approvers = approvers_history(submitted.dealer, submitted.customer)
            return [Reaction(target, request, reads=(approvers,))]
        case _:
            return []


APPROVALS = Policy("checkout.approvals", ("checkout",), react)
