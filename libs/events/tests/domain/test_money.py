"""X-10: cents add up, whatever is divided among whatever."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zugabe_events.domain.money import (
    FULL,
    allocate,
    euros,
    percent_of,
    percentage,
    split_evenly,
)

cents = st.integers(0, 10**12)
weights = st.lists(cents, min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("base", "basis_points", "expected"),
    [(1000, 1000, 100), (5, 1000, 1), (4, 1000, 0), (15, 3333, 5), (999, FULL, 999), (0, 500, 0)],
)
def test_a_percentage_is_rounded_half_up(base: int, basis_points: int, expected: int) -> None:
    assert percent_of(base, basis_points) == expected


@given(base=cents, basis_points=st.integers(0, FULL))
def test_a_percentage_is_off_by_half_a_cent_at_most(base: int, basis_points: int) -> None:
    exact = Fraction(base * basis_points, FULL)
    assert -Fraction(1, 2) < percent_of(base, basis_points) - exact <= Fraction(1, 2)
    assert 0 <= percent_of(base, basis_points) <= base


@given(weights=weights, data=st.data())
def test_shares_add_up_and_exceed_nothing(weights: list[int], data: st.DataObject) -> None:
    """X-10"""
    total = data.draw(st.integers(0, sum(weights)))
    shares = allocate(total, weights)
    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


@given(weights=weights, data=st.data())
def test_a_share_is_off_by_less_than_a_cent(weights: list[int], data: st.DataObject) -> None:
    """X-3"""
    total = data.draw(st.integers(0, sum(weights)))
    for share, weight in zip(allocate(total, weights), weights, strict=True):
        assert not weight or abs(share - Fraction(total * weight, sum(weights))) < 1


def test_the_last_cent_goes_by_largest_remainder_and_then_to_the_earlier() -> None:
    """X-3"""
    assert allocate(100, [1, 1, 1]) == (34, 33, 33)
    assert allocate(10, [1, 2, 3]) == (2, 3, 5)
    assert allocate(1, [50, 50]) == (1, 0)


def test_nothing_can_be_shared_among_nothing() -> None:
    assert allocate(0, []) == ()
    assert allocate(0, [0, 0]) == (0, 0)
    with pytest.raises(ValueError, match="cannot be shared"):
        allocate(1, [0, 0])


@given(total=cents, parts=st.integers(1, 50))
def test_even_parts_differ_by_a_cent_at_most(total: int, parts: int) -> None:
    split = split_evenly(total, parts)
    assert sum(split) == total
    assert list(split) == sorted(split, reverse=True)
    assert split[0] - split[-1] <= 1


@pytest.mark.parametrize(
    ("amount", "text"),
    [(123456, "1.234,56 €"), (5, "0,05 €"), (-5, "-0,05 €"), (100_000_000, "1.000.000,00 €")],
)
def test_amounts_are_written_as_germans_do(amount: int, text: str) -> None:
    assert euros(amount) == text


@pytest.mark.parametrize(
    ("basis_points", "told"), [(1000, "10 %"), (1250, "12,5 %"), (1, "0,01 %"), (10000, "100 %")]
)
def test_percentages_read_as_in_german(basis_points: int, told: str) -> None:
    assert percentage(basis_points) == told
