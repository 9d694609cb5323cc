"""A submitted order is approved, changed, rejected, withdrawn or expires: exactly one of these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from checkout.order.state import (
    AlreadyOrderedError,
    Asking,
    Cancelled,
    Empty,
    Free,
    Order,
    OrderEvent,
    Placed,
    Submitted,
    ended_submission,
    endings,
    evolve,
)
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    OrderPlaced,
    OrderSubmitted,
    SubmissionEnded,
    SubmissionOutcome,
)
from zugabe_events.domain.errors import NotFoundError, RefusedError


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


class SubmissionNotFoundError(NotFoundError):
    code = "submission-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung wurde nicht zur Freigabe vorgelegt.")


SENTENCES: dict[SubmissionOutcome, str] = {
    "rejected": "Diese Bestellung wurde abgelehnt.",
    "withdrawn": "Diese Bestellung wurde zurückgezogen.",
    "expired": "Die Frist für die Freigabe dieser Bestellung ist abgelaufen.",
    "changed": "Diese Bestellung wurde inzwischen geändert. Bitte prüfen Sie sie erneut.",
}


class SubmissionOverError(RefusedError):
    """The submission has ended; its code says how, such as `submission-expired`."""

    def __init__(self, outcome: SubmissionOutcome) -> None:
        super().__init__(SENTENCES[outcome], code=f"submission-{outcome}")


class ApprovedMeanwhileError(RefusedError):
    """Another approval was given since this one was prepared; it has to be prepared again."""

    code = "approved-meanwhile"

    def __init__(self) -> None:
        super().__init__("Inzwischen wurde eine andere Freigabe erteilt. Bitte erneut prüfen.")


def open_submission(order: Order, attempt: int | None = None) -> OrderSubmitted:
    """The submission that waits; None: whichever does. Raises how it ended if it does not."""
    match order:
        case Submitted(submitted) if attempt in (None, submitted.attempt):
            return submitted
        case Submitted():
            raise SubmissionOverError("changed")
        case Asking(ended=SubmissionEnded() as ended) | Free(ended=SubmissionEnded() as ended):
            raise SubmissionOverError(ended.outcome)
        case Placed() | Cancelled():
            raise AlreadyOrderedError
        case Empty() | Asking() | Free():
            raise SubmissionNotFoundError


def running_submission(order: Order, attempt: int, now: datetime) -> OrderSubmitted:
    """The same, unless its time is up: the timer may be late."""
    submitted = open_submission(order, attempt)
    if now >= submitted.expires_at:
        raise SubmissionOverError("expired")
    return submitted


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
