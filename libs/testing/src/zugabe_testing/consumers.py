"""Consumers of tests and benchmarks, without a service around them."""

from collections.abc import Awaitable, Callable, Sequence

from faststream.kafka import KafkaBroker

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.kafka_source import KafkaSource


def subscribe(
    broker: KafkaBroker,
    consumer: Consumer,
    topics: Sequence[str],
    *,
    instance: str,
    session_ms: int,
) -> Callable[[], Awaitable[None]]:
    """Subscribe one consumer alone, with its name as the group. Returns a function that makes it
    read on from its current checkpoints."""
    source = KafkaSource()
    read_on = source.add(consumer, topics)
    source.subscribe(broker, consumer.name, instance=instance, session_ms=session_ms)
    return read_on
