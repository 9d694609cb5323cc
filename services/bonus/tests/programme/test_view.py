"""The view of a programme."""

import msgspec
from bonus_tests.samples import DEALER, FIVE_EUROS, TERMS, promotion

from bonus.programme.view import ProgrammeView, Reward, project
from zugabe_events.contracts.bonus import ProgrammeActivated, ProgrammeSetUp
from zugabe_events.domain.event import Event


def seen(*events: Event) -> ProgrammeView:
    view: ProgrammeView | None = None
    for event in events:
        view = project(view, event)
    assert view is not None
    return view


def test_a_programme_shows_its_parts_and_whether_it_runs() -> None:
    view = seen(
        ProgrammeSetUp(DEALER, 1, TERMS),
        FIVE_EUROS,
        promotion("p", 2),
        ProgrammeActivated(DEALER, 4),
    )
    assert (view.version, view.active) == (4, True)
    assert view.terms is not None
    assert view.terms.pending_days == 14
    assert [one.promotion_id for one in view.promotions] == ["p"]


def test_new_rewards_stand_at_the_end_and_changed_ones_stay_in_place() -> None:
    """BO-19"""
    ten = msgspec.structs.replace(FIVE_EUROS, reward_id="ten", title="10 €", version=3)
    dearer = msgspec.structs.replace(FIVE_EUROS, points=60, version=4)
    assert seen(FIVE_EUROS, ten, dearer).rewards == (
        Reward("five", "5 € Rabatt", 60, 500),
        Reward("ten", "10 €", 50, 500),
    )


def test_a_programme_that_was_not_started_does_not_run() -> None:
    """BO-7"""
    view = seen(FIVE_EUROS)
    assert (view.version, view.active, view.terms) == (2, False, None)


def test_a_changed_promotion_stays_in_its_place() -> None:
    """BO-19, BO-20"""
    first, second = promotion("first", 2), promotion("second", 3)
    view = seen(first, second, msgspec.structs.replace(first, factor=4))
    assert [(one.promotion_id, one.factor) for one in view.promotions] == [
        ("first", 4),
        ("second", 3),
    ]
