"""A Kafka consumer of its own for a consumer that is far behind, or slow: nobody waits for it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import IllegalStateError
from pymongo.errors import PyMongoError

from zugabe_events.consumer.feed import Feed, total_lag
from zugabe_events.consumer.registration import RETRY_INTERVAL_SECONDS, Registration
from zugabe_events.domain.backoff import Backoff
from zugabe_events.messaging.kafka_client import kafka_consumer

log = logging.getLogger(__name__)

MAX_LAG = 10_000
"""A consumer with more records than this between it and the others reads alone."""
NEAR = 1_000
"""It joins the others when this many are left."""
BATCH_SIZE = 1_000
FETCH_TIMEOUT_MS = 200
APART = Backoff(10.0, 600.0)
"""The least time for which a consumer that was slow reads alone."""


class CatchUpReader(Feed):
    """Feeds one consumer from its checkpoints, in the partitions that its process has."""

    def __init__(
        self,
        shared: Feed,
        registration: Registration,
        bootstrap: str,
        caught_up: Callable[[Registration], Awaitable[None]],
    ) -> None:
        """`caught_up` is called near the position of the `shared` feed."""
        super().__init__(shared.authentication)
        self._shared = shared
        self._bootstrap = bootstrap
        self._caught_up = caught_up
        self._kafka: AIOKafkaConsumer | None = None
        self._registration = registration
        slow = registration.held_up
        self._not_before = time.monotonic() + (APART.wait(slow) if slow else 0.0)
        self.attach(registration)
        self.task = asyncio.create_task(self._run())

    @property
    def kafka(self) -> AIOKafkaConsumer:
        assert self._kafka is not None
        return self._kafka

    async def _run(self) -> None:
        consumer = self._registration.consumer
        while not consumer.stopping.is_set():
            try:
                await self._read()
                break
            except Exception as error:
                log.warning(
                    "%s: catching up failed, retrying: %s: %s",
                    consumer.name, type(error).__name__, error,
                )  # fmt: skip
                await asyncio.sleep(RETRY_INTERVAL_SECONDS)
        if not consumer.stopping.is_set():
            await self._caught_up(self._registration)

    async def _read(self) -> None:
        """Return when the consumer has caught up with the others."""
        registration = self._registration
        if registration.taking is not None:
            await asyncio.wait([registration.taking])
        async with kafka_consumer(self._bootstrap) as self._kafka:
            offsets = await registration.offsets(self._shared.kafka.assignment())
            if not offsets:  # a rebalance, which ends this reader
                await registration.consumer.stopping.wait()
                return
            self.kafka.assign(list(offsets))
            for partition, offset in offsets.items():
                self.kafka.seek(partition, offset)
            while not registration.consumer.stopping.is_set():
                batches = await self.kafka.getmany(
                    timeout_ms=FETCH_TIMEOUT_MS, max_records=BATCH_SIZE
                )
                await self.take([record for records in batches.values() for record in records])
                if await self._is_near():
                    break
        with suppress(PyMongoError):
            await self.lazy_flush.flush()

    async def _is_near(self) -> bool:
        if time.monotonic() < self._not_before:
            return False
        partitions = self.kafka.assignment()
        try:
            ahead = {at: await self._shared.kafka.position(at) for at in partitions}
        except IllegalStateError:
            return False  # a rebalance ends this reader
        return total_lag(ahead, {at: await self.kafka.position(at) for at in partitions}) <= NEAR
