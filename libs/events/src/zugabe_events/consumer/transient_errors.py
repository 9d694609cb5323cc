"""Errors that pass by themselves, as opposed to those that only other code can avoid."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import ClientError
from aiokafka.errors import KafkaError
from pymongo.errors import OperationFailure, PyMongoError

from zugabe_events.consumer.effect import ConflictError
from zugabe_events.domain.backoff import Backoff
from zugabe_events.domain.errors import StaleError, UnavailableError, UnknownEventError
from zugabe_events.observability import metrics

log = logging.getLogger(__name__)

TOO_LARGE_CODES = {10334, 17280, 17419, 17420}
"""The server rejects a document because of its content, and will do so every time."""

TRANSIENT_ERRORS = (
    PyMongoError,
    KafkaError,
    ClientError,
    OSError,
    StaleError,
    UnavailableError,
    UnknownEventError,
)
"""Unavailable stores, races, and events of the service's own that only newer code knows, which is
being deployed. `OSError` includes connection errors and timeouts."""

BACKOFF = Backoff(0.01, 5.0)
QUIET_ATTEMPTS = 2
"""Conflicts and database errors are common enough not to be logged for so few attempts."""


def is_transient(error: BaseException) -> bool:
    """True: the same message may well be handled later. False: only other code will handle it."""
    if isinstance(error, OperationFailure) and error.code in TOO_LARGE_CODES:
        return False
    return isinstance(error, TRANSIENT_ERRORS)


class StoppedError(Exception):
    """The process is stopping; what was not committed will be read again."""


class TransientRetries:
    """Pauses between attempts of one consumer, for as long as its process runs."""

    def __init__(self, consumer: str, stopping: asyncio.Event) -> None:
        self._consumer = consumer
        self._stopping = stopping

    async def pause(self, error: Exception, attempt: int) -> None:
        """Back off and log the reason. Raises StoppedError when the process stops meanwhile."""
        metrics.retries.labels(self._consumer).inc()
        if attempt > QUIET_ATTEMPTS or not isinstance(error, ConflictError | PyMongoError):
            log.warning(
                "%s: attempt %d failed, retrying: %s: %s",
                self._consumer, attempt, type(error).__name__, error,
                exc_info=None if isinstance(error, PyMongoError) else error,
            )  # fmt: skip
        try:
            await asyncio.wait_for(self._stopping.wait(), BACKOFF.wait(attempt))
        except TimeoutError:
            return
        raise StoppedError

    async def until_available[Result](self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Repeat a call until the database answers it. Raises StoppedError."""
        attempt = 0
        while True:
            try:
                return await call()
            except PyMongoError as error:
                attempt += 1
                await self.pause(error, attempt)
