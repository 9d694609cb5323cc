"""Lots in pages behave like a plain sorted list of lots."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bonus.account.lots import MAX_PAGE_LOTS, Lots, place_of
from zugabe_events.contracts.bonus import LotShare

FIRST = date(2026, 1, 1)


def lot(ordinal: int, day: int, points: int) -> LotShare:
    return LotShare(f"o{ordinal}", points, FIRST + timedelta(days=day), ordinal)


lots_of_orders = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 50)), max_size=300).map(
    lambda drawn: [lot(ordinal, day, points) for ordinal, (day, points) in enumerate(drawn)]
)


@settings(max_examples=50, deadline=None)
@given(lots_of_orders, st.integers(0, 5_000), st.integers(0, 41))
def test_pages_change_sum_and_order_as_a_sorted_list_would(
    added: list[LotShare], wanted: int, until: int
) -> None:
    """Lesson 14: a debit names its lots, the oldest first."""
    day = FIRST + timedelta(days=until)
    lots = Lots().plus(added)
    plain = sorted(added, key=place_of)
    assert [one for page in lots.pages for one in page.lots] == plain
    assert all(0 < len(page.lots) <= MAX_PAGE_LOTS for page in lots.pages)
    matured = sum(one.points for one in plain if one.active_from <= day)
    assert lots.matured(day) == matured

    taken = lots.take(wanted, day)
    assert sum(share.points for share in taken) == min(wanted, matured)
    assert [share.lot_id for share in taken] == [one.lot_id for one in plain[: len(taken)]]
    left = lots.minus(taken)
    assert left.points == lots.points - min(wanted, matured)
    assert all(left.left_in(share) == lots.left_in(share) - share.points for share in taken)
    assert left.plus(taken).points == lots.points
    assert [one for page in left.plus(taken).pages for one in page.lots] == plain


def test_a_debit_of_very_many_lots_fits_into_an_event() -> None:
    lots = Lots().plus(lot(ordinal, 0, 1) for ordinal in range(6_000))
    assert len(lots.take(6_000)) == 5_000


def test_a_page_of_sixty_four_lots_is_split_by_the_next_one() -> None:
    def sizes(number: int) -> list[int]:
        lots = Lots().plus(lot(ordinal, 0, 1) for ordinal in range(number))
        return [len(page.lots) for page in lots.pages]

    assert sizes(64) == [64]
    assert sizes(65) == [32, 33]


def test_all_points_of_a_day_mature_together_however_many_lots_they_are() -> None:
    """BO-41"""
    lots = Lots().plus(lot(ordinal, ordinal // 100, 1) for ordinal in range(200))
    assert lots.matured(FIRST - timedelta(days=1)) == 0
    assert lots.matured(FIRST) == 100
    assert lots.matured(FIRST + timedelta(days=1)) == 200
