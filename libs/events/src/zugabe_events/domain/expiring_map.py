"""Persistent map whose entries expire at the end of a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from immutables import Map


@dataclass(frozen=True, slots=True)
class ExpiringMap[Value]:
    """Entries are grouped by day (UTC), so that expiry does not visit each of them."""

    days: Mapping[date, Map[str, Value]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        for keys in self.days.values():
            yield from keys

    def get(self, key: str) -> Value | None:
        return next((values[key] for values in self.days.values() if key in values), None)

    def put(self, key: str, value: Value, until: datetime, now: datetime) -> "ExpiringMap[Value]":
        """A copy with a value for `key` and without past days."""
        left = {day: values for day, values in self.days.items() if day >= now.date()}
        for day, values in left.items():
            if key in values:
                left[day] = values.delete(key)
        left[until.date()] = left.get(until.date(), Map[str, Value]()).set(key, value)
        return ExpiringMap(left)
