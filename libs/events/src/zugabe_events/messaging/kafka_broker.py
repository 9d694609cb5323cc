"""A FastStream broker whose consumers wait, for Kafka and for records.

FastStream gives up when Kafka is not available at the start, and sleeps after every empty fetch:
that delays messages when they come, and wakes the process when none do.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError
from faststream.kafka import KafkaBroker

from zugabe_events.messaging.adaptive_batching import AdaptiveBatching
from zugabe_events.messaging.kafka_security import security_of, servers_of

log = logging.getLogger(__name__)

START_RETRY_INTERVAL_SECONDS = 1.0
MAX_WAIT_MS = 60_000
SMALL_BATCH_MAX = 100
METADATA_MAX_AGE_MS = 30_000
"""A topic that was deleted and created again is noticed within this time."""


class WaitingConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    _last = 0
    """The size of the last batch."""
    replicas = 1.0
    """Among how many consumers the partitions are shared: each waits longer for as many records."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._batching = AdaptiveBatching(0.0005, maximum=0.002)

    async def start(self) -> None:
        """Return when Kafka is available."""
        while True:
            try:
                return await super().start()  # type: ignore[no-any-return]
            except KafkaConnectionError as error:
                log.warning("%s: Kafka is not available, retrying: %s", self._group_id, error)
                await asyncio.sleep(START_RETRY_INTERVAL_SECONDS)

    async def getmany(
        self, *partitions: Any, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[Any, Any]:
        """Wait until there are records."""
        if 0 < self._last < SMALL_BATCH_MAX:
            await self._batching.wait(self._last, self.replicas)
        while True:
            records: dict[Any, Any] = await super().getmany(
                *partitions, timeout_ms=MAX_WAIT_MS, max_records=max_records
            )
            if records:
                self._last = sum(map(len, records.values()))
                return records


class ConsumerBroker(KafkaBroker):
    """A broker for subscribers only: it has neither producer nor admin client."""

    def __init__(self, bootstrap: str, *, graceful_timeout: float) -> None:
        super().__init__(
            servers_of(bootstrap),
            security=security_of(bootstrap),
            apply_types=False,
            consumer_only=True,
            allow_auto_create_topics=False,
            graceful_timeout=graceful_timeout,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
            logger=None,
        )

    async def _connect(self) -> Callable[..., AIOKafkaConsumer]:
        builder = await super()._connect()
        assert isinstance(builder, partial)
        builder_of_waiting = partial(WaitingConsumer, **builder.keywords)
        self.config.broker_config.builder = builder_of_waiting
        return builder_of_waiting
