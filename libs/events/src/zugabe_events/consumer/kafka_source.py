"""Kafka as the source of all consumers of a process: FastStream subscribes, fetches, rebalances."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber
from pymongo.errors import PyMongoError

from zugabe_events.consumer.catch_up import MAX_LAG, CatchUpReader
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.feed import Feed, total_lag
from zugabe_events.consumer.flush_requests import FlushRequests
from zugabe_events.consumer.registration import RETRY_INTERVAL_SECONDS, Registration, Taking
from zugabe_events.messaging.authentication import authentication_of

log = logging.getLogger(__name__)

BATCH_TIMEOUT_MS = 25
FETCH_MAX_WAIT_MS = 1_000
"""A partition that is newly assigned, or read again, waits this long for the pending fetch."""
REBALANCE_TIMEOUT_MS = 60_000
MAX_RECORDS = 1_000
SLOW_SECONDS = 0.75
"""The others wait twice as long for a consumer, and longer where even MongoDB answers slowly."""
SLOW_ANSWERS = 50
STOP_SECONDS = 10.0
"""After which a subscription that is started again is not waited for."""


class KafkaSource(Feed, ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads an assigned partition from the checkpoint that is farthest behind.

    A consumer that is far behind the others, or that the others would have to wait for, is fed by a
    reader of its own until it has caught up.
    """

    def __init__(self, kafka: str = "") -> None:
        """`kafka` is the address with the options of `kafka_security`, by which readers reach it
        like the broker does, and messages are believed."""
        super().__init__(authentication_of(kafka))
        self.readers: dict[Registration, CatchUpReader] = {}
        self.subscriber: BatchSubscriber | None = None
        self._all: list[Registration] = []
        self._suspect_in_hand = asyncio.Lock()
        self._bootstrap = kafka
        self._ended: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Task[None] | None = None
        self._heard = time.monotonic()

    def add(
        self, consumer: Consumer, topics: Iterable[str], *, gathers: float = 0.0
    ) -> Callable[[], Awaitable[None]]:
        """Returns a function that makes this consumer read on from its current checkpoints."""
        registration = Registration(consumer, frozenset(topics), gathers)
        self._all.append(registration)
        consumer.share(self._suspect_in_hand)
        self.attach(registration)

        async def read_on() -> None:
            await self._read_on(registration)

        return read_on

    @property
    def topics(self) -> frozenset[str]:
        return frozenset().union(*(registration.topics for registration in self._all))

    @property
    def kafka(self) -> AIOKafkaConsumer:
        """FastStream creates it when it starts."""
        assert self.subscriber is not None
        assert self.subscriber.consumer is not None
        return self.subscriber.consumer

    def silent_seconds(self) -> float:
        """Since the last records were handled; 0 while some are being handled."""
        return 0.0 if self.is_taking else time.monotonic() - self._heard

    async def restart(self) -> None:
        """Subscribe again with new clients, and read on from the checkpoints."""
        assert self.subscriber is not None
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.subscriber.stop()
        except TimeoutError:
            log.warning("a subscription did not end in time; it is left")
        await self.subscriber.start()

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        pass

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._share(assigned)
        self._waiting.clear()
        self.gathering.clear()
        for registration in self._all:
            self._end_reader(registration)
            registration.consumer.forget()
        offsets = {registration: await registration.offsets(assigned) for registration in self._all}
        ahead = {
            partition: max(own.get(partition, 0) for own in offsets.values())
            for partition in assigned
        }
        lags = {registration: total_lag(ahead, own) for registration, own in offsets.items()}
        for registration, lag in lags.items():
            if lag > min(lags.values()) + MAX_LAG or registration.is_busy:
                self._read_apart(registration)
            elif registration not in self.registrations and registration not in self.readers:
                self.attach(registration)
        for partition in assigned:
            shared = [offsets[registration] for registration in self.registrations]
            first = min((own[partition] for own in shared if partition in own), default=None)
            self.kafka.seek(partition, ahead[partition] if first is None else first)

    def _share(self, assigned: set[TopicPartition]) -> None:
        """With other replicas, their queries may ask for checkpoints, and batches become smaller
        unless they are gathered for longer."""
        existing = sum(len(self.kafka.partitions_for_topic(topic) or ()) for topic in self.topics)
        self.kafka.replicas = existing / len(assigned) if assigned else 1.0
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None
        if len(assigned) < existing:
            self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        requests = FlushRequests(self._all[0].consumer.checkpoints.db)
        async for _ in requests.received():
            self.lazy_flush.hurry()
            self.gathering.hurry()

    async def stop(self) -> None:
        """Wait for all readers, after the consumers have been told to stop."""
        if self._listening is not None:
            self._listening.cancel()
            self._ended.add(self._listening)
        reading = (reader.task for reader in self.readers.values())
        await asyncio.gather(*reading, *self._ended, return_exceptions=True)
        await self.gathering.close()

    async def _finish(self, tasks: Mapping[Taking, Registration]) -> None:
        """Wait for the consumers, but not for those that are slower than MongoDB and the others."""
        patience, answered, pending = SLOW_SECONDS, False, set(tasks)
        while pending:
            _, pending = await asyncio.wait(pending, timeout=patience)
            stopping = any(tasks[task].consumer.stopping.is_set() for task in pending)
            if stopping or len(pending) >= len(self.registrations):
                continue
            if answered:
                break
            patience = max(patience, SLOW_ANSWERS * await self._until_mongodb_answers())
            answered = True
        for task in pending:
            registration = tasks[task]
            registration.taking = task
            registration.held_up += 1
            self._read_apart(registration)

    async def _until_mongodb_answers(self) -> float:
        """Returns how many seconds it took; does not wait when the process stops."""
        while True:
            began = time.monotonic()
            try:
                await self._all[0].consumer.checkpoints.db.command("ping")
                return time.monotonic() - began
            except PyMongoError:
                if self._all[0].consumer.stopping.is_set():
                    return 0.0
                await asyncio.sleep(RETRY_INTERVAL_SECONDS)

    async def _read_on(self, registration: Registration) -> None:
        """Read again what the consumer's checkpoints do not have."""
        assigned = self.kafka.assignment()
        offsets = await registration.offsets(assigned)
        ahead = {partition: await self.kafka.position(partition) for partition in offsets}
        if registration in self.readers or total_lag(ahead, offsets) > MAX_LAG:
            self._read_apart(registration)
        else:
            await self.seek_back(offsets)

    def _read_apart(self, registration: Registration) -> None:
        log.info("%s: reads alone until it has caught up", registration.consumer.name)
        self._end_reader(registration)
        if registration in self.registrations:
            self.detach(registration)
        reader = CatchUpReader(self, registration, self._bootstrap, self._join)
        self.readers[registration] = reader

    def _end_reader(self, registration: Registration) -> None:
        if reader := self.readers.pop(registration, None):
            self._ended.add(reader.task)
            reader.task.add_done_callback(self._ended.discard)
            if reader.task is not asyncio.current_task():
                reader.task.cancel()
            reader.detach(registration)

    async def _join(self, registration: Registration) -> None:
        """The consumer has caught up: feed it with the others again."""
        registration.consumer.forget()
        offsets = await registration.offsets(self.kafka.assignment())
        log.info("%s: has caught up", registration.consumer.name)
        self._end_reader(registration)
        if registration not in self.registrations:  # a reader that replaced this one was first
            self.attach(registration)
        await self.seek_back(offsets)

    def subscribe(self, broker: KafkaBroker, group: str, *, instance: str, session_ms: int) -> None:
        """Subscribe to the topics of all registrations. A replica that comes back under its
        `instance` name within `session_ms` keeps its partitions."""

        async def take(records: tuple[Any, ...]) -> None:
            try:
                await self.take(records)
            finally:
                self._heard = time.monotonic()

        async def raw(records: Any) -> KafkaAckableMessage:
            return KafkaAckableMessage(
                body=b"", raw_message=records, headers={}, consumer=self.kafka
            )

        async def undecoded(message: Any) -> Any:
            return message.raw_message

        self._bootstrap = self._bootstrap or ",".join(broker.specification.url)
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
