"""Propagation of traces from requests and events to their effects (W3C Trace Context).

Spans are recorded when an OTLP endpoint is configured. Otherwise a caller's `traceparent` is passed
on unchanged, and no SDK is loaded.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zugabe_events.messaging.message import Message
    from zugabe_events.observability.otel import Recorder

TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
)
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")

recorder: "Recorder | None" = None
"""One per process, or none."""

_received: ContextVar[str | None] = ContextVar("traceparent", default=None)
NOTHING: AbstractContextManager[None] = nullcontext()


def start_recording(service: str, instance: str) -> Callable[[], None]:
    """Start recording if an endpoint is configured, and return a function that stops it."""
    global recorder
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if disabled or not any(os.environ.get(name) for name in ENDPOINTS):
        return lambda: None
    from zugabe_events.observability.otel import exporting_recorder

    recorder = exporting_recorder(service, instance)
    return recorder.stop


def continue_trace(traceparent: str) -> None:
    """Set the `traceparent` that the caller sent."""
    _received.set(traceparent if TRACEPARENT.fullmatch(traceparent) else None)


def current_traceparent() -> str | None:
    """The `traceparent` of the present request or effect."""
    return (recorder and recorder.current_traceparent()) or _received.get()


def request_span(name: str) -> AbstractContextManager[None]:
    """A span of a request to another service."""
    return NOTHING if recorder is None else recorder.request_span(name)


def effect_spans(consumer: str, messages: "Sequence[Message]") -> AbstractContextManager[None]:
    """Spans of a consumer's effects, each in the trace of its own message."""
    return NOTHING if recorder is None else recorder.effect_spans(consumer, messages)


def traceparent_for(message: "Message", headers: Mapping[str, bytes]) -> str | None:
    """The `traceparent` of a message's effects."""
    if recorder is not None and (traceparent := recorder.traceparent_for(message)):
        return traceparent
    received = headers.get("traceparent")
    return received.decode() if received else None
