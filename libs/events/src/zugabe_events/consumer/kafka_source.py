"""Kafka as the source of consumers: FastStream subscribes, fetches and rebalances.

One Kafka consumer feeds all consumers of a process. Each keeps its own checkpoints, which decide,
not Kafka's offsets: what one of them has to read again, the others skip.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber
from pymongo.errors import PyMongoError

from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.transient_errors import StoppedError
from zugabe_events.messaging.message import Lane, MalformedMessageError, Message, incoming

log = logging.getLogger(__name__)

BATCH_TIMEOUT_MS = 25
FETCH_MAX_WAIT_MS = 1_000
"""A partition that is newly assigned, or read again, waits this long for the pending fetch."""
REBALANCE_TIMEOUT_MS = 60_000
MAX_RECORDS = 1_000
RETRY_INTERVAL_SECONDS = 1.0

type ByLane = dict[Lane, list[Message]]


@dataclass
class Registration:
    """A consumer and its topics. `waiting` has the partitions, with offsets, to be read again when
    a message's next attempt is due."""

    consumer: Consumer
    topics: frozenset[str]
    waiting: dict[TopicPartition, int] = field(default_factory=dict)


class KafkaSource(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads an assigned partition from the checkpoint that is farthest behind."""

    def __init__(self) -> None:
        self.registrations: list[Registration] = []
        self.subscriber: BatchSubscriber | None = None

    def add(self, consumer: Consumer, topics: Iterable[str]) -> Callable[[], Awaitable[None]]:
        """Returns a function that makes this consumer read on from its current checkpoints."""
        registration = Registration(consumer, frozenset(topics))
        self.registrations.append(registration)

        async def read_on() -> None:
            await self._seek(self.kafka.assignment(), [registration])

        return read_on

    @property
    def topics(self) -> frozenset[str]:
        return frozenset().union(*(registration.topics for registration in self.registrations))

    @property
    def kafka(self) -> AIOKafkaConsumer:
        """FastStream creates it when it starts."""
        assert self.subscriber is not None
        assert self.subscriber.consumer is not None
        return self.subscriber.consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        existing = sum(len(self.kafka.partitions_for_topic(topic) or ()) for topic in self.topics)
        for registration in self.registrations:
            registration.consumer.forget()
            registration.consumer.lazy_flush.alone = len(assigned) == existing
            registration.waiting.clear()
        await self._seek(assigned, self.registrations)

    async def take(self, records: Sequence[Any]) -> None:
        """Give each consumer its messages. Returns when all are handled, or will be read again."""
        by_lane: ByLane = {}
        partitions: dict[Lane, TopicPartition] = {}
        lane: Lane | None = None
        messages: list[Message] = []
        for record in records:  # those of a partition follow each other
            try:
                message = incoming(record)
            except MalformedMessageError as error:
                log.error("skipped a record: %s", error)
                continue
            if message.lane is not lane:
                lane = message.lane
                messages = by_lane.setdefault(lane, [])
                partitions[lane] = TopicPartition(record.topic, record.partition)
            messages.append(message)
        seeks: dict[TopicPartition, int] = {}
        for again in await asyncio.gather(
            *(self._give(registration, by_lane, partitions) for registration in self.registrations)
        ):
            for partition, offset in again.items():
                seeks[partition] = min(offset, seeks.get(partition, offset))
        self._seek_assigned(seeks)

    async def _give(
        self,
        registration: Registration,
        all_lanes: ByLane,
        partitions: Mapping[Lane, TopicPartition],
    ) -> dict[TopicPartition, int]:
        """The partitions to be read again at once, with offsets."""
        topics, consumer = registration.topics, registration.consumer
        by_lane = {lane: messages for lane, messages in all_lanes.items() if lane.log in topics}
        if not by_lane:
            return {}
        try:
            seeks = await consumer.take(by_lane)
        except StoppedError:
            return {}
        except Exception:
            # FastStream would go on behind the batch: read it again instead.
            log.exception("%s: a batch failed and will be read again", consumer.name)
            await asyncio.sleep(RETRY_INTERVAL_SECONDS)
            consumer.forget()
            return {partitions[lane]: messages[0].offset for lane, messages in by_lane.items()}
        at_once: dict[TopicPartition, int] = {}
        for lane, offset in seeks.items():
            partition = partitions[lane]
            if seconds := consumer.retry_delay(lane):
                self._seek_later(registration, partition, offset, seconds)
            else:
                at_once[partition] = min(offset, at_once.get(partition, offset))
        return at_once

    def _seek_assigned(self, seeks: Mapping[TopicPartition, int]) -> None:
        """Skip partitions that were reassigned meanwhile."""
        for partition in seeks.keys() & self.kafka.assignment():
            self.kafka.seek(partition, seeks[partition])

    def _seek_later(
        self, registration: Registration, partition: TopicPartition, offset: int, seconds: float
    ) -> None:
        """A lane whose message waits for its next attempt rests, for this consumer only."""
        if partition in registration.waiting:
            registration.waiting[partition] = min(offset, registration.waiting[partition])
            return
        registration.waiting[partition] = offset

        def wake() -> None:
            again = registration.waiting.pop(partition, None)
            with contextlib.suppress(AssertionError, IllegalStateError):
                if again is not None:
                    self._seek_assigned({partition: again})

        asyncio.get_running_loop().call_later(seconds, wake)

    async def _seek(
        self, assigned: Iterable[TopicPartition], registrations: Sequence[Registration]
    ) -> None:
        for topic in {partition.topic for partition in assigned}:
            by_consumer = [
                await self._offsets(registration.consumer, topic)
                for registration in registrations
                if topic in registration.topics
            ]
            for partition in assigned:
                if partition.topic == topic and by_consumer:
                    first = min(offsets.get(partition.partition, 0) for offsets in by_consumer)
                    self.kafka.seek(partition, first)

    async def _offsets(self, consumer: Consumer, topic: str) -> dict[int, int]:
        while True:
            try:
                return await consumer.checkpoints.offsets(topic)
            except PyMongoError:
                log.warning("%s: checkpoints could not be read, retrying", consumer.name)
                await asyncio.sleep(RETRY_INTERVAL_SECONDS)

    def subscribe(self, broker: KafkaBroker, group: str, *, instance: str, session_ms: int) -> None:
        """Subscribe to the topics of all registrations. A replica that comes back under its
        `instance` name within `session_ms` keeps its partitions."""

        async def take(records: tuple[Any, ...]) -> None:
            await self.take(records)

        async def raw(records: Any) -> KafkaAckableMessage:
            return KafkaAckableMessage(
                body=b"", raw_message=records, headers={}, consumer=self.kafka
            )

        async def undecoded(message: Any) -> Any:
            return message.raw_message

        self.subscriber = broker.subscriber(
            *sorted(self.topics),
            batch=True,
            max_records=MAX_RECORDS,
            batch_timeout_ms=BATCH_TIMEOUT_MS,
            fetch_max_wait_ms=FETCH_MAX_WAIT_MS,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            group_id=group,
            group_instance_id=f"{group}@{instance}",
            session_timeout_ms=session_ms,
            rebalance_timeout_ms=REBALANCE_TIMEOUT_MS,
            listener=self,
            parser=raw,
            decoder=undecoded,
            no_reply=True,
        )
        self.subscriber(take)
