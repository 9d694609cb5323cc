"""Instants from which rules are in force (X-40)."""

from datetime import datetime

from zugabe_events.domain.errors import ForbiddenError, InvalidError
from zugabe_events.http.request_context import RequestContext

HISTORY_RIGHT = "set-up-history"
"""A single right: rules may be in force from a past instant on, for history that is imported."""

LATER = "Das gilt ab sofort. Was erst später gelten soll, bekommt einen ersten Tag."


def past_of(
    request: RequestContext, wanted: datetime | None, later: str = LATER
) -> datetime | None:
    """The wanted instant, which is not in the future; None is now.

    Raises ForbiddenError for the past without the right to it, and InvalidError, which says
    `later`, for the future.
    """
    now = request.context.at
    if wanted is None:
        return None
    if wanted < now and HISTORY_RIGHT not in request.principal.rights:
        raise ForbiddenError(
            "Rückwirkend darf das nur festlegen, wer das Recht dazu hat.", right=HISTORY_RIGHT
        )
    if wanted > now:
        raise InvalidError(later, code="in-the-future")
    return wanted
