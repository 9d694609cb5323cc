"""What a failed write means."""

from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError

from zugabe_events.mongo import DUPLICATE_KEY


def is_duplicate(error: BaseException) -> bool:
    if isinstance(error, BulkWriteError):
        return any(one.get("code") == DUPLICATE_KEY for one in error.details["writeErrors"])
    return isinstance(error, OperationFailure) and error.code == DUPLICATE_KEY


PASSING_CODES = {50, 112, 251, 262, 11600, 11602, 189, 91, 10107, 13435, 64}


def is_passing(error: BaseException) -> bool:
    """True if the same transaction may well succeed the next time."""
    if isinstance(error, ConnectionFailure):
        return True
    if isinstance(error, PyMongoError) and (
        error.has_error_label("TransientTransactionError")
        or error.has_error_label("UnknownTransactionCommitResult")
    ):
        return True
    if isinstance(error, BulkWriteError):
        return any(one.get("code") in PASSING_CODES for one in error.details["writeErrors"])
    return isinstance(error, OperationFailure) and error.code in PASSING_CODES
