"""A FastStream broker whose consumers wait, for Kafka and for records.

FastStream gives up when Kafka does not answer at the start, and sleeps after every empty fetch:
that is late when something comes, and busy when nothing does.
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

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
WAIT_MS = 60_000
SMALL = 100
METADATA_MS = 30_000
"""So long it takes at most until a topic that was deleted and made anew is heard again."""


class PatientConsumer(AIOKafkaConsumer):  # type: ignore[misc]
    _last = 0
    """How many records the last batch had."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._gathering = AdaptiveBatching(0.0005, at_most=0.002)

    async def start(self) -> None:
        """Comes back when Kafka answers."""
        while True:
            try:
                return await super().start()  # type: ignore[no-any-return]
            except KafkaConnectionError as error:
                log.warning("%s: %s; trying again", self._group_id, error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def getmany(
        self, *partitions: Any, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[Any, Any]:
        """Comes back with records only, or with an error."""
        if 0 < self._last < SMALL:
            await self._gathering.wait(self._last)
        while True:
            records: dict[Any, Any] = await super().getmany(
                *partitions, timeout_ms=WAIT_MS, max_records=max_records
            )
            if records:
                self._last = sum(map(len, records.values()))
                return records


class ConsumerBroker(KafkaBroker):
    """For subscribers only: it has neither producer nor admin client."""

    def __init__(self, bootstrap: str, *, graceful_timeout: float) -> None:
        super().__init__(
            bootstrap,
            apply_types=False,
            consumer_only=True,
            allow_auto_create_topics=False,
            graceful_timeout=graceful_timeout,
            metadata_max_age_ms=METADATA_MS,
            logger=None,
        )

    async def _connect(self) -> Callable[..., AIOKafkaConsumer]:
        builder = await super()._connect()
        assert isinstance(builder, partial)
        patient = partial(PatientConsumer, **builder.keywords)
        self.config.broker_config.builder = patient
        return patient
