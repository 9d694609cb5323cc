"""The index of promotions finds what a search through all of them finds."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
import pytest
from bonus_tests.samples import APRIL_1, TERMS, programme, promotion
from hypothesis import given
from hypothesis import strategies as st

from bonus.programme.labels import label_key, sorted_labels
from bonus.programme.points import earned_points
from bonus.programme.position import Position
from zugabe_events.contracts.bonus import PromotionAdded
from zugabe_events.domain.calendar import is_within

NAMES = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=2).map(tuple)
DAYS = st.none() | st.dates(date(2026, 3, 30), date(2026, 4, 2))
PROMOTIONS = st.lists(st.tuples(st.integers(2, 10), NAMES, NAMES, DAYS, DAYS), max_size=8)
LINES = st.lists(st.tuples(st.sampled_from("abd"), NAMES), min_size=1, max_size=4)


def searched(
    line: Position, promotions: Sequence[PromotionAdded], at: datetime
) -> PromotionAdded | None:
    matching = [
        each
        for each in promotions
        if is_within(at, each.valid_from, each.valid_until)
        and (not each.brands or line.brand in each.brands)
        and (not each.product_groups or line.groups & set(each.product_groups))
    ]
    return max(matching, key=lambda each: (each.factor, -each.version), default=None)


@given(PROMOTIONS, LINES)
def test_the_index_finds_the_best_promotion(
    wanted: list[tuple[int, tuple[str, ...], tuple[str, ...], date | None, date | None]],
    carried: list[tuple[str, tuple[str, ...]]],
) -> None:
    """BO-20, Q9, Q11"""
    promotions = [
        msgspec.structs.replace(
            promotion(f"p{number}", factor, brands=brands, product_groups=groups),
            version=number,
            valid_from=first,
            valid_until=last,
        )
        for number, (factor, brands, groups, first, last) in enumerate(wanted)
    ]
    lines = [
        Position(number, 1_000, 0, 0, brand, frozenset(groups))
        for number, (brand, groups) in enumerate(carried)
    ]
    for line, earned in zip(
        lines, earned_points(lines, APRIL_1, programme(*promotions)), strict=True
    ):
        best = searched(line, promotions, APRIL_1)
        assert earned.promotion_id == (best.promotion_id if best else None)
        assert earned.points == 10 * (best.factor if best else 1)


SPELLINGS = ["Mu\u0308ller", "müller", "MÜLLER", "Müller ", "  Müller", "Mu\u0308ller\u00a0"]


@pytest.mark.parametrize("written", SPELLINGS)
def test_brands_and_groups_match_however_they_are_spelled(written: str) -> None:
    """D14"""
    rules = programme(
        promotion("p", 2, brands=("Müller",)),
        terms=msgspec.structs.replace(TERMS, excluded_groups=("Müller",)),
    )
    of_brand = Position(1, 1_000, 0, 0, written, frozenset({"Papier"}))
    excluded = Position(2, 1_000, 0, 0, "", frozenset({written}))
    told = earned_points([of_brand, excluded], APRIL_1, rules)
    assert [line.points for line in told] == [20, 0]


def test_a_set_of_brands_has_one_spelling() -> None:
    """D14"""
    assert sorted_labels(["b", "Mu\u0308ller ", " Müller", "a"]) == ("Müller", "a", "b")
    assert len(sorted_labels(SPELLINGS)) == 1
    assert label_key("Straße") == label_key("STRASSE")
    assert label_key("a") != label_key("ä")
