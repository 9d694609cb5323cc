"""A toy service for tests of the kernel: counters that hear of additions, and mirror them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from uuid import uuid4

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Context, Event, EventTypes, Stream
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.domain.projection import ReadModel
from zugabe_events.eventstore.command_handler import CommandResult, handle


class Added(Event, frozen=True):
    stored_as: ClassVar[str] = "added"

    counter: str
    amount: int


class Mirrored(Event, frozen=True):
    stored_as: ClassVar[str] = "mirrored"

    counter: str
    amount: int


type ToyEvent = Added | Mirrored

TYPES = EventTypes.of(ToyEvent)


@dataclass(frozen=True)
class Add:
    counter: str
    amount: int


def decide(command: Add, total: int) -> Sequence[Added]:
    return [Added(command.counter, command.amount)]


def evolve(total: int, event: Added) -> int:
    return total + event.amount


def mirror(command: Add, total: int) -> Sequence[Mirrored]:
    return [Mirrored(command.counter, command.amount)]


def reflect(total: int, event: Mirrored) -> int:
    return total + event.amount


ADDING_DECIDER: Decider[Add, int, Added] = Decider("adding", 0, decide, evolve)
MIRRORING_DECIDER: Decider[Add, int, Mirrored] = Decider("mirroring", 0, mirror, reflect)


def counter_history(name: str) -> History[int, Added]:
    return History(Stream(f"counter/{name}", name), ADDING_DECIDER)


def mirror_history(name: str) -> History[int, Mirrored]:
    return History(Stream(f"mirror/{name}", name), MIRRORING_DECIDER)


type Start = Callable[[str], asyncio.Task[None]]


def now() -> datetime:
    return datetime.now(UTC)


def context() -> Context:
    return Context("tester", "service", "acme", now(), "c1")


async def add(store: EventStore, name: str, amount: int = 1) -> CommandResult:
    return await handle(store, counter_history(name), Add(name, amount), context(), attempt=uuid4())


def mirror_additions(received: ReceivedEvent) -> list[Reaction]:
    match received.event:
        case Added(name, amount):
            return [Reaction(mirror_history(name), lambda: Add(name, amount))]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class CounterView:
    counter: str
    added: int = 0
    mirrored: int = 0


def project(view: CounterView | None, event: Event) -> CounterView | None:
    match event:
        case Added(name, amount):
            known = view or CounterView(name)
            return CounterView(name, known.added + amount, known.mirrored)
        case Mirrored(name, amount):
            known = view or CounterView(name)
            return CounterView(name, known.added, known.mirrored + amount)
        case _:
            return view


def keys(event: Event) -> Sequence[str]:
    match event:
        case Added(name) | Mirrored(name):
            return [name]
        case _:
            return []


def policy(topic: str) -> Policy:
    return Policy("toy.mirror", (topic,), mirror_additions)


def counters(topic: str) -> ReadModel[CounterView]:
    return ReadModel("toy.counters", 1, (topic,), CounterView, keys, project, (("added",),))
