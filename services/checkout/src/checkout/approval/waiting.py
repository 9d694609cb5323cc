"""The submission that waits, and the refusals of those that come too late."""

from datetime import datetime

from checkout.order.state import (
    AlreadyOrderedError,
    Asking,
    Empty,
    Free,
    Order,
    Placed,
    Submitted,
)
from zugabe_events.contracts.checkout import OrderSubmitted, SubmissionEnded, SubmissionOutcome
from zugabe_events.domain.errors import NotFoundError, RefusedError


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
        case Placed():
            raise AlreadyOrderedError
        case Empty() | Asking() | Free():
            raise SubmissionNotFoundError


def running_submission(order: Order, attempt: int, now: datetime) -> OrderSubmitted:
    """The same, unless its time is up: the timer may be late."""
    submitted = open_submission(order, attempt)
    if now >= submitted.expires_at:
        raise SubmissionOverError("expired")
    return submitted
