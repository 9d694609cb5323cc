"""Majority transactions."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe_events.mongo.client import MAJORITY_READ, MAJORITY_WRITE, Database

COMMIT_MS = 2_000


@asynccontextmanager
async def transaction(db: Database) -> AsyncGenerator[AsyncClientSession]:
    async with (
        db.client.start_session(causal_consistency=False) as session,
        await session.start_transaction(
            read_concern=MAJORITY_READ,
            write_concern=MAJORITY_WRITE,
            max_commit_time_ms=COMMIT_MS,
        ),
    ):
        yield session
