"""Classification of failed writes."""

from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

from zugabe_events.mongo.client import DUPLICATE_KEY


def is_duplicate(error: BaseException) -> bool:
    if isinstance(error, BulkWriteError):
        return any(failed.get("code") == DUPLICATE_KEY for failed in error.details["writeErrors"])
    return isinstance(error, OperationFailure) and error.code == DUPLICATE_KEY


PASSING_CODES = {
    6, 7, 24, 50, 64, 89, 91, 112, 189, 202, 246, 251, 262, 9001, 10107,
    11600, 11601, 11602, 13435, 13436,
}  # fmt: skip
"""Networks, elections, shutdowns, timeouts, conflicts: a later attempt may succeed."""


def is_passing(error: BaseException) -> bool:
    """True if the same write or transaction may succeed when repeated."""
    if isinstance(error, ConnectionFailure):
        return True
    if isinstance(error, PyMongoError) and (
        error.has_error_label("TransientTransactionError")
        or error.has_error_label("UnknownTransactionCommitResult")
    ):
        return True
    if isinstance(error, BulkWriteError):
        return any(failed.get("code") in PASSING_CODES for failed in error.details["writeErrors"])
    return isinstance(error, OperationFailure) and error.code in PASSING_CODES
