"""Where a trace goes on: from a request or an event to what it sets in motion (W3C Trace Context).

Spans are recorded when an OTLP endpoint is configured. Otherwise a caller's `traceparent` is passed
on as it came, and no SDK is loaded.
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

_given: ContextVar[str | None] = ContextVar("traceparent", default=None)
NOTHING: AbstractContextManager[None] = nullcontext()


def record(service: str, instance: str) -> Callable[[], None]:
    """Record spans from now on, if the environment says where to send them; answers how to stop."""
    global recorder
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if disabled or not any(os.environ.get(name) for name in ENDPOINTS):
        return lambda: None
    from zugabe_events.observability.otel import exporting

    recorder = exporting(service, instance)
    return recorder.stop


def given(traceparent: str) -> None:
    """The caller of what runs now says what it belongs to."""
    _given.set(traceparent if TRACEPARENT.fullmatch(traceparent) else None)


def here() -> str | None:
    """What runs now, as a `traceparent` for what it sets in motion."""
    return _given.get() if recorder is None else recorder.here() or _given.get()


def asking(name: str) -> AbstractContextManager[None]:
    """A question to another service."""
    return NOTHING if recorder is None else recorder.asking(name)


def effects(consumer: str, messages: "Sequence[Message]") -> AbstractContextManager[None]:
    """What a consumer makes of messages; each goes on in the trace of its own cause."""
    return NOTHING if recorder is None else recorder.effects(consumer, messages)


def following(message: "Message", headers: Mapping[str, bytes]) -> str | None:
    """The `traceparent` of what a message sets in motion."""
    if recorder is not None and (effect := recorder.effect_of(message)):
        return effect
    given = headers.get("traceparent")
    return given.decode() if given else None
