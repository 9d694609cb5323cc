"""Timers of the domain: an event schedules one, and it fires unless a later event cancels it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent


@dataclass(frozen=True, slots=True)
class Schedule:
    """Schedule the timer `key` to fire at `at`, or as soon as possible after that."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancel the timer `key`."""

    key: str


@dataclass(frozen=True, slots=True)
class TimerRule:
    """`name` is literal and never changes: it is the consumer group and part of timer ids.

    `fire` takes the key and checks in the history whether there is still something to do: a timer
    fires at least once, and possibly although an event that cancels it is on its way.
    """

    name: str
    topics: tuple[str, ...]
    due: Callable[[ReceivedEvent], Schedule | Cancel | None]
    fire: Callable[[EventStore, str, Context], Awaitable[None]]
