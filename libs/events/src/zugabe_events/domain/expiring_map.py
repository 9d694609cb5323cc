"""What a state need not know for ever: remembered by key until the end of a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from immutables import Map


@dataclass(frozen=True, slots=True)
class ExpiringMap[Value]:
    """Whole days (UTC) are forgotten at once, so that remembering costs no look at all the rest."""

    days: Mapping[date, Map[str, Value]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        for keys in self.days.values():
            yield from keys

    def get(self, key: str) -> Value | None:
        return next((values[key] for values in self.days.values() if key in values), None)

    def put(self, key: str, value: Value, until: datetime, now: datetime) -> "ExpiringMap[Value]":
        """With another value for `key`, and without the days that are over."""
        left = {day: values for day, values in self.days.items() if day >= now.date()}
        for day, values in left.items():
            if key in values:
                left[day] = values.delete(key)
        left[until.date()] = left.get(until.date(), Map[str, Value]()).set(key, value)
        return ExpiringMap(left)
