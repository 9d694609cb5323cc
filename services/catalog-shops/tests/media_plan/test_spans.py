"""Days on which a shop is not active agree with what is shown on each of them."""

from datetime import date, timedelta
from itertools import pairwise

from catalog_shops_tests.planned import Planned
from hypothesis import given as for_all
from hypothesis import strategies as st

from catalog_shops.media_plan.schedule import shops_at
from catalog_shops.media_plan.spans import Span, inactive_spans
from zugabe_events.contracts.catalog_shops import PlanEntry, PlannedShop, ShopRef
from zugabe_events.domain.calendar import noon_of

SHOP, OTHER = ShopRef("acme", "shop"), ShopRef("acme", "other")
FIRST, LAST = date(2026, 3, 20), date(2026, 4, 10)

DAYS = st.dates(FIRST - timedelta(days=5), LAST + timedelta(days=5))
ON = PlannedShop("theme", SHOP)
REPLACED = PlannedShop("theme", OTHER, None, SHOP)
ELSEWHERE = PlannedShop("brand", SHOP)


@for_all(
    st.booleans(),
    st.lists(
        st.tuples(
            DAYS, st.one_of(st.none(), st.integers(0, 10)), st.sampled_from(["on", "off", "brand"])
        ),
        max_size=5,
    ),
)
def test_a_shop_is_inactive_on_exactly_these_days(
    arranged: bool, periods: list[tuple[date, int | None, str]]
) -> None:
    """N-12"""
    plan = [
        Planned(
            f"e{at}",
            PlanEntry(
                "Titel",
                first,
                None if days is None else first + timedelta(days=days),
                shops={"on": (ON,), "brand": (ELSEWHERE,)}.get(what, ()),
                shops_off=(ON,) if what == "off" else (),
            ),
        )
        for at, (first, days, what) in enumerate(periods)
    ]
    order = [OTHER, SHOP] if arranged else [OTHER]
    spans = inactive_spans("theme", SHOP, arranged, plan, Span(FIRST, LAST))
    day = FIRST
    while day <= LAST:
        shown = SHOP in shops_at("theme", order, plan, noon_of(day))
        within = any(
            span.first <= day and (span.last is None or day <= span.last) for span in spans
        )
        assert within == (not shown), day
        day += timedelta(days=1)
    assert all(
        one.last is not None and one.last + timedelta(days=1) < other.first
        for one, other in pairwise(spans)
    )


def test_a_shop_that_is_replaced_is_inactive_meanwhile() -> None:
    """N-12"""
    plan = [Planned("e", PlanEntry("Titel", date(2026, 4, 1), date(2026, 4, 2), (REPLACED,)))]
    spans = inactive_spans("theme", SHOP, True, plan, Span(FIRST, None))
    assert spans == [Span(date(2026, 4, 1), date(2026, 4, 2))]
    assert inactive_spans("theme", SHOP, False, plan, Span(FIRST, None)) == [Span(FIRST, None)]
