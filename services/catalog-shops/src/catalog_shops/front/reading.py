"""Sources of a page: the documents read for it, and the time until which it says the same."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from zugabe_events.domain.calendar import day_of, start_of
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.projection import ReadModel, tally_key
from zugabe_events.domain.views import FilterValue, Page, Stamp, Stamps, Views

MAX_AGE = timedelta(seconds=60)
"""The age at which a page is made again: an event that is redriven late leaves no stamp."""


@dataclass(frozen=True, slots=True)
class Source[View]:
    """The documents of a read model."""

    model: ReadModel[View]
    views: Views[View]


@dataclass(slots=True)
class Reading:
    """Reads documents for something that is shown as of `at`, and remembers which ones.

    `stamps` are those of the first time: older than what was read when a document changed
    meanwhile, so that what was made holds no longer. `until` is the next moment at which it may say
    something else.
    """

    at: datetime
    until: datetime
    keys: dict[str, set[str]] = field(default_factory=dict)
    stamps: dict[tuple[str, str], Stamp | None] = field(default_factory=dict)

    @classmethod
    def as_of(cls, at: datetime) -> "Reading":
        """Plans by days change at midnight in Berlin."""
        return cls(at, start_of(day_of(at) + timedelta(days=1)))

    def is_within(self, now: datetime) -> bool:
        """True while the page may still be shown, as far as time is concerned."""
        return self.at <= now < min(self.until, self.at + MAX_AGE)

    async def get_many[View](
        self, source: Source[View], keys: Collection[str]
    ) -> Mapping[str, View]:
        name = source.model.name
        self.keys.setdefault(name, set()).update(keys)
        found, stamps = await source.views.get_stamped(keys)
        for key in keys:
            self.stamps.setdefault((name, key), stamps.get((name, key)))
        return found

    async def get[View](self, source: Source[View], key: str) -> View | None:
        return (await self.get_many(source, [key])).get(key)

    async def watch(self, source: Source[Any], names: Iterable[str]) -> None:
        """Remember tallies, before documents are read that they count."""
        await self.get_many(source, {tally_key(name) for name in names})

    def views[View](self, source: Source[View]) -> Views[View]:
        """The documents for functions that get many of them by keys."""
        return TrackedViews(self, source)

    def include(self, other: "Reading") -> None:
        """Add the sources of another reading to this one."""
        for name, keys in other.keys.items():
            self.keys.setdefault(name, set()).update(keys)
        for document, stamp in other.stamps.items():
            self.stamps.setdefault(document, stamp)
        self.until = min(self.until, other.until)

    def holds(self, stamps: Stamps) -> bool:
        """True if the documents that were read still have their stamps."""
        return all(stamps.get(name) == stamp for name, stamp in self.stamps.items())

    def changes_at(self, moment: datetime | None) -> None:
        """Something that was read changes then."""
        if moment is not None and self.at < moment < self.until:
            self.until = moment


@dataclass(frozen=True, slots=True)
class TrackedViews[View]:
    """Views whose documents a reading remembers; what else they find is watched by tallies."""

    reading: Reading
    source: Source[View]

    async def get(self, key: str) -> View | None:
        return await self.reading.get(self.source, key)

    async def get_many(self, keys: Collection[str]) -> Mapping[str, View]:
        return await self.reading.get_many(self.source, keys)

    async def get_stamped(self, keys: Collection[str]) -> tuple[Mapping[str, View], Stamps]:
        return await self.source.views.get_stamped(keys)

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[View]:
        return await self.source.views.page(where, sort=sort, after=after, limit=limit)

    async def pick(
        self, where: Mapping[str, FilterValue], fields: Sequence[str], *, limit: int
    ) -> Sequence[Sequence[Any]]:
        return await self.source.views.pick(where, fields, limit=limit)

    async def sums(
        self, where: Mapping[str, FilterValue], fields: Sequence[str]
    ) -> tuple[int, Mapping[str, int]]:
        return await self.source.views.sums(where, fields)

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.source.views.caught_up(tokens)

    async def up_to_date(self) -> None:
        await self.source.views.up_to_date()
