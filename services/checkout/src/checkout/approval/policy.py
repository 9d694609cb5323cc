"""Approvers are told of an order that waits for them."""

from collections.abc import Sequence

from checkout.approval.submission import RequestApproval
from checkout.order.decider import order_history
from checkout.terms.customer_terms import CustomerTerms, customer_terms_history
from zugabe_events.contracts.checkout import OrderSubmitted
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent


def react(received: ReceivedEvent) -> Sequence[Reaction]:
    """Once for a submission: a later approval of the dealer's staff submits it again."""
    match received.event:
        case OrderSubmitted(approvals=()) as submitted if "customer" in submitted.needs:

            def request(terms: CustomerTerms) -> RequestApproval:
                return RequestApproval(submitted.attempt, terms.approvers)

            target = order_history(submitted.dealer, submitted.order_id, submitted.user)
            terms = customer_terms_history(submitted.dealer, submitted.customer)
            return [Reaction(target, request, reads=(terms,))]
        case _:
            return []


APPROVALS = Policy("checkout.approvals", ("checkout",), react)
