"""Where what runs now comes from, for log lines and for the services that it makes us ask."""

from contextvars import ContextVar

from zugabe_events.observability import tracing

CORRELATION_HEADER = "X-Correlation-Id"
CLIENT_HEADER = "Zugabe-Client-Address"
"""Believed from services only: the address of the person for whom they ask."""

current_correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
current_client: ContextVar[str | None] = ContextVar("client", default=None)


def propagation_headers() -> dict[str, str]:
    """Headers of a request to another service that this one causes."""
    said = {
        CORRELATION_HEADER: current_correlation.get(),
        CLIENT_HEADER: current_client.get(),
        "traceparent": tracing.here(),
    }
    return {name: value for name, value in said.items() if value is not None}
