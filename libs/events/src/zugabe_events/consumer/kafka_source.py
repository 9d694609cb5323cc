"""FastStream is the front: it subscribes, fetches and rebalances. Positions decide, not offsets.

One Kafka consumer feeds all consumers of a process, which keep their own positions: what one of
them has to read again, the others skip.
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

from zugabe_events.consumer.consumer import Consumer, StoppedError
from zugabe_events.messaging.message import Lane, MalformedMessageError, Message, incoming

log = logging.getLogger(__name__)

IDLE_MS = 25
FETCH_WAIT_MS = 1_000
"""A partition that is newly assigned, or read again, waits as long for the fetch on its way."""
AFTER_FAILURE_SECONDS = 1.0

type ByLane = dict[Lane, list[Message]]


@dataclass
class Registration:
    """`waiting` are partitions to be read again when a message's next try is due."""

    consuming: Consumer
    topics: frozenset[str]
    waiting: dict[TopicPartition, int] = field(default_factory=dict)


class KafkaSource(ConsumerRebalanceListener):  # type: ignore[misc]
    """Starts reading an assigned partition behind the last effect of whoever is farthest behind."""

    def __init__(self) -> None:
        self.hearers: list[Registration] = []
        self.subscriber: BatchSubscriber | None = None

    def add(self, consuming: Consumer, topics: Iterable[str]) -> Callable[[], Awaitable[None]]:
        """Answers what makes this one read on from where its positions then say."""
        hearer = Registration(consuming, frozenset(topics))
        self.hearers.append(hearer)

        async def read_on() -> None:
            await self._seek(self.consumer.assignment(), [hearer])

        return read_on

    @property
    def topics(self) -> frozenset[str]:
        return frozenset().union(*(hearer.topics for hearer in self.hearers))

    @property
    def consumer(self) -> AIOKafkaConsumer:
        """FastStream makes it when it starts."""
        assert self.subscriber is not None
        assert self.subscriber.consumer is not None
        return self.subscriber.consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        everything = sum(len(self.consumer.partitions_for_topic(one) or ()) for one in self.topics)
        for hearer in self.hearers:
            hearer.consuming.forget()
            hearer.consuming.alone = len(assigned) == everything
            hearer.waiting.clear()
        await self._seek(assigned, self.hearers)

    async def take(self, records: Sequence[Any]) -> None:
        """Give everybody what he hears; comes back when all of it is done, or to be read again."""
        by_lane: ByLane = {}
        partitions: dict[Lane, TopicPartition] = {}
        lane: Lane | None = None
        some: list[Message] = []
        for record in records:  # those of a partition follow each other
            try:
                message = incoming(record)
            except MalformedMessageError as error:
                log.error("%s; skipped", error)
                continue
            if message.lane is not lane:
                lane = message.lane
                some = by_lane.setdefault(lane, [])
                partitions[lane] = TopicPartition(record.topic, record.partition)
            some.append(message)
        seeks: dict[TopicPartition, int] = {}
        for again in await asyncio.gather(
            *(self._give(hearer, by_lane, partitions) for hearer in self.hearers)
        ):
            for partition, offset in again.items():
                seeks[partition] = min(offset, seeks.get(partition, offset))
        self._go_back(seeks)

    async def _give(
        self, hearer: Registration, everything: ByLane, partitions: Mapping[Lane, TopicPartition]
    ) -> dict[TopicPartition, int]:
        by_lane = {lane: some for lane, some in everything.items() if lane.log in hearer.topics}
        if not by_lane:
            return {}
        consuming = hearer.consuming
        try:
            seeks = await consuming.take(by_lane)
        except StoppedError:
            return {}
        except Exception:
            # FastStream would go on behind the batch: read it again instead.
            log.exception("%s: a batch failed", consuming.name)
            await asyncio.sleep(AFTER_FAILURE_SECONDS)
            consuming.forget()
            return {partitions[lane]: some[0].offset for lane, some in by_lane.items()}
        at_once: dict[TopicPartition, int] = {}
        for lane, offset in seeks.items():
            partition = partitions[lane]
            if seconds := consuming.rests(lane):
                self._go_back_later(hearer, partition, offset, seconds)
            else:
                at_once[partition] = min(offset, at_once.get(partition, offset))
        return at_once

    def _go_back(self, seeks: Mapping[TopicPartition, int]) -> None:
        """In partitions that are still ours."""
        for partition in seeks.keys() & self.consumer.assignment():
            self.consumer.seek(partition, seeks[partition])

    def _go_back_later(
        self, hearer: Registration, partition: TopicPartition, offset: int, seconds: float
    ) -> None:
        """A lane whose message waits for its next try rests, for this hearer only."""
        if partition in hearer.waiting:
            hearer.waiting[partition] = min(offset, hearer.waiting[partition])
            return
        hearer.waiting[partition] = offset

        def wake() -> None:
            again = hearer.waiting.pop(partition, None)
            with contextlib.suppress(AssertionError, IllegalStateError):
                if again is not None:
                    self._go_back({partition: again})

        asyncio.get_running_loop().call_later(seconds, wake)

    async def _seek(
        self, assigned: Iterable[TopicPartition], hearers: Sequence[Registration]
    ) -> None:
        for topic in {partition.topic for partition in assigned}:
            found = [
                await self._offsets(hearer.consuming, topic)
                for hearer in hearers
                if topic in hearer.topics
            ]
            for partition in assigned:
                if partition.topic == topic and found:
                    first = min(offsets.get(partition.partition, 0) for offsets in found)
                    self.consumer.seek(partition, first)

    async def _offsets(self, consuming: Consumer, topic: str) -> dict[int, int]:
        while True:
            try:
                return await consuming.positions.offsets(topic)
            except PyMongoError:
                log.warning("%s: positions cannot be read, trying again", consuming.name)
                await asyncio.sleep(1)

    def subscribe(self, broker: KafkaBroker, group: str, *, instance: str, session_ms: int) -> None:
        """Hear what all hearers hear. A replica that comes back within `session_ms` under its
        `instance` name keeps its partitions."""

        async def take(records: tuple[Any, ...]) -> None:
            await self.take(records)

        async def raw(records: Any) -> KafkaAckableMessage:
            return KafkaAckableMessage(
                body=b"", raw_message=records, headers={}, consumer=self.consumer
            )

        async def undecoded(message: Any) -> Any:
            return message.raw_message

        self.subscriber = broker.subscriber(
            *sorted(self.topics),
            batch=True,
            max_records=1_000,
            batch_timeout_ms=IDLE_MS,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            group_id=group,
            group_instance_id=f"{group}@{instance}",
            session_timeout_ms=session_ms,
            rebalance_timeout_ms=60_000,
            listener=self,
            parser=raw,
            decoder=undecoded,
            no_reply=True,
        )
        self.subscriber(take)


def subscribe(
    broker: KafkaBroker,
    consuming: Consumer,
    topics: Sequence[str],
    *,
    instance: str,
    session_ms: int,
) -> Callable[[], Awaitable[None]]:
    """Let one consumer alone hear topics, with its name as the group; answers what makes it read
    on from where its positions then say."""
    hearing = KafkaSource()
    read_on = hearing.add(consuming, topics)
    hearing.subscribe(broker, consuming.name, instance=instance, session_ms=session_ms)
    return read_on
