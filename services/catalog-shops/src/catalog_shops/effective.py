"""Instants from which rules are in force (X-40)."""

from datetime import datetime

from zugabe_events.domain.errors import ForbiddenError, InvalidError
from zugabe_events.http.request_context import RequestContext

HISTORY_RIGHT = "set-up-history"
"""A single right: rules may be in force from a past instant on, for history that is imported."""


def effective_at(request: RequestContext, wanted: datetime | None) -> datetime:
    """The wanted instant, or now. Raises ForbiddenError for the past without the right to it."""
    now = request.context.at
    if wanted is None:
        return now
    if wanted < now and HISTORY_RIGHT not in request.principal.rights:
        raise ForbiddenError(
            "Rückwirkend darf das nur festlegen, wer das Recht dazu hat.", right=HISTORY_RIGHT
        )
    return wanted


def past_or_now(request: RequestContext, wanted: datetime | None) -> datetime:
    """As `effective_at`, and raises InvalidError for the future."""
    found = effective_at(request, wanted)
    if found > request.context.at:
        raise InvalidError(
            "Das gilt ab sofort. Was erst später gelten soll, bekommt einen ersten Tag.",
            code="in-the-future",
        )
    return found
