"""Approval of a customer's orders: those that need it, and its approvers (X-26)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from checkout.terms.limits import problems_of_approval
from checkout.terms.refusals import TermsInvalidError, TooManyApproversError
from checkout.terms.sales_terms import begin
from zugabe_events.contracts.checkout import (
    ApprovalRule,
    ApproverNamed,
    ApproverRemoved,
    CustomerTermsSet,
    Person,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

MAX_APPROVERS = 20
"""Each of them gets a mail for each order that waits."""


@dataclass(frozen=True, slots=True)
class SetCustomerTerms:
    """`above_cents` is 0 unless the rule is `above`. `effective_at` may be in the past."""

    dealer: str
    customer: str
    approval: ApprovalRule
    above_cents: int
    at: datetime
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NameApprover:
    """`person` is sealed. A user who approves already is named with other data."""

    dealer: str
    customer: str
    user: str
    person: Person


@dataclass(frozen=True, slots=True)
class RemoveApprover:
    dealer: str
    customer: str
    user: str


type Command = SetCustomerTerms | NameApprover | RemoveApprover
type CustomerTermsEvent = CustomerTermsSet | ApproverNamed | ApproverRemoved


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """`version` is that of the rule; 0 if it was never set. `approvers` are by user."""

    version: int = 0
    approval: ApprovalRule = "none"
    above_cents: int = 0
    since: datetime | None = None
    approvers: Mapping[str, Person] = field(default_factory=dict)


def decide(command: Command, present: CustomerTerms) -> Sequence[CustomerTermsEvent]:
    match command:
        case SetCustomerTerms():
            return set_terms(command, present)
        case NameApprover():
            return name(command, present)
        case RemoveApprover(dealer, customer, user):
            is_named = user in present.approvers
            return [ApproverRemoved(dealer, customer, user)] if is_named else []


def set_terms(command: SetCustomerTerms, present: CustomerTerms) -> Sequence[CustomerTermsSet]:
    """Raises TermsInvalidError and TermsOvertakenError."""
    if problems := list(problems_of_approval(command.approval, command.above_cents)):
        raise TermsInvalidError(problems)
    if (command.approval, command.above_cents) == (present.approval, present.above_cents):
        return []
    return [
        CustomerTermsSet(
            dealer=command.dealer,
            customer=command.customer,
            version=present.version + 1,
            approval=command.approval,
            above_cents=command.above_cents,
            effective_at=begin(command.at, command.effective_at, present.since),
        )
    ]


def name(command: NameApprover, present: CustomerTerms) -> Sequence[ApproverNamed]:
    """Raises TooManyApproversError."""
    if present.approvers.get(command.user) == command.person:
        return []
    if command.user not in present.approvers and len(present.approvers) >= MAX_APPROVERS:
        raise TooManyApproversError(MAX_APPROVERS)
    return [ApproverNamed(command.dealer, command.customer, command.user, command.person)]


def evolve(present: CustomerTerms, event: CustomerTermsEvent) -> CustomerTerms:
    match event:
        case CustomerTermsSet():
            return replace(
                present,
                version=event.version,
                approval=event.approval,
                above_cents=event.above_cents,
                since=event.effective_at,
            )
        case ApproverNamed():
            return replace(present, approvers={**present.approvers, event.user: event.person})
        case ApproverRemoved():
            left = {user: one for user, one in present.approvers.items() if user != event.user}
            return replace(present, approvers=left)


CUSTOMER_TERMS_DECIDER: Decider[Command, CustomerTerms, CustomerTermsEvent] = Decider(
    "customer-terms", CustomerTerms(), decide, evolve
)


def customer_terms_history(
    dealer: str, customer: str
) -> History[CustomerTerms, CustomerTermsEvent]:
    stream = f"customer-terms/{dealer}/{customer}"
    return History(Stream(stream, stream), CUSTOMER_TERMS_DECIDER)
