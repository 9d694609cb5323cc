"""Limits for guessing codes (X-29)."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network

from zugabe_events.http.request_context import RequestContext

WINDOW = timedelta(minutes=15)
MAX_BY_USER = 10
MAX_BY_CLIENT = 100
"""Higher than by user: a whole company may share one address."""

PREFIX = {4: 32, 6: 64}
"""Bits of an address that identify a client: one IPv6 address comes with 64 bits of its own."""


def guess_limits(request: RequestContext, user: str) -> Mapping[str, int]:
    """The number of unknown codes that the person and the device may offer in `WINDOW`.

    For a service they are the user whom it asks for, and that user's device if the service names
    it.
    """
    person = user if request.principal.role == "service" else request.principal.subject
    limits = {f"user/{request.context.tenant}/{person}": MAX_BY_USER}
    if request.client is not None:
        network = ip_network(request.client)
        prefix = network.supernet(new_prefix=PREFIX[network.version])
        limits[f"client/{prefix}"] = MAX_BY_CLIENT
    return limits
