"""The rewards that a user can choose from."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
from bonus_tests.samples import APRIL_1, FIVE_EUROS, MARCH_1, TERMS, euros_ordered, programme

from bonus.account.choice import Cart, reward_choices
from bonus.account.decider import ACCOUNT_DECIDER
from bonus.account.state import Account
from bonus.programme.versions import Draft, Programme
from zugabe_events.contracts.bonus import RewardChoice

DEAR = msgspec.structs.replace(
    FIVE_EUROS, reward_id="dear", version=1, points=1_300, discount_cents=150_000
)
BOTH = replace(programme(), rewards={"dear": DEAR, "five": FIVE_EUROS})


def choices(
    base_cents: int, points: int, *, at: datetime = APRIL_1, rules: Programme = BOTH
) -> list[RewardChoice]:
    earned = ACCOUNT_DECIDER.decide(euros_ordered("o1", points), Account())
    return list(
        reward_choices(Cart(base_cents, base_cents), at, rules, ACCOUNT_DECIDER.fold(earned))
    )


def test_rewards_are_shown_from_the_cheapest_with_what_is_missing() -> None:
    """CH-6"""
    five, dear = choices(200_000, 49)
    assert (five.reward_id, five.points, five.missing_points) == ("five", 50, 1)
    assert (dear.reward_id, dear.points, dear.missing_points) == ("dear", 1_300, 1_251)
    assert five.sentence == "5,00 € Rabatt für 50 Punkte. Dafür fehlt 1 Punkt."
    assert dear.sentence == "1.500,00 € Rabatt für 1.300 Punkte. Dafür fehlen 1.251 Punkte."


def test_a_reward_says_what_it_would_waste() -> None:
    """X-33"""
    five, _ = choices(380, 50)
    assert (five.discount_cents, five.wasted_cents, five.missing_points) == (380, 120, 0)
    assert five.sentence == (
        "5,00 € Rabatt für 50 Punkte. Auf diesen Warenkorb nur 3,80 €; 1,20 € verfallen."
    )
    whole, _ = choices(500, 50)
    assert (whole.discount_cents, whole.wasted_cents) == (500, 0)
    assert whole.sentence == "5,00 € Rabatt für 50 Punkte."
    nothing, _ = choices(0, 50)
    assert (nothing.discount_cents, nothing.wasted_cents) == (0, 500)
    assert nothing.sentence.endswith("In diesem Warenkorb gibt es keinen Betrag dafür.")


def test_a_programme_that_does_not_run_has_no_rewards_to_choose_from() -> None:
    """BO-7, BO-41"""
    assert choices(500, 50, rules=Draft(terms=TERMS, rewards=BOTH.rewards)) == []
    early = TERMS.starts_on - timedelta(days=1)
    assert choices(500, 50, at=MARCH_1.replace(year=early.year, month=12, day=31)) == []


def test_only_points_that_count_on_the_day_can_be_spent() -> None:
    """BO-41"""
    pending, _ = choices(500, 50, at=MARCH_1)
    assert pending.missing_points == 50
