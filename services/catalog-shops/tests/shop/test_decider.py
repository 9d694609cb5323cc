"""Brand and theme shops: main data, top articles, and reviews."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from catalog_shops.shop.decider import SHOP_DECIDER, DeleteShop, ProposeShop, SaveHead
from catalog_shops.shop.refusals import (
    AssortmentMissingError,
    NotInAssortmentError,
    OverviewIdError,
    ShopDeletedError,
    ShopNotFoundError,
    TooManyTopArticlesError,
    TopArticleMissingError,
    TopArticlesChangedError,
)
from catalog_shops.shop.review import FlagReview, ReviewShop
from catalog_shops.shop.state import ShopKey
from catalog_shops.shop.top_articles import (
    AddTopArticle,
    ChangeTopArticles,
    OrderTopArticles,
    PriceTopArticles,
    RemoveTopArticle,
    ReplaceTopArticles,
    TopArticleChange,
)
from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    ShopCreated,
    ShopDeleted,
    ShopHead,
    ShopHeadChanged,
    ShopReviewDue,
    ShopReviewed,
    TopArticle,
    TopArticlesSet,
)
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
KEY = ShopKey("acme", "brand", "leitz")
THEME = ShopKey("acme", "theme", "sale")
HEAD = ShopHead("Leitz", "leitzmarkenshop", "leitz", "Ordnung [b]seit 1871[\\b]")
CREATED = ShopCreated("acme", "brand", "leitz", HEAD, "staff", NOW)
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)


def tops(*articles: TopArticle | str) -> TopArticlesSet:
    whole = tuple(TopArticle(one) if isinstance(one, str) else one for one in articles)
    return TopArticlesSet("acme", "brand", "leitz", whole, LATER)


def change(what: TopArticleChange) -> ChangeTopArticles:
    return ChangeTopArticles(KEY, what, LATER)


def add(number: str, *, there: bool = True, inside: bool = True) -> ChangeTopArticles:
    return change(AddTopArticle(number, has_assortment=there, in_assortment=inside))


def test_a_shop_is_created_and_its_main_data_are_changed() -> None:
    """CS-16, CS-17, CS-19, CS-39"""
    given(SHOP_DECIDER).when(SaveHead(KEY, HEAD, NOW)).then(CREATED)
    other = ShopHead("Leitz", "leitz", "", "")
    given(SHOP_DECIDER, CREATED).when(SaveHead(KEY, other, LATER)).then(
        ShopHeadChanged("acme", "brand", "leitz", other, LATER)
    )


def test_saving_the_same_again_changes_nothing() -> None:
    given(SHOP_DECIDER, CREATED).when(SaveHead(KEY, HEAD, LATER)).then()


def test_a_theme_shop_has_no_brand() -> None:
    """CS-17, CS-39"""
    save = SaveHead(THEME, HEAD, NOW)
    given(SHOP_DECIDER).when(save).refused(InvalidError, "brand-not-wanted")


def test_no_shop_has_the_id_of_the_overview() -> None:
    """CS-33"""
    save = SaveHead(ShopKey("acme", "brand", OVERVIEW), HEAD, NOW)
    given(SHOP_DECIDER).when(save).refused(OverviewIdError, "shop-id-reserved")


def test_a_deleted_shop_stays_deleted() -> None:
    """CS-16"""
    deleted = ShopDeleted("acme", "brand", "leitz", LATER)
    given(SHOP_DECIDER, CREATED).when(DeleteShop(KEY, LATER)).then(deleted)
    given(SHOP_DECIDER, CREATED, deleted).when(DeleteShop(KEY, LATER)).then()
    given(SHOP_DECIDER, CREATED, deleted).when(SaveHead(KEY, HEAD, LATER)).refused(ShopDeletedError)
    given(SHOP_DECIDER, CREATED, deleted).when(add("1")).refused(ShopNotFoundError)
    given(SHOP_DECIDER).when(DeleteShop(KEY, LATER)).refused(ShopNotFoundError, "shop-not-found")


def test_a_proposal_never_changes_a_shop_that_is_there() -> None:
    """CS-2"""
    given(SHOP_DECIDER).when(ProposeShop(KEY, HEAD, NOW)).then(
        ShopCreated("acme", "brand", "leitz", HEAD, "onboarding", NOW)
    )
    given(SHOP_DECIDER, CREATED).when(ProposeShop(KEY, HEAD, NOW)).then()
    deleted = ShopDeleted("acme", "brand", "leitz", LATER)
    given(SHOP_DECIDER, CREATED, deleted).when(ProposeShop(KEY, HEAD, NOW)).then()
    given(SHOP_DECIDER).when(ProposeShop(KEY, None, NOW)).then()


def test_a_top_article_is_added_behind_the_others() -> None:
    """CS-32"""
    given(SHOP_DECIDER, CREATED).when(add("1")).then(tops("1"))
    given(SHOP_DECIDER, CREATED, tops("1")).when(add("2")).then(tops("1", "2"))
    given(SHOP_DECIDER, CREATED, tops("1")).when(add("1")).then()


def test_top_articles_need_an_assortment_and_belong_to_it() -> None:
    """CS-31, CS-42"""
    given(SHOP_DECIDER, CREATED).when(add("1", there=False)).refused(
        AssortmentMissingError, "assortment-missing"
    )
    given(SHOP_DECIDER, CREATED).when(add("1", inside=False)).refused(
        NotInAssortmentError, "article-not-in-assortment"
    )
    given(SHOP_DECIDER).when(add("1")).refused(ShopNotFoundError)


def test_there_are_never_more_than_three_top_articles() -> None:
    """CS-24"""
    given(SHOP_DECIDER, CREATED, tops("1", "2", "3")).when(add("4")).refused(
        TooManyTopArticlesError, "three-top-articles"
    )


def test_a_top_article_is_removed() -> None:
    """CS-32"""
    removed = change(RemoveTopArticle("1"))
    given(SHOP_DECIDER, CREATED, tops("1", "2")).when(removed).then(tops("2"))
    given(SHOP_DECIDER, CREATED, tops("2")).when(removed).refused(TopArticleMissingError)


def test_positions_are_saved_together() -> None:
    """CS-32"""
    before = given(SHOP_DECIDER, CREATED, tops("1", "2", "3"))
    before.when(change(OrderTopArticles(("3", "1", "2")))).then(tops("3", "1", "2"))
    before.when(change(OrderTopArticles(("1", "2", "3")))).then()
    for numbers in (("3", "1"), ("3", "1", "4"), ("1", "1", "2"), ("1", "2", "3", "3")):
        before.when(change(OrderTopArticles(numbers))).refused(
            TopArticlesChangedError, "top-articles-changed"
        )


def test_prices_are_saved_together_and_keep_the_order() -> None:
    """CS-25, CS-32"""
    priced = TopArticle("1", Decimal("3.4900"), FIRST, LAST)
    prices = change(PriceTopArticles((TopArticle("2"), priced)))
    before = given(SHOP_DECIDER, CREATED, tops("1", "2"))
    before.when(prices).then(tops(TopArticle("1", Decimal("3.49"), FIRST, LAST), "2"))
    only_one = change(PriceTopArticles((priced,)))
    before.when(only_one).refused(TopArticlesChangedError, "top-articles-changed")


@pytest.mark.parametrize(
    ("first", "last"), [(None, None), (FIRST, None), (None, LAST)], ids=["none", "first", "last"]
)
def test_a_price_by_hand_needs_its_whole_period(first: date | None, last: date | None) -> None:
    """CS-32"""
    prices = change(PriceTopArticles((TopArticle("1", Decimal(2), first, last),)))
    given(SHOP_DECIDER, CREATED, tops("1")).when(prices).refused(
        InvalidError, "strike-price-validity-missing"
    )


def test_a_price_of_a_file_needs_a_day_of_validity() -> None:
    """CS-25"""
    imported = change(ReplaceTopArticles((TopArticle("1", Decimal(2), None, LAST),)))
    given(SHOP_DECIDER, CREATED).when(imported).then(tops(TopArticle("1", Decimal(2), None, LAST)))
    without = change(ReplaceTopArticles((TopArticle("1", Decimal(2)),)))
    given(SHOP_DECIDER, CREATED).when(without).refused(
        InvalidError, "strike-price-validity-missing"
    )


@pytest.mark.parametrize(
    ("article", "code"),
    [
        (TopArticle("1", Decimal(2), LAST, FIRST), "validity-reversed"),
        (TopArticle("1", None, FIRST, LAST), "strike-price-missing"),
        (TopArticle("1", Decimal(0), FIRST, LAST), "price-out-of-range"),
        (TopArticle("1", Decimal(-1), FIRST, LAST), "price-out-of-range"),
        (TopArticle("1", Decimal("NaN"), FIRST, LAST), "price-out-of-range"),
        (TopArticle("1", Decimal("1e400"), FIRST, LAST), "price-out-of-range"),
        (TopArticle("1", Decimal("1.00001"), FIRST, LAST), "price-too-precise"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_price_that_cannot_be_is_refused(article: TopArticle, code: str) -> None:
    """CS-25, X-34"""
    prices = change(PriceTopArticles((article,)))
    given(SHOP_DECIDER, CREATED, tops("1")).when(prices).refused(InvalidError, code)


def test_a_price_may_be_for_a_single_day() -> None:
    """CS-25, X-11: both days count."""
    one_day = TopArticle("1", Decimal(2), FIRST, FIRST)
    prices = change(PriceTopArticles((one_day,)))
    given(SHOP_DECIDER, CREATED, tops("1")).when(prices).then(tops(one_day))


def test_large_round_prices_are_written_without_an_exponent() -> None:
    """X-34"""
    article = TopArticle("1", Decimal("1200.00"), FIRST, LAST)
    [event] = SHOP_DECIDER.decide(
        change(PriceTopArticles((article,))), SHOP_DECIDER.fold([CREATED, tops("1")])
    )
    assert isinstance(event, TopArticlesSet)
    assert str(event.articles[0].strike_price) == "1200.00"


DAY = NOW.date()


def test_a_shop_that_nobody_looked_at_is_due_once() -> None:
    """CS-45"""
    due = ShopReviewDue("acme", "brand", "leitz", LATER)
    flag = FlagReview(KEY, NOW, DAY, LATER)
    given(SHOP_DECIDER, CREATED).when(flag).then(due)
    given(SHOP_DECIDER, CREATED, due).when(flag).then()


def test_a_shop_that_was_changed_or_activated_since_is_not_due() -> None:
    """CS-45"""
    flag = FlagReview(KEY, NOW, DAY, LATER)
    given(SHOP_DECIDER, CREATED, tops("1")).when(flag).then()
    given(SHOP_DECIDER, CREATED).when(FlagReview(KEY, LATER, DAY, LATER)).then()
    given(SHOP_DECIDER, CREATED).when(FlagReview(KEY, None, DAY, LATER)).then()
    given(SHOP_DECIDER).when(flag).then()


def test_a_review_begins_the_time_again() -> None:
    """CS-45"""
    due = ShopReviewDue("acme", "brand", "leitz", NOW)
    reviewed = ShopReviewed("acme", "brand", "leitz", LATER, "sarah")
    review = ReviewShop(KEY, "sarah", LATER)
    given(SHOP_DECIDER, CREATED, due).when(review).then(reviewed)
    given(SHOP_DECIDER, CREATED, due, reviewed).when(review).then()
    given(SHOP_DECIDER, CREATED, due, reviewed).when(FlagReview(KEY, NOW, DAY, LATER)).then()
    given(SHOP_DECIDER).when(review).refused(ShopNotFoundError)
