"""What is shown at an instant: arrangements, banners and strike prices under a media plan."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from catalog_shops_tests.planned import Planned
from hypothesis import given as for_all
from hypothesis import strategies as st

from catalog_shops.media_plan.schedule import (
    is_shown,
    next_change,
    running,
    shops_at,
    top_articles_at,
)
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerLink,
    PlanEntry,
    PlannedShop,
    PlannedStrike,
    ShopRef,
    TopArticle,
)

XMAS, CARNIVAL, SALE, A, B = (
    ShopRef("acme", shop) for shop in ("weihnachten", "karneval", "sale", "a", "b")
)
ARRANGED = (A, SALE, B)
BANNER = Banner("start", "f" * 64, "Weihnachten", BannerLink())


def entry(first: date, last: date | None, *shops: PlannedShop, name: str = "e", **more) -> Planned:  # type: ignore[no-untyped-def]
    return Planned(name, PlanEntry("Titel", first, last, shops, **more))


def theme(
    shop: ShopRef, position: int | None = None, replaces: ShopRef | None = None
) -> PlannedShop:
    return PlannedShop("theme", shop, position, replaces)


def berlin(text: str) -> datetime:
    """An instant with its offset, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


CHRISTMAS = entry(date(2026, 11, 25), date(2026, 12, 24), theme(XMAS, 1), name="xmas")
KARNEVAL = entry(date(2026, 12, 25), date(2027, 2, 10), theme(CARNIVAL, 1), name="carnival")


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-11-24T23:59:59+01:00", A),
        ("2026-11-25T00:00:00+01:00", XMAS),
        ("2026-12-24T23:59:59.999+01:00", XMAS),
        ("2026-12-25T00:00:00+01:00", CARNIVAL),
        ("2027-02-10T23:59:59+01:00", CARNIVAL),
        ("2027-02-11T00:00:00+01:00", A),
    ],
)
def test_carnival_follows_christmas_to_the_moment(at: str, first: ShopRef) -> None:
    """CS-44, N-12, X-11"""
    shops = shops_at("theme", ARRANGED, [CHRISTMAS, KARNEVAL], berlin(at))
    assert shops[0] == first
    assert tuple(shop for shop in shops if shop in ARRANGED) == ARRANGED


@pytest.mark.parametrize(
    ("day", "before", "begin", "last", "after"),
    [
        (
            date(2026, 3, 29),
            "2026-03-28T23:59:59+01:00",
            "2026-03-29T00:00:00+01:00",
            "2026-03-29T23:59:59+02:00",
            "2026-03-30T00:00:00+02:00",
        ),
        (
            date(2026, 10, 25),
            "2026-10-24T23:59:59+02:00",
            "2026-10-25T00:00:00+02:00",
            "2026-10-25T23:59:59+01:00",
            "2026-10-26T00:00:00+01:00",
        ),
    ],
    ids=["23 hours", "25 hours"],
)
def test_a_day_of_23_or_25_hours_is_a_whole_day(
    day: date, before: str, begin: str, last: str, after: str
) -> None:
    """N-12, X-11"""
    plan = [entry(day, day, theme(XMAS))]

    def shown(at: str) -> bool:
        return XMAS in shops_at("theme", ARRANGED, plan, berlin(at))

    assert [shown(at) for at in (before, begin, last, after)] == [False, True, True, False]
    assert next_change(berlin(before), plan) == berlin(begin)
    assert next_change(berlin(begin), plan) == berlin(after)
    assert next_change(berlin(after), plan) is None


DAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shops", "expected"),
    [
        ([theme(XMAS)], (A, SALE, B, XMAS)),
        ([theme(XMAS, 2)], (A, XMAS, SALE, B)),
        ([theme(XMAS, 99)], (A, SALE, B, XMAS)),
        ([theme(XMAS, replaces=SALE)], (A, XMAS, B)),
        ([theme(XMAS, replaces=CARNIVAL)], (A, SALE, B, XMAS)),
        ([theme(XMAS, 3), theme(CARNIVAL, 1)], (CARNIVAL, A, XMAS, SALE, B)),
        ([theme(B, 1)], (B, A, SALE)),
        ([theme(XMAS, 2), theme(CARNIVAL, replaces=XMAS)], (A, CARNIVAL, SALE, B)),
    ],
)
def test_a_planned_shop_has_its_place(
    shops: list[PlannedShop], expected: tuple[ShopRef, ...]
) -> None:
    """CS-44, N-12"""
    assert shops_at("theme", ARRANGED, [entry(DAY, None, *shops)], NOON) == expected


def test_a_shop_is_hidden_while_an_entry_runs() -> None:
    """CS-44"""
    plan = [entry(DAY, DAY, shops_off=(theme(SALE),))]
    assert shops_at("theme", ARRANGED, plan, NOON) == (A, B)
    assert shops_at("theme", ARRANGED, plan, NOON + timedelta(days=1)) == ARRANGED


def test_what_begins_later_overrides_what_runs() -> None:
    """N-12"""
    on = entry(DAY, None, theme(XMAS), name="z")
    off = entry(DAY + timedelta(days=1), None, shops_off=(theme(XMAS),), name="a")
    later = NOON + timedelta(days=1)
    assert XMAS in shops_at("theme", ARRANGED, [off, on], NOON)
    assert XMAS not in shops_at("theme", ARRANGED, [off, on], later)
    assert [one.entry_id for one in running([off, on], later)] == ["z", "a"]


def test_a_plan_for_theme_shops_leaves_brand_shops_alone() -> None:
    """CS-44"""
    assert shops_at("brand", ARRANGED, [CHRISTMAS], berlin("2026-12-01T12:00:00+01:00")) == ARRANGED


@for_all(
    st.permutations(ARRANGED),
    st.lists(
        st.builds(
            theme,
            st.sampled_from([*ARRANGED, XMAS, CARNIVAL]),
            st.one_of(st.none(), st.integers(1, 9)),
            st.one_of(st.none(), st.sampled_from([*ARRANGED, XMAS])),
        ),
        max_size=6,
    ),
    st.lists(st.builds(theme, st.sampled_from([*ARRANGED, XMAS])), max_size=3),
)
def test_no_shop_has_two_places_and_none_is_made_up(
    arranged: list[ShopRef], on: list[PlannedShop], off: list[PlannedShop]
) -> None:
    """CS-15, N-12"""
    plan = [entry(DAY, None, *on, shops_off=tuple(off))]
    shown = shops_at("theme", arranged, plan, NOON)
    assert len(set(shown)) == len(shown)
    assert set(shown) <= {*arranged, *(planned.shop for planned in on)}
    untouched = [
        shop
        for shop in arranged
        if shop not in {planned.shop for planned in (*on, *off)}
        and shop not in {planned.replaces for planned in on}
    ]
    assert [shop for shop in shown if shop in untouched] == untouched


def test_a_banner_of_the_plan_is_shown_with_its_entry_only() -> None:
    """N-12"""
    plan = [entry(DAY, DAY, banners=("xmas",))]
    assert is_shown("xmas", BANNER, plan, NOON)
    assert not is_shown("xmas", BANNER, plan, NOON + timedelta(days=1))
    assert is_shown("other", BANNER, plan, NOON + timedelta(days=1))
    assert is_shown("xmas", BANNER, [], NOON)


def test_a_banner_is_shown_within_its_validity_while_it_is_on() -> None:
    """CS-30, X-11"""
    valid = Banner("start", "f" * 64, "X", BannerLink(), valid_from=DAY, valid_until=DAY)
    assert is_shown("b", valid, [], NOON)
    assert not is_shown("b", valid, [], NOON - timedelta(days=1))
    assert not is_shown("b", valid, [], NOON + timedelta(days=1))
    off = Banner("start", "f" * 64, "X", BannerLink(), active=False)
    assert not is_shown("b", off, [], NOON)
    other = [entry(DAY + timedelta(days=9), None, banners=("b",))]
    assert not is_shown("b", valid, other, NOON)


def test_a_planned_strike_price_counts_while_its_entry_runs() -> None:
    """CS-25, N-12, Q13"""
    usual = TopArticle("1", Decimal("9.99"), date(2026, 1, 1), date(2026, 12, 31))
    strikes = (
        PlannedStrike("theme", SALE, "1", Decimal("12.99")),
        PlannedStrike("theme", SALE, "7", Decimal(1)),
    )
    plan = [entry(DAY, DAY, strikes=strikes)]
    articles = (TopArticle("2"), usual)
    planned = TopArticle("1", Decimal("12.99"), DAY, DAY)
    assert top_articles_at("theme", SALE, articles, plan, NOON) == (TopArticle("2"), planned)
    assert top_articles_at("theme", A, articles, plan, NOON) == articles
    assert top_articles_at("brand", SALE, articles, plan, NOON) == articles
    later = NOON + timedelta(days=1)
    assert top_articles_at("theme", SALE, articles, plan, later) == articles


@for_all(
    st.lists(
        st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(0, 40)), max_size=6
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_nothing_changes_before_the_next_change(
    periods: list[tuple[date, int]], at: datetime
) -> None:
    """N-12: a page may be kept until then, and no longer."""
    shops = [ShopRef("acme", f"s{index}") for index in range(len(periods))]
    plan = [
        entry(first, first + timedelta(days=days), theme(shop), name=shop.shop)
        for shop, (first, days) in zip(shops, periods, strict=True)
    ]
    change = next_change(at, plan)
    shown = shops_at("theme", ARRANGED, plan, at)
    if change is None:
        assert shops_at("theme", ARRANGED, plan, at + timedelta(days=500)) == ARRANGED
        return
    assert change > at
    just_before = change - timedelta(microseconds=1)
    assert shops_at("theme", ARRANGED, plan, just_before) == shown
    assert running(plan, change) != running(plan, just_before)


def test_banners_and_top_articles_change_at_their_days_as_well() -> None:
    """N-12"""
    banner = Banner("start", "f", "X", BannerLink(), valid_until=DAY)
    article = TopArticle("1", Decimal(1), None, DAY - timedelta(days=1))
    change = next_change(NOON - timedelta(days=9), (), [banner], [article])
    assert change == berlin("2026-06-01T00:00:00+02:00")
    assert next_change(NOON, (), [banner], [article]) == berlin("2026-06-02T00:00:00+02:00")
