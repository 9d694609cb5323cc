"""The records of a Kafka topic, as any other system reads them."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer

PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class TopicEvent:
    """An event as it was sent; `id` is the same for its repeats."""

    id: str
    name: str
    data: dict[str, Any]


async def everything(kafka: str, topic: str, dealer: str | None = None) -> Sequence[TopicEvent]:
    """All events of a topic, each once, in the order of its partition; one dealer's if asked.

    Whatever was killed while they were sent: no position is missing, and none means two events.
    """
    found: list[TopicEvent] = []
    last: dict[tuple[str, int], int] = {}
    at: dict[tuple[str, int, int], str] = {}
    for record in await records(kafka, topic):
        headers = {name: value.decode() for name, value in record.headers}
        source, event_id = headers["ce_source"], headers["ce_id"]
        part, pos = map(int, headers["ce_sequence"].split("."))
        assert part == record.partition
        if at.setdefault((source, part, pos), event_id) != event_id:
            raise AssertionError(f"{topic}: {pos} of part {part} is two events")
        known = last.get((source, part), 0)
        if pos <= known:
            continue  # sent again after a failure
        assert pos == known + 1, f"{topic}: nothing between {known} and {pos} of part {part}"
        last[source, part] = pos
        if dealer in (None, headers["ce_dealer"]):
            found.append(TopicEvent(event_id, headers["ce_type"], json.loads(record.value)))
    return found


async def records(kafka: str, topic: str) -> Sequence[Any]:
    """All that are there when it begins."""
    found: list[Any] = []
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        open_ = {part for part, end in ends.items() if end}
        for part in ends:
            consumer.seek(part, 0)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while open_:
                for part, some in (await consumer.getmany(*open_, timeout_ms=1_000)).items():
                    found += [record for record in some if record.offset < ends[part]]
                    if some[-1].offset + 1 >= ends[part]:
                        open_.discard(part)
    finally:
        await consumer.stop()
    return found
