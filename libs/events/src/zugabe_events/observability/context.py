"""Context of the present request or event, for log lines and requests to other services."""

from contextvars import ContextVar
from dataclasses import dataclass

from zugabe_events.observability import tracing

CORRELATION_HEADER = "X-Correlation-Id"
CLIENT_HEADER = "Zugabe-Client-Address"
"""The address of the person for whom a service asks; trusted from services only."""
PERSON_HEADER = "Zugabe-Person"
"""The id of the person for whom one of our services asks; trusted from these only."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of the present request's answer, and the route."""

    actor: str
    role: str
    route: str


current_correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
current_client: ContextVar[str | None] = ContextVar("client", default=None)
current_person: ContextVar[str | None] = ContextVar("person", default=None)
current_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


def propagation_headers() -> dict[str, str]:
    """Headers that propagate the context to another service."""
    headers = {
        CORRELATION_HEADER: current_correlation.get(),
        CLIENT_HEADER: current_client.get(),
        PERSON_HEADER: current_person.get(),
        "traceparent": tracing.current_traceparent(),
    }
    return {name: value for name, value in headers.items() if value is not None}
