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
from zugabe_events.http.networks import Networks
from zugabe_events.mongo.client import Database, Document, create_missing
from zugabe_events.observability import metrics

MAX_REMEMBERED = 10_000

MAX_TRIED = 100
"""Different things that are kept of what counts, the latest; a repeat of another counts again."""

PREFIX = {4: 32, 6: 64}
"""Bits of an address that identify a client: one IPv6 address comes with 64 bits of its own."""


@dataclass(frozen=True, slots=True)
class Count:
    """The number of different things that count, and the end of their window."""

    times: int
    until: datetime


class Tally(Protocol):
    async def count(self, who: str, what: str, now: datetime, window: timedelta) -> Count:
        """Count an attempt. The window begins with the first; repeats of one thing count once."""
        ...


class Throttle:
    """Limits attempts that count of a person or client in a window, and their concurrent ones.

    A replica learns of attempts elsewhere with the next one that it counts itself. What is refused
    is counted as guesses, which an alert is about, unless `guesses` is false.
    """

    def __init__(self, tally: Tally, window: timedelta, *, guesses: bool = True) -> None:
        self._tally = tally
        self._window = window
        self._guesses = guesses
        self._counts: LRUCache[str, Count] = LRUCache(MAX_REMEMBERED)
        self._semaphores: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def attempt(
        self, what: str, limits: Mapping[str, int], now: datetime
    ) -> AsyncGenerator["Attempt"]:
        """An attempt on behalf of everyone in `limits`, which gives the number allowed to each.

        Raises ThrottledError.
        """
        async with AsyncExitStack() as stack:
            for who, times in limits.items():
                await stack.enter_async_context(self._semaphore(who, times))
            self._refuse(limits, now)
            yield Attempt(self, what, limits, now)

    def _semaphore(self, who: str, times: int) -> asyncio.Semaphore:
        """Bounds concurrent attempts: guesses sent all at once must not overtake their count."""
        semaphore = self._semaphores.get(who)
        if semaphore is None:
            semaphore = self._semaphores[who] = asyncio.Semaphore(times)
        return semaphore

    async def count(self, what: str, limits: Mapping[str, int], now: datetime) -> None:
        for who in limits:
            self._counts[who] = await self._tally.count(who, hashed(what), now, self._window)
        self._refuse({who: times + 1 for who, times in limits.items()}, now)

    def _refuse(self, limits: Mapping[str, int], now: datetime) -> None:
        for who, times in limits.items():
            count = self._counts.get(who)
            if count is not None and count.times >= times and count.until > now:
                if self._guesses:
                    metrics.guesses_refused.inc()
                raise ThrottledError(
                    "Zu viele Versuche. Bitte warten Sie eine Weile.",
                    retry_after=int((count.until - now).total_seconds()) + 1,
                )


@dataclass(frozen=True, slots=True)
class Attempt:
    throttle: Throttle
    what: str
    limits: Mapping[str, int]
    now: datetime

    async def count(self) -> None:
        """Count this attempt, such as one that failed. Raises ThrottledError for one too many."""
        await self.throttle.count(self.what, self.limits, self.now)


SHARED = Networks("10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7, fe80::/10")
"""Networks behind which many people are: a proxy that nobody listed, a company, a provider. Their
addresses say nothing about who asks (S21)."""


def network_of(client: str) -> str:
    """The name of a person's device for `limits`."""
    network = ip_network(client)
    return f"client/{network.supernet(new_prefix=PREFIX[network.version])}"


def hashed(text: str) -> str:
    """Neither what was tried nor who tried it is stored in plain text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class InMemoryTally:
    """Counts of one process, for tests."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[set[str], datetime]] = {}

    async def count(self, who: str, what: str, now: datetime, window: timedelta) -> Count:
        tried, until = self._counted.get(who, (set(), now))
        if until <= now:
            tried, until = set(), now + window
        tried.add(what)
        self._counted[who] = (tried, until)
        return Count(len(tried), until)


class MongoTally:
    """One document for each principal or address that counts; it expires by itself."""

    def __init__(self, db: Database) -> None:
        self._failures = db.failures

    async def count(self, who: str, what: str, now: datetime, window: timedelta) -> Count:
        counts = {"$gt": ["$until", now]}
        times = {"$ifNull": ["$times", {"$size": {"$ifNull": ["$tried", []]}}]}
        again = {"$in": [what, {"$ifNull": ["$tried", []]}]}
        more = {"$slice": [{"$concatArrays": ["$tried", [what]]}, -MAX_TRIED]}
        update = {
            "tried": {"$cond": [counts, {"$cond": [again, "$tried", more]}, [what]]},
            "times": {"$cond": [counts, {"$cond": [again, times, {"$add": [times, 1]}]}, 1]},
            "until": {"$cond": [counts, "$until", now + window]},
        }
        while True:
            try:
                found: Document | None = await self._failures.find_one_and_update(
                    {"_id": hashed(who)},
                    [{"$set": update}],
                    projection={"times": True, "until": True},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError:  # two first failures at once
                continue
            assert found is not None
            return Count(found["times"], found["until"])


async def deploy_failures(db: Database) -> None:
    """Create the collection of counted attempts and its index if missing."""
    await create_missing(db, "failures")
    await db.failures.create_index([("until", ASCENDING)], expireAfterSeconds=0)
