"""Recording and export of spans; loaded only if an OTLP endpoint is configured."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from zugabe_events.messaging.message import Message

W3C = TraceContextTextMapPropagator()

type Effects = dict[tuple[str, int, int], str]


def exporting_recorder(service: str, instance: str) -> "Recorder":
    """A recorder whose endpoint, headers and sampling are configured by the OTEL_… variables."""
    resource = Resource.create({"service.name": service, "service.instance.id": instance})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)  # FastAPI makes the spans of requests
    return Recorder(provider)


class Recorder:
    """Spans of requests to other services and of effects; FastAPI records those of its requests."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("zugabe")
        self._effects: ContextVar[Effects | None] = ContextVar("effects", default=None)

    def stop(self) -> None:
        """Send pending spans."""
        self._provider.shutdown()

    def current_traceparent(self) -> str | None:
        return traceparent_of(trace.get_current_span())

    @contextmanager
    def request_span(self, name: str) -> Generator[None]:
        with self._tracer.start_as_current_span(name, kind=SpanKind.CLIENT):
            yield

    @contextmanager
    def effect_spans(self, consumer: str, messages: Sequence[Message]) -> Generator[None]:
        """A span for each message whose trace is recorded, until the effect is committed."""
        spans: list[Span] = []
        traceparents: Effects = {}
        for message in messages:
            if (parent := message.headers.get("traceparent")) and parent.endswith(b"1"):
                span = self._tracer.start_span(
                    f"{consumer} {message.name}",
                    context=context_of(parent.decode()),
                    kind=SpanKind.CONSUMER,
                    attributes={
                        "messaging.system": "kafka",
                        "messaging.destination.name": message.lane.log,
                        "messaging.destination.partition.id": str(message.lane.part),
                        "messaging.message.id": message.id,
                    },
                )
                spans.append(span)
                traceparents[position_of(message)] = traceparent_of(span) or parent.decode()
        token = self._effects.set(traceparents)
        try:
            yield
        except Exception as error:
            for span in spans:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            self._effects.reset(token)
            for span in spans:
                span.end()

    def traceparent_for(self, message: Message) -> str | None:
        return (self._effects.get() or {}).get(position_of(message))


def position_of(message: Message) -> tuple[str, int, int]:
    return message.lane.log_id, message.lane.part, message.pos


def context_of(traceparent: str) -> Context:
    return W3C.extract({"traceparent": traceparent})


def traceparent_of(span: Span) -> str | None:
    context = span.get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
