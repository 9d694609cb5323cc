"""Decisions about a programme."""

from datetime import date, timedelta

import msgspec
import pytest
from bonus_tests.samples import DEALER, FIVE_EUROS, MARCH_1, TERMS

from bonus.programme import decider
from bonus.programme.decider import PROGRAMME_DECIDER, Activate, IncompleteError, SetTerms
from bonus.programme.end import Deactivate
from bonus.programme.entries import AddPromotion, AddReward, TooManyError
from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeDeactivated,
    ProgrammeSetUp,
    PromotionAdded,
)
from zugabe_events.domain.errors import InvalidError, ThrottledError
from zugabe_testing.deciders import given

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
set_up = ProgrammeSetUp(DEALER, 1, TERMS, MARCH_1)
active = ProgrammeActivated(DEALER, 3, MARCH_1)
set_terms = SetTerms(DEALER, TERMS, MARCH_1)
activate = Activate(DEALER, MARCH_1)
add_five = AddReward(FIVE_EUROS, MARCH_1)
EASTER = PromotionAdded(
    DEALER, 0, "easter", "2 x Punkte", 2, ("Soennecken",), (), date(2026, 4, 1), date(2026, 4, 30)
)
easter = AddPromotion(EASTER, MARCH_1)


def lasting(first: date | None, last: date | None) -> AddPromotion:
    return AddPromotion(
        msgspec.structs.replace(EASTER, valid_from=first, valid_until=last), MARCH_1
    )


def test_a_dealer_sets_all_terms_himself() -> None:
    """BO-3"""
    given(PROGRAMME_DECIDER).when(set_terms).then(set_up)


def test_saying_the_same_again_changes_nothing() -> None:
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(set_terms).then()
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(add_five).then()


def test_every_change_raises_the_version() -> None:
    other = msgspec.structs.replace(TERMS, points_per_euro=2)
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS, active).when(
        SetTerms(DEALER, other, MARCH_1)
    ).then(ProgrammeSetUp(DEALER, 4, other, MARCH_1))


def test_a_programme_changes_so_often_a_day_and_ends_at_any_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S12: each version is kept for the orders that were placed in it."""
    monkeypatch.setattr(decider, "MAX_CHANGES", 4)
    third = ProgrammeSetUp(DEALER, 4, TERMS, MARCH_1 + 2 * HOUR)
    five = msgspec.structs.replace(FIVE_EUROS, effective_at=MARCH_1 + HOUR)
    begun = msgspec.structs.replace(active, effective_at=MARCH_1 + HOUR + MINUTE)
    history = (set_up, five, begun, third)
    other = msgspec.structs.replace(TERMS, points_per_euro=2)

    def at(since: timedelta) -> SetTerms:
        return SetTerms(DEALER, other, MARCH_1 + since)

    refused = given(PROGRAMME_DECIDER, *history).when(at(24 * HOUR - MINUTE))
    assert refused.refused(ThrottledError, "too-many-attempts").facts == {"retry_after_seconds": 61}
    given(PROGRAMME_DECIDER, *history).when(SetTerms(DEALER, TERMS, MARCH_1 + 3 * HOUR)).then()
    given(PROGRAMME_DECIDER, *history).when(at(24 * HOUR)).then(
        ProgrammeSetUp(DEALER, 5, other, MARCH_1 + 24 * HOUR)
    )
    end = Deactivate(DEALER, MARCH_1 + 3 * HOUR)
    given(PROGRAMME_DECIDER, *history).when(end).then(
        ProgrammeDeactivated(DEALER, 5, date(2027, 12, 31), end.at)
    )


def test_a_reward_said_anew_holds_instead_of_the_old_one() -> None:
    """BO-19"""
    dearer = AddReward(msgspec.structs.replace(FIVE_EUROS, points=60), MARCH_1)
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(dearer).then(
        msgspec.structs.replace(FIVE_EUROS, version=3, points=60, effective_at=MARCH_1)
    )


def test_a_promotion_runs_for_a_time_or_without_end() -> None:
    """BO-20"""
    given(PROGRAMME_DECIDER, set_up).when(easter).then(
        PromotionAdded(
            DEALER, 2, "easter", "2 x Punkte", 2, ("Soennecken",), (),
            date(2026, 4, 1), date(2026, 4, 30), MARCH_1,
        )
    )  # fmt: skip


def test_a_promotion_does_not_end_before_it_begins() -> None:
    reversed_ = lasting(date(2026, 4, 30), date(2026, 4, 1))
    given(PROGRAMME_DECIDER).when(reversed_).refused(InvalidError, "validity-reversed")


@pytest.mark.parametrize(
    ("history", "missing"),
    [([], "terms,rewards"), ([set_up], "rewards"), ([FIVE_EUROS], "terms")],
)
def test_an_incomplete_programme_is_not_activated_and_hears_what_is_missing(
    history: list[ProgrammeSetUp], missing: str
) -> None:
    """BO-10"""
    refused = given(PROGRAMME_DECIDER, *history).when(activate).refused(IncompleteError)
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
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS).when(activate).then(active)
    given(PROGRAMME_DECIDER, set_up, FIVE_EUROS, active).when(activate).then()


def test_a_programme_has_five_hundred_rewards_at_most() -> None:
    known = [
        msgspec.structs.replace(FIVE_EUROS, reward_id=f"r{number}", version=number + 1)
        for number in range(500)
    ]
    one_more = AddReward(msgspec.structs.replace(FIVE_EUROS, reward_id="one-more"), MARCH_1)
    refused = given(PROGRAMME_DECIDER, *known).when(one_more).refused(TooManyError, "too-many")
    assert refused.facts == {"most": 500}
    dearer = AddReward(msgspec.structs.replace(FIVE_EUROS, reward_id="r0", points=60), MARCH_1)
    given(PROGRAMME_DECIDER, *known).when(dearer).then(
        msgspec.structs.replace(known[0], version=501, points=60, effective_at=MARCH_1)
    )
    given(PROGRAMME_DECIDER, *known[:-1]).when(one_more).then(
        msgspec.structs.replace(FIVE_EUROS, reward_id="one-more", version=500, effective_at=MARCH_1)
    )


def test_a_programme_has_five_hundred_promotions_at_most() -> None:
    [added] = PROGRAMME_DECIDER.decide(easter, PROGRAMME_DECIDER.initial)
    assert isinstance(added, PromotionAdded)
    known = [
        msgspec.structs.replace(
            added, promotion_id=f"p{number}", version=number + 1, brands=(f"b{number}",)
        )
        for number in range(500)
    ]
    refused = given(PROGRAMME_DECIDER, *known).when(easter).refused(TooManyError, "too-many")
    assert refused.facts == {"most": 500}
    given(PROGRAMME_DECIDER, *known[:-1]).when(easter).then(
        msgspec.structs.replace(added, version=500)
    )


def test_a_promotion_said_again_changes_nothing_and_one_said_anew_is_a_new_version() -> None:
    """BO-20"""
    [added] = PROGRAMME_DECIDER.decide(easter, PROGRAMME_DECIDER.fold([set_up]))
    assert isinstance(added, PromotionAdded)
    given(PROGRAMME_DECIDER, set_up, added).when(easter).then()
    longer = lasting(EASTER.valid_from, None)
    given(PROGRAMME_DECIDER, set_up, added).when(longer).then(
        msgspec.structs.replace(added, version=3, valid_until=None)
    )


def test_a_promotion_may_last_one_day() -> None:
    """BO-20"""
    one_day = lasting(EASTER.valid_from, EASTER.valid_from)
    assert PROGRAMME_DECIDER.decide(one_day, PROGRAMME_DECIDER.initial)
    for open_ended in (lasting(None, EASTER.valid_until), lasting(EASTER.valid_from, None)):
        assert PROGRAMME_DECIDER.decide(open_ended, PROGRAMME_DECIDER.initial)


def test_a_change_follows_those_before_it_even_if_clocks_differ() -> None:
    """X-40"""
    other = msgspec.structs.replace(TERMS, points_per_euro=2)
    given(PROGRAMME_DECIDER, set_up).when(SetTerms(DEALER, other, MARCH_1 - HOUR)).then(
        ProgrammeSetUp(DEALER, 2, other, MARCH_1)
    )
