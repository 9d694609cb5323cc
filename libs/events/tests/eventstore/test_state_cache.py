"""States that are kept in memory, and those that are too large for that."""

from collections.abc import Sequence

import pytest

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Event, Stream
from zugabe_events.eventstore.state_cache import StateCache


def nothing(_: None, state: int) -> Sequence[Event]:
    return []


def unchanged(state: int, _: Event) -> int:
    return state


@pytest.mark.parametrize("is_cached", [True, False])
def test_a_decider_says_whether_its_states_are_kept(*, is_cached: bool) -> None:
    decider: Decider[None, int, Event] = Decider("d", 0, nothing, unchanged, is_cached=is_cached)
    history = History(Stream("s/1", "s/1"), decider)
    cache = StateCache()
    cache.put(history, 7, 3, "s/1")
    assert cache.get(history) == ((7, 3, "s/1") if is_cached else (0, 0, "s/1"))
