"""Who fails too often has to wait (X-29): failures are counted for all replicas, and durably.

Only failures are written. Whoever has none costs a look into memory.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol
from weakref import WeakValueDictionary

from cachetools import LRUCache
from pymongo import ASCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.mongo.client import Database, Document, create_missing
from zugabe_events.observability import metrics

MAX_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Failures:
    """How many different things were tried in vain, and until when that counts."""

    times: int
    until: datetime


class Tally(Protocol):
    async def failed(self, who: str, what: str, now: datetime, window: timedelta) -> Failures:
        """A window begins with its first failure. The same thing tried again counts once."""
        ...


class Throttle:
    """Who may fail a number of times in a window, and try as much at once.

    A replica learns of failures elsewhere by the next one that it sees itself.
    """

    def __init__(self, tally: Tally, window: timedelta) -> None:
        self._tally = tally
        self._window = window
        self._known: LRUCache[str, Failures] = LRUCache(MAX_KNOWN)
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def attempt(
        self, what: str, most: Mapping[str, int], now: datetime
    ) -> AsyncGenerator["Attempt"]:
        """`most` failures by who tries. Raises ThrottledError."""
        async with AsyncExitStack() as turns:
            for who, times in most.items():
                await turns.enter_async_context(self._turn(who, times))
            self._refuse(most, now)
            yield Attempt(self, what, most, now)

    def _turn(self, who: str, times: int) -> asyncio.Semaphore:
        """Guesses that are sent all at once do not all come before the first one has failed."""
        turn = self._turns.get(who)
        if turn is None:
            turn = self._turns[who] = asyncio.Semaphore(times)
        return turn

    async def failed(self, what: str, most: Mapping[str, int], now: datetime) -> None:
        for who in most:
            self._known[who] = await self._tally.failed(who, hashed(what), now, self._window)
        self._refuse({who: times + 1 for who, times in most.items()}, now)

    def _refuse(self, most: Mapping[str, int], now: datetime) -> None:
        for who, times in most.items():
            known = self._known.get(who)
            if known is not None and known.times >= times and known.until > now:
                metrics.guesses_refused.inc()
                raise ThrottledError(
                    "Zu viele Versuche. Bitte warten Sie eine Weile.",
                    retry_after=int((known.until - now).total_seconds()) + 1,
                )


@dataclass(frozen=True, slots=True)
class Attempt:
    throttle: Throttle
    what: str
    most: Mapping[str, int]
    now: datetime

    async def failed(self) -> None:
        """Raises ThrottledError when that was one too many."""
        await self.throttle.failed(self.what, self.most, self.now)


def hashed(text: str) -> str:
    """What was tried, and who tried, is not kept in words."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class InMemoryTally:
    """For one process."""

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
    """One document by who failed, which goes away by itself."""

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
    await create_missing(db, "failures")
    await db.failures.create_index([("until", ASCENDING)], expireAfterSeconds=0)
