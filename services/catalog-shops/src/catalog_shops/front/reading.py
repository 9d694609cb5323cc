"""What a page is made of: the documents that were read for it, and until when it says the same."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zugabe_events.domain.calendar import day_of, start_of
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Stamps, Views

MAX_AGE = timedelta(seconds=60)
"""What is made is made again after that time. An event that is redriven late leaves no stamp."""


@dataclass(frozen=True, slots=True)
class Source[View]:
    """The documents of a read model."""

    model: ReadModel[View]
    views: Views[View]


@dataclass(slots=True)
class Reading:
    """Reads documents for something that is shown as of `at`, and remembers which ones.

    `stamps` are older than what was read whenever a document changed meanwhile, and so is what was
    made. `until` is the next moment at which it may say something else.
    """

    at: datetime
    until: datetime
    keys: dict[str, set[str]] = field(default_factory=dict)
    stamps: dict[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def as_of(cls, at: datetime) -> "Reading":
        """What is planned by days changes at midnight in Berlin."""
        return cls(at, min(at + MAX_AGE, start_of(day_of(at) + timedelta(days=1))))

    async def get_many[View](
        self, source: Source[View], keys: Collection[str]
    ) -> Mapping[str, View]:
        self.keys.setdefault(source.model.name, set()).update(keys)
        found, stamps = await source.views.get_stamped(keys)
        self._remember(stamps)
        return found

    async def get[View](self, source: Source[View], key: str) -> View | None:
        return (await self.get_many(source, [key])).get(key)

    def include(self, other: "Reading") -> None:
        """What was made by another reading is part of this one."""
        for name, keys in other.keys.items():
            self.keys.setdefault(name, set()).update(keys)
        self._remember(other.stamps)
        self.until = min(self.until, other.until)

    def changes_at(self, moment: datetime | None) -> None:
        """Something that was read changes then."""
        if moment is not None and self.at < moment < self.until:
            self.until = moment

    def _remember(self, stamps: Stamps) -> None:
        for name, stamp in stamps.items():
            self.stamps.setdefault(name, stamp)
