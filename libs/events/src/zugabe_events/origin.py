"""Where what runs now comes from, for log lines and for the services that it makes us ask."""

from contextvars import ContextVar

from zugabe_events.watching import tracing

CORRELATION_HEADER = "X-Correlation-Id"
CLIENT_HEADER = "Zugabe-Client-Address"
"""Believed from services only: the address of the person for whom they ask."""

correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
client: ContextVar[str | None] = ContextVar("client", default=None)


def passed_on() -> dict[str, str]:
    """Headers of a request to another service that this one causes."""
    said = {
        CORRELATION_HEADER: correlation.get(),
        CLIENT_HEADER: client.get(),
        "traceparent": tracing.here(),
    }
    return {name: value for name, value in said.items() if value is not None}
