"""The version of a programme that an order follows."""

from datetime import timedelta

import msgspec
from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, MARCH_1, TERMS

from bonus.programme.versions import ALWAYS, Active, Draft, Programme, Versions, evolve
from zugabe_events.contracts.bonus import ProgrammeActivated, ProgrammeSetUp, PromotionAdded
from zugabe_events.domain.event import Event

HOUR = timedelta(hours=1)
DOUBLE = msgspec.structs.replace(TERMS, points_per_euro=2)


def versions(*events: Event) -> Versions:
    state = Versions()
    for event in events:
        state = evolve(state, event)  # type: ignore[arg-type]  # these are events of a programme
    return state


RUNNING = versions(
    ProgrammeSetUp(DEALER, 1, TERMS, MARCH_1),
    msgspec.structs.replace(FIVE_EUROS, effective_at=MARCH_1),
    ProgrammeActivated(DEALER, 3, MARCH_1),
    ProgrammeSetUp(DEALER, 4, DOUBLE, APRIL_1),
)


def rate(programme: Programme) -> int | None:
    return programme.terms.points_per_euro if programme.terms else None


def test_an_order_follows_the_rules_in_force_when_it_was_placed() -> None:
    """X-40: whenever it is heard of, and to the instant."""
    late = APRIL_1 + 24 * HOUR
    before = RUNNING.for_order(APRIL_1 - timedelta(milliseconds=1), late)
    assert (before.version, rate(before)) == (3, 1)
    after = RUNNING.for_order(APRIL_1, late)
    assert (after.version, rate(after)) == (4, 2)
    assert RUNNING.present == after


def test_an_order_from_before_the_programme_follows_the_rules_of_its_import() -> None:
    """X-30, X-40"""
    long_ago = MARCH_1 - 1_000 * HOUR
    assert RUNNING.for_order(long_ago, APRIL_1 - HOUR).version == 3
    assert RUNNING.for_order(long_ago, APRIL_1 + HOUR).version == 4
    assert isinstance(RUNNING.for_order(long_ago, MARCH_1 - HOUR), Draft)


def test_versions_that_say_no_instant_were_always_in_force() -> None:
    """X-40: events from before effective instants were recorded."""
    old = versions(ProgrammeSetUp(DEALER, 1, TERMS), FIVE_EUROS, ProgrammeActivated(DEALER, 3))
    assert len(old.in_order) == 1
    assert isinstance(old.at(ALWAYS), Active)
    later = evolve(old, ProgrammeSetUp(DEALER, 4, DOUBLE, APRIL_1))
    assert [rate(one) for one in (later.at(MARCH_1), later.at(APRIL_1))] == [1, 2]


def test_rewards_and_promotions_come_into_force_like_terms() -> None:
    """X-40"""
    promotion = PromotionAdded(DEALER, 5, "p", "2 x", 2, (), (), None, None, APRIL_1 + HOUR)
    dearer = msgspec.structs.replace(
        FIVE_EUROS, version=6, points=60, effective_at=APRIL_1 + 2 * HOUR
    )
    state = evolve(evolve(RUNNING, promotion), dearer)
    assert not state.at(APRIL_1).promotions
    assert set(state.at(APRIL_1 + HOUR).promotions) == {"p"}
    assert state.at(APRIL_1 + HOUR).rewards["five"].points == 50
    assert state.at(APRIL_1 + 2 * HOUR).rewards["five"].points == 60
