"""The number of points an order earns."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
from bonus_tests.samples import DEALER, MARCH_1, TERMS, line, programme, promotion
from hypothesis import given
from hypothesis import strategies as st

from bonus.programme.points import earned_points, explain
from bonus.programme.position import position_of
from bonus.programme.versions import Active, Draft, Programme
from zugabe_events.contracts.bonus import LinePoints
from zugabe_events.contracts.checkout import CatalogueLine, OrderLine


def earned(
    lines: Sequence[OrderLine], at: datetime, rules: Programme, minimum_cents: int = 0
) -> Sequence[LinePoints]:
    return earned_points([position_of(line) for line in lines], at, rules, minimum_cents)


def points(*lines: OrderLine, rules: Active | None = None, at: datetime = MARCH_1) -> int:
    return sum(one.points for one in earned(lines, at, rules or programme()))


def test_points_count_by_position_not_by_order() -> None:
    """BO-14, BO-16: 2 × 0,59 € is one point, 0,99 € is none, and their sum of 2,17 € is one."""
    assert points(line(118), line(99, 2)) == 1


def test_an_excluded_group_earns_nothing_even_in_a_promotion() -> None:
    """BO-17, BO-18, BO-21, BO-22"""
    rules = programme(promotion("all", 2, brands=("Soennecken",)))
    assert points(line(500, group="Kleben & Versenden"), line(500, 2), rules=rules) == 10


def test_the_floor_comes_before_rate_and_factor() -> None:
    """Q9: 1,60 € at two times are 2 points, not 3."""
    assert points(line(160), rules=programme(promotion("p", 2))) == 2


def test_the_highest_promotion_wins_and_promotions_do_not_stack() -> None:
    """Q9"""
    rules = programme(promotion("two", 2), promotion("three", 3))
    assert points(line(1_000), rules=rules) == 30


def test_a_promotion_needs_brand_and_group() -> None:
    """BO-20"""
    rules = programme(promotion("p", 2, brands=("Soennecken",), product_groups=("Toner",)))
    assert points(line(100, group="Toner"), rules=rules) == 2
    assert points(line(100, group="Papier"), rules=rules) == 1
    assert points(line(100, group="Toner", brand="Leitz"), rules=rules) == 1


def test_a_promotion_runs_until_the_end_of_its_last_day_in_berlin() -> None:
    """Q11"""
    rules = programme(promotion("p", 2, valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 1)))
    assert points(line(100), rules=rules, at=datetime(2026, 2, 28, 23, 0, tzinfo=UTC)) == 2
    assert points(line(100), rules=rules, at=datetime(2026, 3, 1, 22, 59, tzinfo=UTC)) == 2
    assert points(line(100), rules=rules, at=datetime(2026, 3, 1, 23, 0, tzinfo=UTC)) == 1


def test_the_base_is_before_discounts_or_after_them_as_the_terms_say() -> None:
    """Q8"""
    reduced = msgspec.structs.replace(line(1_000), voucher_cents=150, reward_cents=100)
    after = programme(terms=msgspec.structs.replace(TERMS, count_after_discounts=True))
    assert points(reduced) == 10
    assert points(reduced, rules=after) == 7


def test_nothing_is_earned_before_the_start_or_without_activation() -> None:
    """BO-10, BO-41"""
    assert points(line(1_000), at=datetime(2025, 12, 31, 22, 59, tzinfo=UTC)) == 0
    assert points(line(1_000), at=datetime(2025, 12, 31, 23, 0, tzinfo=UTC)) == 10
    assert earned([line(1_000)], MARCH_1, Draft(terms=TERMS)) == ()


def test_the_explanation_names_rate_promotion_and_version() -> None:
    """N-4"""
    rules = programme(promotion("p", 2))
    lines = earned([line(1_000), line(100, 2, "Kleben & Versenden")], MARCH_1, rules)
    assert explain(lines, rules) == (
        "20 Punkte: 1 Punkt je vollem Euro Nettowarenwert einer Position (vor Rabatten),"
        " erhöht durch „2 x Punkte“ (2 ×), ohne ausgeschlossene Warengruppen; Programmfassung 7."
    )


@given(st.lists(st.integers(0, 10**12), max_size=20), st.integers(1, 1_000), st.integers(2, 10))
def test_points_are_whole_and_never_more_than_the_euros_times_rate_and_factor(
    cents: list[int], rate: int, factor: int
) -> None:
    """BO-14, BO-15, lesson 14"""
    rules = programme(
        promotion("p", factor), terms=msgspec.structs.replace(TERMS, points_per_euro=rate)
    )
    got = earned([line(one, n) for n, one in enumerate(cents)], MARCH_1, rules)
    for one, base in zip(got, cents, strict=True):
        assert isinstance(one.points, int)
        assert one.points % (rate * factor) == 0
        assert 0 <= base * rate * factor - one.points * 100 < 100 * rate * factor


def test_one_point_is_said_in_the_singular() -> None:
    """N-4"""
    lines = earned([line(100)], MARCH_1, programme())
    assert explain(lines, programme()).startswith("1 Punkt: 1 Punkt je vollem Euro")


def test_the_explanation_names_five_promotions_at_most() -> None:
    """N-4"""
    brands = [f"b{number}" for number in range(6)]
    rules = programme(
        *(promotion(f"p{n}", n + 2, brands=(brand,)) for n, brand in enumerate(brands))
    )
    lines = [line(100, n, brand=brand) for n, brand in enumerate(brands)]
    five = explain(earned(lines[:5], MARCH_1, rules), rules)
    assert "„6 x Punkte“ (6 ×); Programmfassung" in five
    six = explain(earned(lines, MARCH_1, rules), rules)
    assert "„6 x Punkte“ (6 ×) und weitere; Programmfassung" in six
    assert "7 x Punkte" not in six


def test_the_explanation_names_a_higher_rate_and_a_base_after_discounts() -> None:
    """N-4, Q8"""
    terms = msgspec.structs.replace(TERMS, points_per_euro=2, count_after_discounts=True)
    rules = programme(terms=terms)
    assert explain(earned([line(300)], MARCH_1, rules), rules) == (
        "6 Punkte: 2 Punkte je vollem Euro Nettowarenwert einer Position (nach Rabatten);"
        " Programmfassung 7."
    )


def test_a_line_tells_what_its_points_were_made_of() -> None:
    """N-4, BO-22"""
    rules = programme(promotion("p", 3, brands=("Leitz",)))
    lines = [line(250), line(250, 2, brand="Leitz"), line(250, 3, "Kleben & Versenden")]
    assert [
        (one.number, one.base_cents, one.points, one.factor, one.promotion_id)
        for one in earned(lines, MARCH_1, rules)
    ] == [(1, 250, 2, 1, None), (2, 250, 6, 3, "p"), (3, 250, 0, 0, None)]


def test_a_line_that_discounts_paid_for_earns_nothing() -> None:
    """Q8, BO-15"""
    after = programme(terms=msgspec.structs.replace(TERMS, count_after_discounts=True))
    [free] = earned(
        [msgspec.structs.replace(line(1_000), voucher_cents=900, reward_cents=200)], MARCH_1, after
    )
    assert (free.base_cents, free.points) == (0, 0)


def in_groups(line: OrderLine, *groups: str) -> OrderLine:
    said = CatalogueLine(
        name="Klebestift",
        brand_name="Soennecken",
        groups=groups,
        media=(),
        tax="standard",
        flags=(),
        price_amount=Decimal(1),
        price_quantity=1,
        price_version=1,
        tenant=DEALER,
    )
    return msgspec.structs.replace(line, product_group=groups[0], from_catalogue=said)


def test_a_group_stands_for_all_groups_below_it() -> None:
    """BO-17, BO-18, BO-22: a line brings its article's groups with those above them."""
    stick = in_groups(line(500), "Klebestifte", "Büro", "Kleben & Versenden")
    pen = in_groups(line(500), "Kugelschreiber", "Büro", "Schreiben")
    rules = programme(promotion("office", 2, product_groups=("Büro",)))
    assert points(stick, rules=rules) == 0
    assert points(pen, rules=rules) == 10


def test_a_line_without_points_says_so() -> None:
    """X-24, X-25"""
    stamps = msgspec.structs.replace(line(500), excluded=("points",))
    rules = programme(promotion("p", 2))
    lines = earned([stamps, line(500, 2, "Kleben & Versenden"), line(500, 3)], MARCH_1, rules)
    assert [(one.points, one.excluded_by) for one in lines] == [
        (0, "line"),
        (0, "group"),
        (10, None),
    ]
    assert "ohne ausgeschlossene Warengruppen und Positionen, die keine Punkte bringen" in (
        explain(lines, rules)
    )


def test_an_order_below_the_minimum_earns_nothing() -> None:
    """S6, Q2: before discounts, and without what counts for no threshold."""
    reduced = msgspec.structs.replace(line(1_000), voucher_cents=900)
    assert sum(one.points for one in earned([reduced], MARCH_1, programme(), 1_000)) == 10
    assert earned([reduced], MARCH_1, programme(), 1_001) == ()
    deposit = msgspec.structs.replace(line(100, 2), excluded=("thresholds",))
    assert earned([reduced, deposit], MARCH_1, programme(), 1_001) == ()


def test_many_points_are_told_with_separators() -> None:
    lines = earned([line(123_400)], MARCH_1, programme())
    assert explain(lines, programme()).startswith("1.234 Punkte: 1 Punkt je vollem Euro")
