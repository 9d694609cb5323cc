"""Gifts: which ones a value allows, what is added by itself, and what goes when it falls."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.gifts import (
    Gift,
    GiftMode,
    NextGift,
    Pieces,
    automatic,
    choices,
    fits,
    next_gift,
    possible_pieces,
    reduced,
    spent_cents,
    valid_on,
)

DAY = date(2026, 5, 4)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def gift(name: str, limit_cents: int, first: date = DAY, last: date | None = None) -> Gift:
    return Gift(name, f"G-{name}", name.title(), limit_cents, first, last)


CUP, PEN = gift("cup", 10_000), gift("pen", 2_500)
BOTH = (CUP, PEN)

modes = st.sampled_from(["per", "from"])
cents = st.integers(0, 100_000)
gifts = st.builds(gift, st.text("abc", min_size=1, max_size=3), st.integers(1, 30_000))
carts = st.lists(st.builds(Pieces, gifts, st.integers(1, 5)), max_size=6)


@pytest.mark.parametrize("mode", ["per", "from"])
def test_a_limit_that_is_reached_exactly_counts(mode: GiftMode) -> None:
    """GA-2, Q3"""
    assert choices(mode, BOTH, 2_499) == ()
    assert [one.gift for one in choices(mode, BOTH, 2_500)] == [PEN]
    assert [one.gift for one in choices(mode, BOTH, 9_999)] == [PEN]
    assert [one.gift for one in choices(mode, BOTH, 10_000)] == [CUP, PEN]


def test_per_x_euro_there_are_as_many_gifts_as_the_value_allows() -> None:
    """GA-13, Q4: limits add up to the value at most."""
    assert possible_pieces("per", PEN, 7_499) == 2
    assert possible_pieces("per", PEN, 7_500) == 3
    assert choices("per", BOTH, 12_500) == (Pieces(CUP, 1), Pieces(PEN, 5))
    assert choices("per", BOTH, 12_500, [Pieces(CUP, 1)]) == (Pieces(PEN, 1),)
    assert choices("per", BOTH, 12_499, [Pieces(CUP, 1)]) == ()
    assert fits("per", [Pieces(CUP, 1), Pieces(PEN, 1)], 12_500)
    assert not fits("per", [Pieces(CUP, 1), Pieces(PEN, 1)], 12_499)


def test_from_x_euro_on_there_is_exactly_one_gift_among_several() -> None:
    """GA-14: whatever its limit, and however large the value."""
    assert choices("from", BOTH, 1_000_000) == (Pieces(CUP, 1), Pieces(PEN, 1))
    assert choices("from", BOTH, 1_000_000, [Pieces(PEN, 1)]) == ()
    assert fits("from", [Pieces(PEN, 1)], 2_500)
    assert not fits("from", [Pieces(PEN, 2)], 1_000_000)
    assert not fits("from", [Pieces(PEN, 1), Pieces(CUP, 1)], 1_000_000)


@pytest.mark.parametrize(
    ("first", "last", "is_valid"),
    [
        (DAY, DAY, True),
        (DAY, None, True),
        (YESTERDAY, DAY, True),
        (YESTERDAY, YESTERDAY, False),
        (TOMORROW, None, False),
    ],
)
def test_both_days_of_the_validity_count(first: date, last: date | None, is_valid: bool) -> None:
    """GA-12, X-11"""
    assert bool(valid_on([gift("cup", 100, first, last)], DAY)) == is_valid


def test_the_only_gift_is_added_as_often_as_the_value_allows() -> None:
    """GA-15, Q16"""
    only = valid_on([PEN, gift("old", 100, YESTERDAY, YESTERDAY)], DAY)
    assert automatic("per", only, 2_499) is None
    assert automatic("per", only, 2_500) == Pieces(PEN, 1)
    assert automatic("per", only, 9_999) == Pieces(PEN, 3)
    assert automatic("from", only, 9_999) == Pieces(PEN, 1)
    assert automatic("from", BOTH, 1_000_000) is None
    assert automatic("per", [], 1_000_000) is None


def test_the_last_added_gift_goes_first() -> None:
    """GA-16, Q17"""
    chosen = [Pieces(CUP, 1), Pieces(PEN, 3)]
    assert reduced("per", chosen, 17_500) == tuple(chosen)
    assert reduced("per", chosen, 17_499) == (Pieces(CUP, 1), Pieces(PEN, 2))
    assert reduced("per", chosen, 12_499) == (Pieces(CUP, 1),)
    assert reduced("per", chosen, 9_999) == (Pieces(PEN, 3),), "which the value still allows"
    assert reduced("per", chosen, 2_499) == ()
    assert reduced("from", [Pieces(PEN, 1), Pieces(CUP, 1)], 10_000) == (Pieces(PEN, 1),)
    assert reduced("from", [Pieces(PEN, 1)], 2_499) == ()


def test_what_is_missing_for_the_next_gift() -> None:
    """X-7"""
    assert next_gift("per", BOTH, 1_250) == NextGift(PEN, 1_250)
    assert next_gift("per", BOTH, 2_500) == NextGift(CUP, 7_500)
    assert next_gift("per", BOTH, 10_000) == NextGift(PEN, 2_500), "another piece"
    assert next_gift("per", BOTH, 12_000, [Pieces(CUP, 1)]) == NextGift(PEN, 500)
    assert next_gift("from", BOTH, 2_500) == NextGift(CUP, 7_500)
    assert next_gift("from", BOTH, 10_000) is None
    assert next_gift("from", BOTH, 2_500, [Pieces(PEN, 1)]) is None
    assert next_gift("per", [], 2_500) is None


@given(modes, carts, cents)
def test_limits_are_never_exceeded(mode: GiftMode, chosen: Sequence[Pieces], net: int) -> None:
    """GA-14, GA-16, Q4"""
    kept = reduced(mode, chosen, net)
    if mode == "per":
        assert spent_cents(kept) <= net
    else:
        assert sum(one.pieces for one in kept) <= 1
        assert all(one.gift.limit_cents <= net for one in kept)
    assert fits(mode, kept, net)


@given(modes, carts, cents)
def test_nothing_goes_that_still_fits(mode: GiftMode, chosen: Sequence[Pieces], net: int) -> None:
    """GA-16: no piece that went could be chosen again beside what is left."""
    kept = reduced(mode, chosen, net)
    if fits(mode, chosen, net):
        assert kept == tuple(chosen)
    else:
        left = list(kept)
        for one in chosen:
            stays = left.pop(0).pieces if left and left[0].gift == one.gift else 0
            if stays < one.pieces:
                assert not possible_pieces(mode, one.gift, net, kept)


@given(gifts, st.integers(1, 10))
def test_a_cent_below_a_multiple_of_the_limit_is_a_piece_less(one: Gift, times: int) -> None:
    """Q3, Q4: with one limit it is ⌊value / X⌋."""
    net = one.limit_cents * times
    assert possible_pieces("per", one, net) == times
    assert possible_pieces("per", one, net - 1) == times - 1
    assert possible_pieces("from", one, net) == 1
    assert possible_pieces("from", one, one.limit_cents - 1) == 0


@given(modes, st.lists(gifts, max_size=5), cents, carts)
def test_the_missing_amount_brings_the_next_gift(
    mode: GiftMode, offered: Sequence[Gift], net: int, cart: Sequence[Pieces]
) -> None:
    """X-7"""
    chosen = reduced(mode, cart, net)
    found = next_gift(mode, offered, net, chosen)
    if found is None:
        assert not offered or mode == "from"
        return
    assert found.missing_cents > 0
    before = possible_pieces(mode, found.gift, net, chosen)
    enough = net + found.missing_cents
    assert possible_pieces(mode, found.gift, enough, chosen) == before + 1
    assert possible_pieces(mode, found.gift, enough - 1, chosen) == before
