"""Throttling of guesses (X-29) and of what anybody may do: counted durably and for all replicas.

Only what counts, such as failures, is written; all other requests cost a look into memory.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_network
from typing import Protocol
from weakref import WeakValueDictionary

from cachetools import LRUCache
from pymongo import ASCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.mongo.client import Database, Document, create_missing
from zugabe_events.observability import metrics

MAX_REMEMBERED = 10_000

PREFIX = {4: 32, 6: 64}
"""Bits of an address that identify a client: one IPv6 address comes with 64 bits of its own."""


@dataclass(frozen=True, slots=True)
class Failures:
    """The number of different things that were tried in vain, and the end of their window."""

    times: int
    until: datetime


class Tally(Protocol):
    async def failed(self, who: str, what: str, now: datetime, window: timedelta) -> Failures:
        """Count a failure. The window begins with the first; repeats of one thing count once."""
        ...


class Throttle:
    """Limits failures of a person or client in a window, and their concurrent attempts.

    A replica learns of failures elsewhere with the next one that it counts itself.
    """

    def __init__(self, tally: Tally, window: timedelta) -> None:
        self._tally = tally
        self._window = window
        self._failures: LRUCache[str, Failures] = LRUCache(MAX_REMEMBERED)
        self._semaphores: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def attempt(
        self, what: str, limits: Mapping[str, int], now: datetime
    ) -> AsyncGenerator["Attempt"]:
        """An attempt on behalf of everyone in `limits`, which gives the failures allowed to each.

        Raises ThrottledError.
        """
        async with AsyncExitStack() as stack:
            for who, times in limits.items():
                await stack.enter_async_context(self._semaphore(who, times))
            self._refuse(limits, now)
            yield Attempt(self, what, limits, now)

    def _semaphore(self, who: str, times: int) -> asyncio.Semaphore:
        """Bounds concurrent attempts: guesses sent all at once must not overtake their failures."""
        semaphore = self._semaphores.get(who)
        if semaphore is None:
            semaphore = self._semaphores[who] = asyncio.Semaphore(times)
        return semaphore

    async def failed(self, what: str, limits: Mapping[str, int], now: datetime) -> None:
        for who in limits:
            self._failures[who] = await self._tally.failed(who, hashed(what), now, self._window)
        self._refuse({who: times + 1 for who, times in limits.items()}, now)

    def _refuse(self, limits: Mapping[str, int], now: datetime) -> None:
        for who, times in limits.items():
            failures = self._failures.get(who)
            if failures is not None and failures.times >= times and failures.until > now:
                metrics.guesses_refused.inc()
                raise ThrottledError(
                    "Zu viele Versuche. Bitte warten Sie eine Weile.",
                    retry_after=int((failures.until - now).total_seconds()) + 1,
                )


@dataclass(frozen=True, slots=True)
class Attempt:
    throttle: Throttle
    what: str
    limits: Mapping[str, int]
    now: datetime

    async def failed(self) -> None:
        """Count this attempt as failed. Raises ThrottledError for one too many."""
        await self.throttle.failed(self.what, self.limits, self.now)


def network_of(client: str) -> str:
    """The name of a person's device for `limits`."""
    network = ip_network(client)
    return f"client/{network.supernet(new_prefix=PREFIX[network.version])}"


def hashed(text: str) -> str:
    """Neither what was tried nor who tried it is stored in plain text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class InMemoryTally:
    """Failures of one process, for tests."""

    def __init__(self) -> None:
        self._failures: dict[str, tuple[set[str], datetime]] = {}

    async def failed(self, who: str, what: str, now: datetime, window: timedelta) -> Failures:
        tried, until = self._failures.get(who, (set(), now))
        if until <= now:
            tried, until = set(), now + window
        tried.add(what)
        self._failures[who] = (tried, until)
        return Failures(len(tried), until)


class MongoTally:
    """One document for each principal or address that failed; it expires by itself."""

    def __init__(self, db: Database) -> None:
        self._failures = db.failures

    async def failed(self, who: str, what: str, now: datetime, window: timedelta) -> Failures:
        counts = {"$gt": ["$until", now]}
        update = {
            "tried": {"$cond": [counts, {"$setUnion": ["$tried", [what]]}, [what]]},
            "until": {"$cond": [counts, "$until", now + window]},
        }
        while True:
            try:
                found: Document | None = await self._failures.find_one_and_update(
                    {"_id": hashed(who)},
                    [{"$set": update}],
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:  # two first failures at once
                continue
            assert found is not None
            return Failures(len(found["tried"]), found["until"])


async def deploy_failures(db: Database) -> None:
    """Create the collection of failures and its index if missing."""
    await create_missing(db, "failures")
    await db.failures.create_index([("until", ASCENDING)], expireAfterSeconds=0)
