"""The timeout of requests to Kafka."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiokafka.errors import KafkaError

KAFKA_TIMEOUT_SECONDS = 30.0


class KafkaAwayError(KafkaError):  # type: ignore[misc]
    """Kafka did not answer within KAFKA_TIMEOUT_SECONDS."""


@asynccontextmanager
async def bounded(what: str) -> AsyncGenerator[None]:
    """Raises KafkaAwayError."""
    try:
        async with asyncio.timeout(KAFKA_TIMEOUT_SECONDS):
            yield
    except TimeoutError:
        message = f"Kafka has not answered for {KAFKA_TIMEOUT_SECONDS:.0f} s: {what}"
        raise KafkaAwayError(message) from None
