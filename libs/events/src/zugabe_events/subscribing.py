"""FastStream is the front: it subscribes, fetches and rebalances. Positions decide, not offsets."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber
from pymongo.errors import PyMongoError

from zugabe_events.consuming import Consuming, StoppedError
from zugabe_events.messages import Lane, MalformedMessageError, Message, incoming

log = logging.getLogger(__name__)

IDLE_MS = 25
FETCH_WAIT_MS = 1_000
"""A partition that is newly assigned, or read again, waits as long for the fetch on its way."""
AFTER_FAILURE_SECONDS = 1.0


class SeekToPositions(ConsumerRebalanceListener):  # type: ignore[misc]
    """Start reading an assigned partition behind the last effect that is in the database."""

    def __init__(self, consuming: Consuming) -> None:
        self._consuming = consuming
        self.subscriber: BatchSubscriber | None = None

    @property
    def consumer(self) -> AIOKafkaConsumer:
        """FastStream makes it when it starts."""
        assert self.subscriber is not None
        assert self.subscriber.consumer is not None
        return self.subscriber.consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._consuming.forget()
        await self._seek(assigned)

    async def seek_all(self) -> None:
        """Read every assigned partition from where the positions now say."""
        await self._seek(self.consumer.assignment())

    def read_again(
        self, partitions: Mapping[Lane, TopicPartition], seeks: Mapping[Lane, int]
    ) -> None:
        """Go back in partitions that are still ours. One whose message waits for its next try
        rests, and the others go on."""
        offsets: dict[TopicPartition, int] = {}
        for lane, offset in seeks.items():
            partition = partitions[lane]
            offsets[partition] = min(offset, offsets.get(partition, offset))
        for partition in offsets.keys() & self.consumer.assignment():
            self.consumer.seek(partition, offsets[partition])
        for lane in seeks:
            partition, seconds = partitions[lane], self._consuming.rests(lane)
            if seconds and partition in self.consumer.assignment():
                self.consumer.pause(partition)
                asyncio.get_running_loop().call_later(seconds, self._wake, partition)

    def _wake(self, partition: TopicPartition) -> None:
        """One that was assigned anew meanwhile does not rest."""
        with contextlib.suppress(AssertionError, IllegalStateError):
            if partition in self.consumer.paused():
                self.consumer.resume(partition)

    async def _seek(self, assigned: set[TopicPartition]) -> None:
        for topic in {partition.topic for partition in assigned}:
            offsets = await self._offsets(topic)
            for partition in assigned:
                if partition.topic == topic:
                    self.consumer.seek(partition, offsets.get(partition.partition, 0))

    async def _offsets(self, topic: str) -> dict[int, int]:
        while True:
            try:
                return await self._consuming.positions.offsets(topic)
            except PyMongoError:
                log.warning("%s: positions cannot be read, trying again", self._consuming.name)
                await asyncio.sleep(1)


def subscribe(
    broker: KafkaBroker,
    consuming: Consuming,
    topics: Sequence[str],
    *,
    instance: str,
    session_ms: int,
    group: str | None = None,
) -> SeekToPositions:
    """Let a consumer hear topics, in the group of that name, or of its own.

    A replica that comes back within `session_ms` under its `instance` name keeps its partitions.
    """
    listener = SeekToPositions(consuming)

    async def take(records: tuple[Any, ...]) -> None:
        by_lane: dict[Lane, list[Message]] = {}
        partitions: dict[Lane, TopicPartition] = {}
        for record in records:
            try:
                message = incoming(record)
            except MalformedMessageError as error:
                log.error("%s: %s; skipped", consuming.name, error)
                continue
            by_lane.setdefault(message.lane, []).append(message)
            partitions[message.lane] = TopicPartition(record.topic, record.partition)
        try:
            seeks = await consuming.take(by_lane)
        except StoppedError:
            return
        except Exception:
            # FastStream would go on behind the batch: read it again instead.
            log.exception("%s: a batch failed", consuming.name)
            await asyncio.sleep(AFTER_FAILURE_SECONDS)
            consuming.forget()
            await listener.seek_all()
            return
        listener.read_again(partitions, seeks)

    async def raw(records: Any) -> KafkaAckableMessage:
        return KafkaAckableMessage(
            body=b"", raw_message=records, headers={}, consumer=listener.consumer
        )

    async def undecoded(message: Any) -> Any:
        return message.raw_message

    subscriber = broker.subscriber(
        *topics,
        batch=True,
        max_records=1_000,
        batch_timeout_ms=IDLE_MS,
        fetch_max_wait_ms=FETCH_WAIT_MS,
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        group_id=group or consuming.name,
        group_instance_id=f"{group or consuming.name}@{instance}",
        session_timeout_ms=session_ms,
        rebalance_timeout_ms=60_000,
        listener=listener,
        parser=raw,
        decoder=undecoded,
        no_reply=True,
    )
    subscriber(take)
    listener.subscriber = subscriber
    return listener
