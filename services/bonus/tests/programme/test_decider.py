"""Decisions about a programme."""

from datetime import date

import msgspec
import pytest
from bonus_tests.samples import DEALER, FIVE_EUROS, TERMS

from bonus.programme.decider import (
    PROGRAMME_DECIDER,
    Activate,
    AddPromotion,
    AddReward,
    IncompleteError,
    SetTerms,
)
from zugabe_events.contracts.bonus import ProgrammeActivated, ProgrammeSetUp, PromotionAdded
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

set_up = ProgrammeSetUp(DEALER, 1, TERMS)
active = ProgrammeActivated(DEALER, 3)
add_five = AddReward(DEALER, "five", "5 € Rabatt", 50, 500)
easter = AddPromotion(
    DEALER, "easter", "2 x Punkte", 2, ("Soennecken",), (), date(2026, 4, 1), date(2026, 4, 30)
)


def test_a_dealer_sets_all_terms_himself() -> None:
    """BO-3"""
    given(PROGRAMME_DECIDER).when(SetTerms(DEALER, TERMS)).then(set_up)


def test_saying_the_same_again_changes_nothing() -> None:
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(SetTerms(DEALER, TERMS)).then()
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(add_five).then()


def test_every_change_raises_the_version() -> None:
    other = msgspec.structs.replace(TERMS, points_per_euro=2)
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS, active).when(SetTerms(DEALER, other)).then(
        ProgrammeSetUp(DEALER, 4, other)
    )


def test_a_reward_said_anew_holds_instead_of_the_old_one() -> None:
    """BO-19"""
    dearer = AddReward(DEALER, "five", "5 € Rabatt", 60, 500)
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(dearer).then(
        msgspec.structs.replace(FIVE_EUROS, version=3, points=60)
    )


def test_a_promotion_runs_for_a_time_or_without_end() -> None:
    """BO-20"""
    given(PROGRAMME_DECIDER, set_up).when(easter).then(
        PromotionAdded(
            DEALER, 2, "easter", "2 x Punkte", 2, ("Soennecken",), (),
            date(2026, 4, 1), date(2026, 4, 30),
        )
    )  # fmt: skip


def test_a_promotion_does_not_end_before_it_begins() -> None:
    reversed_ = AddPromotion(DEALER, "x", "x", 2, (), (), date(2026, 4, 30), date(2026, 4, 1))
    given(PROGRAMME_DECIDER).when(reversed_).refused(InvalidError, "validity-reversed")


@pytest.mark.parametrize(
    ("history", "missing"),
    [([], "terms,rewards"), ([set_up], "rewards"), ([FIVE_EUROS], "terms")],
)
def test_an_incomplete_programme_is_not_activated_and_hears_what_is_missing(
    history: list[ProgrammeSetUp], missing: str
) -> None:
    """BO-10"""
    refused = given(PROGRAMME_DECIDER, *history).when(Activate(DEALER)).refused(IncompleteError)
    assert refused.facts["missing"] == missing
    assert refused.detail.endswith(
        {
            "terms,rewards": "Es fehlen die Bedingungen und mindestens eine Prämie.",
            "terms": "Es fehlen die Bedingungen.",
            "rewards": "Es fehlt mindestens eine Prämie.",
        }[missing]
    )


def test_a_complete_programme_is_activated_once() -> None:
    """BO-10"""
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(Activate(DEALER)).then(active)
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS, active).when(Activate(DEALER)).then()
