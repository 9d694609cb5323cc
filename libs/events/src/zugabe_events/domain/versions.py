"""Versions of rules, each in force from its `effective_at` to the next one (X-40)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol


class Effective(Protocol):
    @property
    def effective_at(self) -> datetime: ...


class Version(Effective, Protocol):
    @property
    def version(self) -> int: ...


def latest[V: Version](versions: Iterable[V]) -> V | None:
    """The version that is in force last."""
    return max(versions, key=lambda version: (version.effective_at, version.version), default=None)


def version_at[V: Version](versions: Iterable[V], at: datetime) -> V | None:
    """The version in force at an instant; None before the first one."""
    return latest(version for version in versions if version.effective_at <= at)


def last_begun[E: Effective](in_order: Sequence[E], at: datetime) -> E | None:
    """Of what is in order, the last that has begun at an instant."""
    return next((begun for begun in reversed(in_order) if begun.effective_at <= at), None)
