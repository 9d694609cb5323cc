"""Limits for guessing codes (X-29)."""

from collections.abc import Mapping
from datetime import timedelta

from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import SHARED, network_of

WINDOW = timedelta(minutes=15)
MAX_BY_USER = 10
MAX_BY_CLIENT = 1_000
"""Much higher than by user: a whole company may share one address (S21)."""


def guess_limits(request: RequestContext, user: str) -> Mapping[str, int]:
    """The number of unknown codes that the person and the device may offer in `WINDOW`.

    The person is who asks, here or at checkout. For a service that asks by itself it is `user`,
    for whom the voucher would be used. Behind an address within a network only persons count.
    """
    limits = {f"user/{request.context.tenant}/{request.person or user}": MAX_BY_USER}
    if request.client is not None and request.client not in SHARED:
        limits[network_of(request.client)] = MAX_BY_CLIENT
    return limits
