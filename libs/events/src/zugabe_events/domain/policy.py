"""Policies: pure rules that react to events with commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event received from Kafka; `recorded_at` is the time of its append."""

    id: str
    event: Event
    stream: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    """One command to one history. It never raises: what is impossible is an event or nothing.

    `command` takes the states of `reads`, in their order, and returns the command for `target`.
    """

    target: History[Any, Any]
    command: Callable[..., object]
    reads: tuple[History[Any, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """`name` is literal and never changes: it is the consumer group and part of commit ids.

    `start` is where a new policy begins to read an existing topic. `react` returns at most one
    reaction per target.
    """

    name: str
    topics: tuple[str, ...]
    react: Callable[[ReceivedEvent], Sequence[Reaction]]
    start: Literal["beginning", "now"] = "beginning"
