"""Feeding consumers with what one Kafka consumer reads.

Each consumer keeps its own checkpoints, which decide, not Kafka's offsets: what one of them has to
read again, the others skip.
"""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError

from zugabe_events.consumer.gathering import Gathering
from zugabe_events.consumer.joint_commit import JointCommit
from zugabe_events.consumer.lazy_flush import LazyFlush
from zugabe_events.consumer.registration import (
    RETRY_INTERVAL_SECONDS,
    ByLane,
    Offsets,
    Registration,
    Taking,
)
from zugabe_events.consumer.transient_errors import StoppedError
from zugabe_events.messaging.authentication import TRUSTING, Authentication
from zugabe_events.messaging.message import Lane, MalformedMessageError, Message
from zugabe_events.observability import metrics

log = logging.getLogger(__name__)


class Feed(ABC):
    """Gives batches to `registrations`, and flushes their checkpoints."""

    def __init__(self, authentication: Authentication = TRUSTING) -> None:
        self.authentication = authentication
        self.registrations: list[Registration] = []
        self.gathering = Gathering(self._give_gathered)
        self.lazy_flush = LazyFlush()
        self._waiting: dict[Registration, Offsets] = {}
        """Partitions to be read again, with offsets, when a message's next attempt is due."""

    @property
    def is_taking(self) -> bool:
        """True while a batch is being handled, or checkpoints are flushed."""
        return self.lazy_flush.between_batches.locked()

    @property
    @abstractmethod
    def kafka(self) -> AIOKafkaConsumer: ...

    def attach(self, registration: Registration) -> None:
        self.registrations.append(registration)
        self.lazy_flush.flushed.append(registration.consumer.flushed)
        registration.consumer.lazy_flush = self.lazy_flush
        registration.consumer.hurry = partial(self.gathering.hurry, registration)

    def detach(self, registration: Registration) -> None:
        self.registrations.remove(registration)
        self.lazy_flush.flushed.remove(registration.consumer.flushed)
        self.gathering.drop(registration)
        self._waiting.pop(registration, None)

    async def take(self, records: Sequence[Any]) -> None:
        """Give each consumer its messages. Returns when all are handled, or will be read again."""
        async with self.lazy_flush.between_batches:
            by_lane = sorted_by_lane(records, self.authentication)
            self.gathering.begin(len(records))
            concerned: list[tuple[Registration, ByLane]] = []
            for registration in self.registrations:
                topics = registration.topics
                own = {lane: found for lane, found in by_lane.items() if lane.log in topics}
                if own := self.gathering.next(registration, own):
                    concerned.append((registration, own))
            joint = JointCommit(len(concerned)) if len(concerned) > 1 else None
            tasks = {
                asyncio.create_task(self._give(registration, own, joint)): registration
                for registration, own in concerned
            }
            try:
                if joint is not None:
                    await joint.settled.wait()
                await self._finish(tasks)
            except asyncio.CancelledError:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                raise
            seeks: Offsets = {}
            for task in tasks:
                if task.done():
                    for partition, offset in task.result().items():
                        seeks[partition] = min(offset, seeks.get(partition, offset))
        await self.seek_back(seeks)

    async def _give_gathered(self) -> None:
        with contextlib.suppress(AssertionError):  # stopped meanwhile
            await self.take(())

    async def _finish(self, tasks: Mapping[Taking, Registration]) -> None:
        """Wait for the consumers."""
        if tasks:
            await asyncio.wait(tasks)

    async def _give(
        self,
        registration: Registration,
        by_lane: ByLane,
        joint: JointCommit | None,
    ) -> Offsets:
        """The partitions to be read again at once, with offsets."""
        consumer = registration.consumer
        participant = joint.participant() if joint else None
        try:
            seeks = await consumer.take(by_lane, participant)
        except StoppedError:
            return {}
        except Exception:
            # Kafka's position is behind the batch: read it again.
            log.exception("%s: a batch failed and will be read again", consumer.name)
            if participant is not None:
                participant.leave()
            await asyncio.sleep(RETRY_INTERVAL_SECONDS)
            consumer.forget()
            return {partition_of(lane): messages[0].offset for lane, messages in by_lane.items()}
        finally:
            if participant is not None:
                participant.leave()
        at_once: Offsets = {}
        if registration not in self.registrations:  # it reads elsewhere meanwhile
            return at_once
        for lane, offset in seeks.items():
            partition = partition_of(lane)
            if seconds := consumer.retry_delay(lane):
                self._seek_later(registration, partition, offset, seconds)
            else:
                at_once[partition] = min(offset, at_once.get(partition, offset))
        return at_once

    async def seek_back(self, seeks: Mapping[TopicPartition, int]) -> None:
        """Read on from these offsets, unless reading is before them or elsewhere meanwhile."""
        for partition in seeks.keys() & self.kafka.assignment():
            with contextlib.suppress(IllegalStateError):
                if seeks[partition] < await self.kafka.position(partition):
                    self.kafka.seek(partition, seeks[partition])

    def _seek_later(
        self, registration: Registration, partition: TopicPartition, offset: int, seconds: float
    ) -> None:
        """A lane whose message waits for its next attempt rests, for this consumer only."""
        waiting = self._waiting.setdefault(registration, {})
        if partition in waiting:
            waiting[partition] = min(offset, waiting[partition])
            return
        waiting[partition] = offset
        asyncio.get_running_loop().call_later(seconds, self._wake, registration, partition)

    def _wake(self, registration: Registration, partition: TopicPartition) -> None:
        offset = self._waiting.get(registration, {}).pop(partition, None)
        if offset is not None:
            self._waking = asyncio.create_task(self._read_again({partition: offset}))

    async def _read_again(self, offsets: Offsets) -> None:
        with contextlib.suppress(AssertionError):  # stopped meanwhile
            await self.seek_back(offsets)


def sorted_by_lane(records: Iterable[Any], authentication: Authentication = TRUSTING) -> ByLane:
    """The messages of records by lane."""
    by_lane: ByLane = {}
    lane: Lane | None = None
    messages: list[Message] = []
    for record in records:  # those of a partition follow each other
        try:
            message = authentication.read(record)
        except MalformedMessageError as error:
            metrics.refused_records.labels(record.topic, error.reason).inc()
            log.error("skipped a record: %s", error)
            continue
        if message.lane is not lane:
            lane = message.lane
            messages = by_lane.setdefault(lane, [])
        messages.append(message)
    return by_lane


def partition_of(lane: Lane) -> TopicPartition:
    return TopicPartition(lane.log, lane.part)


def total_lag(ahead: Mapping[TopicPartition, int], offsets: Mapping[TopicPartition, int]) -> int:
    """Records between offsets and those of a reader farther ahead."""
    return sum(max(0, ahead.get(at, 0) - offset) for at, offset in offsets.items())
