"""Lists of articles in memory, for the carts that they are compared with."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import chain

from cachetools import LRUCache

from vouchers.assortment.decider import article_list_history, content_history
from zugabe_events.domain.event_store import EventStore, state_of, states_of

MAX_CACHED_ARTICLES = 500_000


@dataclass(frozen=True, slots=True)
class ArticleLists:
    """The lists that were used last stay in memory, up to MAX_CACHED_ARTICLES in all."""

    store: EventStore
    _cache: LRUCache[tuple[str, str], frozenset[str]] = field(
        default_factory=lambda: LRUCache(MAX_CACHED_ARTICLES, getsizeof=len)
    )
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def articles(self, owner: str, list_: str) -> frozenset[str]:
        """The numbers of a list; empty if there is no such list."""
        if (cached := self._cache.get((owner, list_))) is not None:
            return cached
        async with self._lock:  # of many that ask at once, one reads
            if (cached := self._cache.get((owner, list_))) is not None:
                return cached
            parts = await state_of(self.store, content_history(owner, list_))
            found = frozenset(chain.from_iterable(parts))
            if found:
                self._cache[owner, list_] = found
            return found

    async def counts(self, lists: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """The numbers of articles, by owner and id of the list, in one query."""
        distinct = list(dict.fromkeys(lists))
        histories = [article_list_history(owner, list_) for owner, list_ in distinct]
        counts = await states_of(self.store, histories) if histories else []
        return dict(zip(distinct, counts, strict=True))
