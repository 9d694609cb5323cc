"""What a policy is: when they say X, we do Y; pure, and decided with the same deciders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as it came over Kafka. `recorded_at` is when its log took it."""

    id: str
    event: Event
    stream: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Reaction:
    """One command to one history. It never raises: an impossible wish is an event or nothing.

    `command` gets the states of `reads`, in their order, and gives the command for `target`.
    """

    target: History[Any, Any]
    command: Callable[..., object]
    reads: tuple[History[Any, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """`name` is literal and never changes: it is the consumer group and part of commit ids.

    `start` decides about a topic that is older than the policy: read it all, or from now on.
    `react` gives at most one reaction per target.
    """

    name: str
    hears: tuple[str, ...]
    react: Callable[[ReceivedEvent], Sequence[Reaction]]
    start: Literal["beginning", "now"] = "beginning"
