"""Alarms of the domain: an event sets one, a later event settles it, else it rings."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent


@dataclass(frozen=True, slots=True)
class Schedule:
    """The alarm `key` rings at `at`, or as soon after it as somebody is there to hear it."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cancel:
    """The alarm `key` has nothing to ring for any more."""

    key: str


@dataclass(frozen=True, slots=True)
class TimerRule:
    """`name` is literal and never changes: it is the consumer group and part of alarm ids.

    `fire` gets the key and asks the history itself whether there is still something to do: alarms
    ring at least once, and may ring although the settling event is already on its way.
    """

    name: str
    hears: tuple[str, ...]
    due: Callable[[ReceivedEvent], Schedule | Cancel | None]
    fire: Callable[[EventStore, str, Context], Awaitable[None]]
