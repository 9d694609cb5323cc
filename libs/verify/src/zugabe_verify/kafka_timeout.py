"""A limit to waiting for Kafka."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiokafka.errors import KafkaError

KAFKA_TIMEOUT_SECONDS = 30.0


class KafkaAwayError(KafkaError):  # type: ignore[misc]
    """Nothing came from it for as long as an audit waits."""


@asynccontextmanager
async def bounded(what: str) -> AsyncGenerator[None]:
    """Raises KafkaAwayError."""
    try:
        async with asyncio.timeout(KAFKA_TIMEOUT_SECONDS):
            yield
    except TimeoutError:
        message = f"Kafka has not answered for {KAFKA_TIMEOUT_SECONDS:.0f} s: {what}"
        raise KafkaAwayError(message) from None
