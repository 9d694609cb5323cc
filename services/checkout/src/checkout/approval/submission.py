"""A submitted order is approved, changed, rejected, withdrawn or expires: exactly one of these."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from checkout.approval.waiting import (
    ApprovedMeanwhileError,
    open_submission,
    running_submission,
)
from checkout.order.state import (
    Free,
    Order,
    OrderEvent,
    Submitted,
    ended_submission,
    endings,
    evolve,
)
from zugabe_events.contracts.checkout import (
    ApprovalRequested,
    CheckoutLapsed,
    OrderPlaced,
    OrderSubmitted,
    Person,
    SubmissionEnded,
    SubmissionOutcome,
)


@dataclass(frozen=True, slots=True)
class RequestApproval:
    """Tell the approvers of the customer, by user, that the submission `attempt` waits."""

    attempt: int
    approvers: Mapping[str, Person]


@dataclass(frozen=True, slots=True)
class Approve:
    """Place what was submitted as `order.attempt`, or submit it again for the needs that are left.

    The latest of `order.approvals` is the one given now.
    """

    order: OrderPlaced | OrderSubmitted
    now: datetime


@dataclass(frozen=True, slots=True)
class Reject:
    """`note` is sealed with the orderer's key."""

    attempt: int
    by: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Withdraw:
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """An approver replaces what was submitted as `attempt` by what they order instead."""

    attempt: int
    by: str
    at: datetime


type SubmissionCommand = RequestApproval | Approve | Reject | Withdraw


def decide(command: SubmissionCommand, order: Order) -> Sequence[OrderEvent]:
    match command:
        case RequestApproval():
            return request(command, order)
        case Approve():
            return approve(command, order)
        case Reject():
            return reject(command, order)
        case Withdraw():
            return withdraw(command, order)


def request(command: RequestApproval, order: Order) -> Sequence[OrderEvent]:
    """Nothing for a submission that has ended, or an orderer who has become an approver."""
    match order:
        case Submitted(submitted) if submitted.attempt == command.attempt:
            return [
                requested(submitted, user, person)
                for user, person in command.approvers.items()
                if user != submitted.user
            ]
        case _:
            return []


def requested(submitted: OrderSubmitted, user: str, person: Person) -> ApprovalRequested:
    return ApprovalRequested(
        order_id=submitted.order_id,
        order_number=submitted.order_number,
        dealer=submitted.dealer,
        customer=submitted.customer,
        user=submitted.user,
        attempt=submitted.attempt,
        approver=user,
        person=person,
        positions=len(submitted.lines),
        net_cents=submitted.net_cents,
        submitted_at=submitted.placed_at,
        expires_at=submitted.expires_at,
        orderer_name=submitted.orderer.name if submitted.orderer else None,
    )


def approve(command: Approve, order: Order) -> Sequence[OrderEvent]:
    submitted = running_submission(order, command.order.attempt, command.now)
    if command.order.approvals[:-1] != submitted.approvals:
        raise ApprovedMeanwhileError
    return [command.order]


def reject(command: Reject, order: Order) -> Sequence[OrderEvent]:
    submitted = running_submission(order, command.attempt, command.at)
    return ending(submitted, "rejected", command.by, command.at, command.note)


def withdraw(command: Withdraw, order: Order) -> Sequence[OrderEvent]:
    """Also after the end of its time, unless the timer was there first."""
    match order:
        case Free(ended=SubmissionEnded(outcome="withdrawn")):
            return []
        case _:
            return ending(open_submission(order), "withdrawn", command.by, command.at)


def expire(submitted: OrderSubmitted) -> Sequence[OrderEvent]:
    ended = submission_ended(submitted, "expired", "", submitted.expires_at)
    if submitted.voucher is None and submitted.reward is None:
        return [ended]
    return [
        CheckoutLapsed(
            order_id=submitted.order_id,
            dealer=submitted.dealer,
            customer=submitted.customer,
            user=submitted.user,
            attempt=submitted.attempt,
            deadline=submitted.expires_at,
            voucher_asked=submitted.voucher is not None,
            reward_asked=submitted.reward is not None,
        ),
        ended,
    ]


def make_way(change: Change | None, order: Order) -> tuple[Sequence[OrderEvent], Order]:
    """End the submission that a change takes the place of; the events, and the order after them.

    A change whose attempt failed may be repeated: its submission has ended for it already.
    """
    if change is None:
        return [], order
    ended = ended_submission(order)
    if ended and (ended.attempt, ended.outcome) == (change.attempt, "changed"):
        return [], order
    submitted = running_submission(order, change.attempt, change.at)
    events = ending(submitted, "changed", change.by, change.at)
    return events, reduce(evolve, events, order)


def ending(
    submitted: OrderSubmitted,
    outcome: SubmissionOutcome,
    by: str,
    at: datetime,
    note: str | None = None,
) -> Sequence[OrderEvent]:
    freed = endings(Submitted(submitted), outcome)
    return [*freed, submission_ended(submitted, outcome, by, at, note)]


def submission_ended(
    submitted: OrderSubmitted,
    outcome: SubmissionOutcome,
    by: str,
    at: datetime,
    note: str | None = None,
) -> SubmissionEnded:
    return SubmissionEnded(
        order_id=submitted.order_id,
        order_number=submitted.order_number,
        dealer=submitted.dealer,
        customer=submitted.customer,
        user=submitted.user,
        attempt=submitted.attempt,
        outcome=outcome,
        by=by,
        at=at,
        submitted_at=submitted.placed_at,
        net_cents=submitted.net_cents,
        note=note,
        orderer=submitted.orderer,
    )
