"""Majority transactions."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.mongo.client import MAJORITY_READ, MAJORITY_WRITE, Database

COMMIT_TIMEOUT_MS = 2_000


@asynccontextmanager
async def transaction(
    db: Database, commit_timeout_ms: int = COMMIT_TIMEOUT_MS
) -> AsyncGenerator[AsyncClientSession]:
    """Commit on exit, abort on an exception. After it the session's `operation_time` is the
    cluster time of the commit."""
    async with (
        db.client.start_session(causal_consistency=False) as session,
        await session.start_transaction(
            read_concern=MAJORITY_READ,
            write_concern=MAJORITY_WRITE,
            max_commit_time_ms=commit_timeout_ms,
        ),
    ):
        yield session
