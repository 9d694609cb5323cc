"""Deletes bytes that belong to no document: uploads without an event, and removed documents whose
bytes could not be deleted. Bounded, and safe to run in several processes at once."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta

from fastapi import FastAPI
from pymongo.errors import PyMongoError

from onboarding.document.decider import Stored, document_history
from onboarding.document.files import Files
from zugabe_events.domain.event_store import EventStore, state_of

log = logging.getLogger(__name__)

MIN_LOOSE_AGE = timedelta(hours=1)
"""Longer than any request takes between its bytes and its event."""

MAX_SWEPT = 500
SWEEP_INTERVAL_SECONDS = 600.0


def name_of(partner: str, document: str, sha256: str) -> str:
    """None of them has a slash."""
    return f"{partner}/{document}/{sha256}"


async def sweep(store: EventStore, files: Files, now: datetime) -> int:
    """Keep or delete loose files; return their number."""
    found = await files.loose(now - MIN_LOOSE_AGE, MAX_SWEPT)
    for loose in found:
        partner, document, sha256 = loose.name.split("/")
        state = await state_of(store, document_history(partner, document))
        if isinstance(state, Stored) and state.event.sha256 == sha256:
            await files.keep(loose.name)
        else:
            await files.sweep(loose)
    return len(found)


def sweeper_lifespan(
    store: EventStore, files: Files, now: Callable[[], datetime]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """For the app's lifespan: at the start, and every ten minutes."""

    async def go_on() -> None:
        while True:
            try:
                await sweep(store, files, now())
            except PyMongoError as error:
                log.warning("loose files are swept later: %s", type(error).__name__)
            await asyncio.sleep(SWEEP_INTERVAL_SECONDS)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        task = asyncio.create_task(go_on())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return lifespan
