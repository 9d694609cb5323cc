"""Kafka is waited for, but not for ever."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiokafka.errors import KafkaError

KAFKA_SECONDS = 30.0


class KafkaAwayError(KafkaError):  # type: ignore[misc]
    """Nothing came from it for as long as an audit waits."""


@asynccontextmanager
async def bounded(what: str) -> AsyncGenerator[None]:
    """Raises KafkaAwayError."""
    try:
        async with asyncio.timeout(KAFKA_SECONDS):
            yield
    except TimeoutError:
        message = f"Kafka has not answered for {KAFKA_SECONDS:.0f} s: {what}"
        raise KafkaAwayError(message) from None
