"""Deletes bytes that the log does not name: uploads without an event, and removed files whose
bytes could not be deleted. Bounded, and safe to run in several processes at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from pymongo.errors import PyMongoError

from zugabe_events.domain.errors import UnknownEventError
from zugabe_events.files.store import Files

log = logging.getLogger(__name__)

MIN_LOOSE_AGE = timedelta(hours=1)
"""Longer than any request takes between its bytes and its event."""

MAX_SWEPT = 500
SWEEP_INTERVAL_SECONDS = 600.0

type IsWanted = Callable[[str], Awaitable[bool]]
"""True for a name of a file that the log has, read with majority."""


async def sweep(files: Files, is_wanted: IsWanted, now: datetime) -> int:
    """Keep or delete loose files; return their number."""
    found = await files.loose(now - MIN_LOOSE_AGE, MAX_SWEPT)
    for loose in found:
        if await is_wanted(loose.name):
            await files.keep(loose.name)
        else:
            await files.sweep(loose)
    return len(found)


async def keep_swept(files: Files, is_wanted: IsWanted, now: Callable[[], datetime]) -> None:
    """Sweep at once and every ten minutes, until cancelled."""
    while True:
        try:
            await sweep(files, is_wanted, now())
        except (PyMongoError, UnknownEventError) as error:
            log.warning("loose files are swept later: %s", type(error).__name__)
        await asyncio.sleep(SWEEP_INTERVAL_SECONDS)
