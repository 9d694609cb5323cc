"""Rewards and promotions are replaced and taken away; what was promised stays."""

from datetime import date

import msgspec
import pytest
from bonus_tests.samples import APRIL_1, DEALER, FIVE_EUROS, MARCH_1, TERMS, promotion

from bonus.programme.decider import PROGRAMME_DECIDER
from bonus.programme.entries import (
    AddPromotion,
    AddReward,
    EndPromotion,
    PromotionOverlapsError,
    WithdrawReward,
)
from zugabe_events.contracts.bonus import (
    ProgrammeActivated,
    ProgrammeSetUp,
    PromotionEnded,
    RewardAdded,
    RewardWithdrawn,
)
from zugabe_events.domain.errors import InvalidError, NotFoundError
from zugabe_testing.deciders import given

TEN_PERCENT = RewardAdded(
    DEALER, 4, "ten", "10 %", points=500, discount_cents=0, percent_basis_points=1_000
)
RUNNING = (
    ProgrammeSetUp(DEALER, 1, TERMS, MARCH_1),
    FIVE_EUROS,
    ProgrammeActivated(DEALER, 3, MARCH_1),
    TEN_PERCENT,
)
APRIL = msgspec.structs.replace(
    promotion("april", 2, brands=("b1",)),
    version=5,
    valid_from=date(2026, 4, 1),
    valid_until=date(2026, 4, 30),
)


def test_a_reward_is_withdrawn_once_and_can_come_back() -> None:
    withdraw = WithdrawReward(DEALER, "ten", APRIL_1)
    withdrawn = RewardWithdrawn(DEALER, 5, "ten", APRIL_1)
    given(PROGRAMME_DECIDER, *RUNNING).when(withdraw).then(withdrawn)
    given(PROGRAMME_DECIDER, *RUNNING, withdrawn).when(withdraw).then()
    given(PROGRAMME_DECIDER, *RUNNING, withdrawn).when(AddReward(TEN_PERCENT, APRIL_1)).then(
        msgspec.structs.replace(TEN_PERCENT, version=6, effective_at=APRIL_1)
    )
    versions = PROGRAMME_DECIDER.fold([*RUNNING, withdrawn])
    assert set(versions.at(MARCH_1).rewards) == {"five", "ten"}
    assert set(versions.at(APRIL_1).rewards) == {"five"}


def test_what_never_was_is_not_taken_away() -> None:
    given(PROGRAMME_DECIDER, *RUNNING).when(WithdrawReward(DEALER, "x", APRIL_1)).refused(
        NotFoundError
    )
    given(PROGRAMME_DECIDER, *RUNNING).when(EndPromotion(DEALER, "x", APRIL_1)).refused(
        NotFoundError
    )


def test_a_promotion_is_ended_once() -> None:
    """BO-20"""
    end = EndPromotion(DEALER, "april", APRIL_1)
    ended = PromotionEnded(DEALER, 6, "april", APRIL_1)
    given(PROGRAMME_DECIDER, *RUNNING, APRIL).when(end).then(ended)
    given(PROGRAMME_DECIDER, *RUNNING, APRIL, ended).when(end).then()
    assert not PROGRAMME_DECIDER.fold([*RUNNING, APRIL, ended]).present.promotions


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [
        (date(2026, 4, 30), date(2026, 5, 31), True),
        (date(2026, 5, 1), None, False),
        (None, date(2026, 3, 31), False),
        (None, date(2026, 4, 1), True),
        (None, None, True),
    ],
)
def test_a_promotion_does_not_run_beside_itself(
    first: date | None, last: date | None, *, overlaps: bool
) -> None:
    """BO-20: under another id it is the same one once more."""
    again = msgspec.structs.replace(APRIL, promotion_id="again", valid_from=first, valid_until=last)
    wanted = given(PROGRAMME_DECIDER, *RUNNING, APRIL).when(AddPromotion(again, APRIL_1))
    if not overlaps:
        wanted.then(msgspec.structs.replace(again, version=6, effective_at=APRIL_1))
        return
    refused = wanted.refused(PromotionOverlapsError, "promotion-overlaps")
    assert refused.detail == (
        "Im selben Zeitraum gibt die Aktion „2 x Punkte“ denselben Artikeln bereits 2-fache Punkte."
    )


@pytest.mark.parametrize("change", [{"factor": 3}, {"brands": ("b2",)}, {"product_groups": ("g",)}])
def test_other_promotions_may_run_at_the_same_time(change: dict[str, object]) -> None:
    """BO-20: the best one counts."""
    other = msgspec.structs.replace(APRIL, promotion_id="other", **change)
    given(PROGRAMME_DECIDER, *RUNNING, APRIL).when(AddPromotion(other, APRIL_1)).then(
        msgspec.structs.replace(other, version=6, effective_at=APRIL_1)
    )


@pytest.mark.parametrize("unclear", [{"percent_basis_points": 1_000}, {"discount_cents": 0}])
def test_a_reward_is_an_amount_or_a_percentage(unclear: dict[str, object]) -> None:
    """BO-3"""
    reward = msgspec.structs.replace(FIVE_EUROS, **unclear)
    given(PROGRAMME_DECIDER, *RUNNING).when(AddReward(reward, APRIL_1)).refused(
        InvalidError, "discount-unclear"
    )


def test_a_reward_does_not_end_before_it_begins() -> None:
    reward = msgspec.structs.replace(
        FIVE_EUROS, valid_from=date(2026, 5, 2), valid_until=date(2026, 5, 1)
    )
    given(PROGRAMME_DECIDER, *RUNNING).when(AddReward(reward, APRIL_1)).refused(
        InvalidError, "validity-reversed"
    )
