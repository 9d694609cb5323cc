"""Rewards in percent, with a minimum and days, under a cap; holds and choices agree on them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import msgspec
import pytest
from bonus_tests.samples import (
    APRIL_1,
    FIVE_EUROS,
    MARCH_1,
    TERMS,
    euros_ordered,
    holding,
    programme,
)
from hypothesis import given as any_of
from hypothesis import strategies as st

from bonus.account.choice import Cart, reward_choices
from bonus.account.decider import ACCOUNT_DECIDER
from bonus.account.hold import offer_for
from bonus.account.refusals import (
    MinimumMissedError,
    NothingToPayError,
    ProgrammeEndedError,
    RewardNotOfferedError,
    Wish,
)
from bonus.account.state import Account
from bonus.programme.versions import Active, Closed, Programme, RunOff
from zugabe_events.contracts.bonus import RewardAdded, RewardChoice, RewardHeld
from zugabe_events.domain.money import percent_of
from zugabe_testing.deciders import given

EARNED = ACCOUNT_DECIDER.decide(euros_ordered("o1", 60), Account())
TEN_PERCENT = msgspec.structs.replace(FIVE_EUROS, discount_cents=0, percent_basis_points=1_000)


def rules(reward: RewardAdded, **terms: object) -> Active:
    return replace(
        programme(terms=msgspec.structs.replace(TERMS, **terms)), rewards={"five": reward}
    )


def held(programme: Programme, *nets: int) -> RewardHeld:
    [hold] = ACCOUNT_DECIDER.decide(
        holding("o9", nets=nets, rules=programme), ACCOUNT_DECIDER.fold(EARNED)
    )
    assert isinstance(hold, RewardHeld)
    return hold


def chosen(programme: Programme, base_cents: int, goods_cents: int | None = None) -> RewardChoice:
    cart = Cart(base_cents, base_cents if goods_cents is None else goods_cents)
    [choice] = reward_choices(cart, APRIL_1, programme, ACCOUNT_DECIDER.fold(EARNED))
    return choice


def test_a_reward_in_percent_follows_the_cart() -> None:
    """BO-1, BO-3: rounded half up to the cent."""
    hold = held(rules(TEN_PERCENT), 1_005, 2_000)
    assert (hold.discount_cents, sum(hold.shares)) == (301, 301)
    choice = chosen(rules(TEN_PERCENT), 123_456)
    assert (choice.discount_cents, choice.wasted_cents) == (12_346, 0)
    assert choice.sentence == "10 % Rabatt für 50 Punkte."


def test_a_cap_limits_what_points_may_pay() -> None:
    """X-33"""
    capped = rules(FIVE_EUROS, max_share_basis_points=2_550)
    assert held(capped, 1_000).discount_cents == 255
    choice = chosen(capped, 1_000)
    assert (choice.discount_cents, choice.wasted_cents) == (255, 245)
    assert choice.sentence == (
        "5,00 € Rabatt für 50 Punkte. Auf diesen Warenkorb nur 2,55 €, weil Punkte höchstens"
        " 25,5 % bezahlen; 2,45 € verfallen."
    )
    assert chosen(capped, 10_000).wasted_cents == 0


def test_an_offer_says_what_it_wastes() -> None:
    """X-33: 1.000 points for 3 €."""
    dear = rules(msgspec.structs.replace(FIVE_EUROS, points=1_000, discount_cents=1_000))
    offer = offer_for(Wish("five", (300,), APRIL_1), dear)
    assert offer.explanation == (
        "Prämie „5 € Rabatt“: 1.000 Punkte für 3,00 € Rabatt auf 3,00 € Nettowarenwert nach"
        " Gutschein, 7,00 € verfallen; Programmfassung 7."
    )


def test_points_are_never_spent_for_nothing() -> None:
    """X-33: half of a cent is none."""
    capped = rules(FIVE_EUROS, max_share_basis_points=5_000)
    given(ACCOUNT_DECIDER, *EARNED).when(holding("o9", nets=(1,), rules=capped)).refused(
        NothingToPayError, "nothing-to-pay"
    )


def test_a_reward_needs_goods_of_a_certain_value() -> None:
    """X-7, Q2: before discounts."""
    reward = msgspec.structs.replace(FIVE_EUROS, minimum_cents=5_000)
    wish = Wish("five", (4_000,), APRIL_1, goods_cents=4_999)
    asked = replace(holding("o9", rules=rules(reward)), wish=wish)
    refused = (
        given(ACCOUNT_DECIDER, *EARNED).when(asked).refused(MinimumMissedError, "minimum-missed")
    )
    assert refused.facts == {"minimum_cents": 5_000, "missing_cents": 1}
    assert refused.detail == (
        "Prämie „5 € Rabatt“: Der Mindestbestellwert dafür beträgt 50,00 € netto; es fehlen 0,01 €."
    )
    reached = replace(asked, wish=replace(wish, goods_cents=5_000))
    assert ACCOUNT_DECIDER.decide(reached, ACCOUNT_DECIDER.fold(EARNED))
    choice = chosen(rules(reward), 4_000, 4_999)
    assert choice.missing_cents == 1
    assert choice.sentence == (
        "5,00 € Rabatt für 50 Punkte. Der Mindestbestellwert dafür beträgt 50,00 € netto;"
        " es fehlen 0,01 €."
    )


@pytest.mark.parametrize(
    ("day", "at", "offered"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 22, 59, tzinfo=UTC), False),
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), True),
        (date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, tzinfo=UTC), True),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC), False),
        (date(2026, 10, 25), datetime(2026, 10, 24, 21, 59, tzinfo=UTC), False),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), True),
        (date(2026, 10, 25), datetime(2026, 10, 25, 22, 59, tzinfo=UTC), True),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC), False),
    ],
)
def test_a_reward_is_offered_on_its_days_in_berlin(
    day: date, at: datetime, *, offered: bool
) -> None:
    """Q11, X-11: one day, on which the clock changes, of 23 hours or of 25."""
    wanted = rules(msgspec.structs.replace(FIVE_EUROS, valid_from=day, valid_until=day))
    account = ACCOUNT_DECIDER.fold(EARNED)
    assert len(reward_choices(Cart(900, 900), at, wanted, account)) == int(offered)
    asked = given(ACCOUNT_DECIDER, *EARNED).when(holding("o9", now=at, rules=wanted))
    if not offered:
        refused = asked.refused(RewardNotOfferedError, "reward-not-offered")
        assert refused.facts == {"valid_from": day.isoformat(), "valid_until": day.isoformat()}


OVER = date(2026, 3, 31)


@pytest.mark.parametrize(
    "ended",
    [
        RunOff(8, TERMS, {"five": FIVE_EUROS}, {}, MARCH_1, 0, MARCH_1, OVER),
        Closed(9, TERMS, {"five": FIVE_EUROS}, {}, MARCH_1, 0, MARCH_1, OVER),
    ],
)
def test_after_the_run_off_nothing_is_redeemed(ended: Programme) -> None:
    """BO-12"""
    given(ACCOUNT_DECIDER, *EARNED).when(holding("o9", rules=ended)).refused(
        ProgrammeEndedError, "programme-ended"
    )
    assert reward_choices(Cart(900, 900), APRIL_1, ended, ACCOUNT_DECIDER.fold(EARNED)) == ()


@pytest.mark.parametrize(
    ("at", "redeems"),
    [
        (datetime(2027, 12, 31, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 12, 31, 23, tzinfo=UTC), False),
    ],
)
def test_the_last_moment_of_the_run_off_is_that_of_the_year_in_berlin(
    at: datetime, *, redeems: bool
) -> None:
    """BO-12, X-11: whatever a timer does, which may be late."""
    until = date(2027, 12, 31)
    ended = RunOff(8, TERMS, {"five": FIVE_EUROS}, {}, MARCH_1, 0, APRIL_1, until)
    asked = given(ACCOUNT_DECIDER, *EARNED).when(holding("o9", now=at, rules=ended))
    if not redeems:
        refused = asked.refused(ProgrammeEndedError, "programme-ended")
        assert refused.facts == {"run_off_until": "2027-12-31"}
    choices = reward_choices(Cart(900, 900), at, ended, ACCOUNT_DECIDER.fold(EARNED))
    assert len(choices) == int(redeems)


rewards = st.builds(
    lambda worth: msgspec.structs.replace(FIVE_EUROS, **worth),
    st.one_of(
        st.builds(lambda cents: {"discount_cents": cents}, st.integers(1, 10**9)),
        st.builds(
            lambda share: {"discount_cents": 0, "percent_basis_points": share},
            st.integers(1, 10_000),
        ),
    ),
)


@any_of(
    rewards,
    st.none() | st.integers(1, 10_000),
    st.lists(st.integers(0, 10**7), min_size=1, max_size=5),
)
def test_a_discount_is_exact_and_never_too_large(
    reward: RewardAdded, cap: int | None, nets: list[int]
) -> None:
    """X-10, X-33, lesson 14: the cart, the hold and the choice say the same."""
    wanted, base = rules(reward, max_share_basis_points=cap), sum(nets)
    offer = offer_for(Wish("five", tuple(nets), APRIL_1), wanted)
    choice = chosen(wanted, base)
    assert offer.discount_cents == choice.discount_cents == sum(offer.shares)
    assert all(0 <= share <= net for share, net in zip(offer.shares, nets, strict=True))
    assert offer.discount_cents * 10_000 <= base * (cap or 10_000)
    share = reward.percent_basis_points
    full = reward.discount_cents if share is None else percent_of(base, share)
    assert offer.discount_cents + choice.wasted_cents == full
    if offer.discount_cents:
        hold = held(wanted, *nets)
        assert (hold.discount_cents, hold.shares) == (offer.discount_cents, offer.shares)
