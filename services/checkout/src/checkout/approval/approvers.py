"""Approvers of a customer, from the stream of the customer's terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from zugabe_events.contracts.checkout import (
    ApproverNamed,
    ApproverRemoved,
    CustomerTermsSet,
    Person,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

type CustomerEvent = CustomerTermsSet | ApproverNamed | ApproverRemoved


@dataclass(frozen=True, slots=True)
class Approvers:
    """Sealed names and addresses by user."""

    people: Mapping[str, Person] = field(default_factory=dict)


def decide(_: None, __: Approvers) -> Sequence[CustomerEvent]:
    return ()


def evolve(approvers: Approvers, event: CustomerEvent) -> Approvers:
    match event:
        case ApproverNamed():
            return Approvers({**approvers.people, event.user: event.person})
        case ApproverRemoved():
            left = {user: one for user, one in approvers.people.items() if user != event.user}
            return Approvers(left)
        case CustomerTermsSet():
            return approvers


APPROVERS_DECIDER: Decider[None, Approvers, CustomerEvent] = Decider(
    "customer-approvers", Approvers(), decide, evolve
)


def approvers_history(dealer: str, customer: str) -> History[Approvers, CustomerEvent]:
    """Only read: `terms` decides about it."""
    stream = Stream(f"customer-terms/{dealer}/{customer}", f"{dealer}/{customer}")
    return History(stream, APPROVERS_DECIDER)
