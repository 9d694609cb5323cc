"""Whose fault a failure is: that of the circumstances, or of the code with this very message."""

from aiohttp import ClientError
from aiokafka.errors import KafkaError
from pymongo.errors import OperationFailure, PyMongoError

from zugabe_events.domain.errors import StaleError, UnavailableError, UnknownEventError

TOO_LARGE_CODES = {10334, 17280, 17419, 17420}
"""The server refuses a document for what it holds, and will do so every time."""

CIRCUMSTANCES = (
    PyMongoError,
    KafkaError,
    ClientError,
    OSError,
    StaleError,
    UnavailableError,
    UnknownEventError,
)
"""They pass: stores that are away, races, and own events that only newer code knows, which is
being deployed. `OSError` includes what connections and time limits raise."""


def is_transient(error: BaseException) -> bool:
    """True: the same message may well be handled later. False: only other code will handle it."""
    if isinstance(error, OperationFailure) and error.code in TOO_LARGE_CODES:
        return False
    return isinstance(error, CIRCUMSTANCES)
