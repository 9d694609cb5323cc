"""Codes can be guessed, but not for long (X-29)."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network

from zugabe_events.http.authorization import RequestContext

WINDOW = timedelta(minutes=15)
MOST_BY_USER = 10
MOST_BY_CLIENT = 100
"""More than by user: a whole company may share one address."""

PREFIX = {4: 32, 6: 64}
"""Whoever has one IPv6 address has the 64 bits behind it."""


def who_guesses(request: RequestContext, user: str) -> Mapping[str, int]:
    """How many unknown codes each may offer in `WINDOW`.

    A service asks for many: then the user counts for whom it asks, and his device as far as the
    service tells it.
    """
    person = user if request.principal.role == "service" else request.principal.subject
    most = {f"user/{request.context.tenant}/{person}": MOST_BY_USER}
    if request.client is not None:
        network = ip_network(request.client)
        behind = network.supernet(new_prefix=PREFIX[network.version])
        most[f"client/{behind}"] = MOST_BY_CLIENT
    return most
