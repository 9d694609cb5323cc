"""Record of whose names were opened for whom: by answer (S11)."""

import time
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from cachetools import TTLCache

from zugabe_events.mongo.client import Database
from zugabe_events.observability.context import Reader, current_correlation, current_reader

KEPT = timedelta(days=3 * 366)
"""Until claims about a disclosure have lapsed (BGB § 195)."""

REPEATED_SECONDS = 3_600.0
"""Whoever reads the same person on the same route again within it is not recorded again."""

MAX_REMEMBERED = 100_000


class Disclosures:
    def __init__(
        self,
        db: Database,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._now = now
        self._recorded: TTLCache[tuple[str, str, str, str], bool] = TTLCache(
            MAX_REMEMBERED, REPEATED_SECONDS, clock
        )

    async def record(self, persons: Collection[str]) -> None:
        """Record what the reader of the present request is about to see, before it is sent.

        Does nothing outside of requests, such as for mails, and about the readers themselves.
        """
        reader = current_reader.get()
        if reader is None:
            return
        by_tenant: dict[str, list[str]] = defaultdict(list)
        for person in persons:
            tenant, _, user = person.partition("/")
            if user != reader.actor and self._is_new(reader, person):
                by_tenant[tenant].append(user)
        if not by_tenant:
            return
        at = self._now()
        await self._db.disclosures.insert_many(
            [
                {
                    "dealer": tenant,
                    "user": sorted(users),
                    "actor": reader.actor,
                    "role": reader.role,
                    "reason": reader.route,
                    "at": at,
                    "correlation": current_correlation.get(),
                    "even_restricted": False,
                    "until": at + KEPT,
                }
                for tenant, users in sorted(by_tenant.items())
            ]
        )
        for tenant, users in by_tenant.items():
            for user in users:
                self._recorded[self._key(reader, f"{tenant}/{user}")] = True

    def _is_new(self, reader: Reader, person: str) -> bool:
        return self._key(reader, person) not in self._recorded

    def _key(self, reader: Reader, person: str) -> tuple[str, str, str, str]:
        return reader.actor, reader.role, reader.route, person
