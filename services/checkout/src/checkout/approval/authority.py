"""Authority to approve orders (X-16, X-26)."""

from checkout.access import BUYING_FOR_THEMSELVES
from checkout.approval.needs import REVIEWS
from checkout.approval.waiting import SubmissionNotFoundError
from checkout.order.state import Order, Placed, Submitted, ended_submission
from zugabe_events.contracts.checkout import ApprovalNeed, OrderSubmitted, SubmissionEnded
from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.http.principal import Principal

NONE: frozenset[ApprovalNeed] = frozenset()
OF_CUSTOMER: frozenset[ApprovalNeed] = frozenset({"customer"})


def is_approver(principal: Principal) -> bool:
    return principal.role in BUYING_FOR_THEMSELVES and "approve-orders" in principal.rights


def satisfied_by(principal: Principal, customer: str) -> frozenset[ApprovalNeed]:
    """The needs of the customer's orders that the caller can satisfy."""
    if is_approver(principal) and principal.customer == customer:
        return OF_CUSTOMER
    reviews = principal.role == "dealer-staff" and "review-orders" in principal.rights
    return REVIEWS if reviews else NONE


def check_authority(principal: Principal, order: Order) -> OrderSubmitted | SubmissionEnded | None:
    """The submission that the caller decides about, or how it ended; None if it is not known.

    Raises SubmissionNotFoundError for an order of another customer, and ForbiddenError.
    """
    buys = principal.role in BUYING_FOR_THEMSELVES
    submission = latest_submission(order)
    of = order if isinstance(order, Placed) else submission
    if of is not None and buys and of.customer != principal.customer:
        raise SubmissionNotFoundError
    if submission is None:
        return None
    if not satisfied_by(principal, submission.customer):
        raise ForbiddenError("Dafür fehlt Ihnen das nötige Recht.", right="approve-orders")
    if buys and submission.user == principal.subject:
        raise ForbiddenError("Über Ihre eigene Bestellung entscheidet jemand anderes.")
    return submission


def latest_submission(order: Order) -> OrderSubmitted | SubmissionEnded | None:
    return order.order if isinstance(order, Submitted) else ended_submission(order)
