"""Limits for guessing codes (X-29)."""

from collections.abc import Mapping
from datetime import timedelta

from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import network_of

WINDOW = timedelta(minutes=15)
MAX_BY_USER = 10
MAX_BY_CLIENT = 100
"""Higher than by user: a whole company may share one address."""


def guess_limits(request: RequestContext, user: str) -> Mapping[str, int]:
    """The number of unknown codes that the person and the device may offer in `WINDOW`.

    For a service they are the user whom it asks for, and that user's device if the service names
    it.
    """
    person = user if request.principal.role == "service" else request.principal.subject
    limits = {f"user/{request.context.tenant}/{person}": MAX_BY_USER}
    if request.client is not None:
        limits[network_of(request.client)] = MAX_BY_CLIENT
    return limits
