"""Pure deciders: a command and a state give events; events give the next state."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from zugabe_events.domain.event import Event, Stream


@dataclass(frozen=True, slots=True)
class Decider[Command, State, E: Event]:
    """`name` distinguishes cached states of different deciders over one stream.

    A state that is too large to be kept is not cached: each load folds its whole stream.
    """

    name: str
    initial: State
    decide: Callable[[Command, State], Sequence[E]]
    evolve: Callable[[State, E], State]
    is_cached: bool = True

    def fold(self, events: Iterable[E], state: State | None = None) -> State:
        current = self.initial if state is None else state
        for event in events:
            current = self.evolve(current, event)
        return current


@dataclass(frozen=True, slots=True)
class History[State, E: Event]:
    """A stream and the decider that interprets its events."""

    stream: Stream
    decider: Decider[Any, State, E]
