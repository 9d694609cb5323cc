"""given / when / then for deciders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from zugabe_events.domain.decider import Decider
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event
from zugabe_events.eventstore.state_codec import from_bytes, to_bytes


@dataclass(frozen=True)
class Outcome[E: Event]:
    attempt: Callable[[], Sequence[E]]

    def then(self, *expected: E) -> None:
        assert list(self.attempt()) == list(expected)

    def refused(self, kind: type[RefusedError], code: str | None = None) -> RefusedError:
        """The refusal, for a look at its numbers."""
        with pytest.raises(kind) as caught:
            self.attempt()
        if code is not None:
            assert caught.value.code == code
        return caught.value


@dataclass(frozen=True)
class Given[Command, State, E: Event]:
    decider: Decider[Command, State, E]
    history: tuple[E, ...]

    def when(self, command: Command) -> Outcome[E]:
        folded = self.decider.fold(self.history)
        state = from_bytes(to_bytes(folded))
        assert state == folded, "a snapshot of this state would be another one"
        return Outcome(lambda: self.decider.decide(command, state))


def given[Command, State, E: Event](
    decider: Decider[Command, State, E], *history: E
) -> Given[Command, State, E]:
    return Given(decider, history)
