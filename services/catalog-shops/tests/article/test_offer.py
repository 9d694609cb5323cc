"""Offers: whose article, whose price, and what is crossed out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from catalog_shops.article.offer import (
    EffectiveArticle,
    StrikePrice,
    effective_articles,
    first_quantity,
    merged,
    offer_of,
)
from catalog_shops.article.view import ARTICLES, ArticleView, article_key, new
from zugabe_events.contracts.catalog_shops import TopArticle
from zugabe_events.domain.prices import Price, PriceStep, PriceVersion
from zugabe_testing.views import InMemoryViews

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def version(amount: str, number: int = 1, from_quantity: int = 1) -> PriceVersion:
    price = Price((PriceStep(from_quantity, Decimal(amount)),))
    return PriceVersion(number, NOON - timedelta(days=9), (price,))


def article(dealer: str, number: str = "0017", amount: str = "") -> ArticleView:
    listed = replace(new(dealer, number), status="listed", name=f"{number} of {dealer}")
    return replace(listed, prices=(version(amount),)) if amount else listed


def only_prices(dealer: str, amount: str) -> ArticleView:
    return replace(new(dealer, "0017"), prices=(version(amount, number=7),))


def test_a_dealers_own_article_has_only_their_own_prices() -> None:
    """Q34: even if central has an article of the same number."""
    effective = merged([article("acme", amount="6"), article("central", amount="5")])
    assert effective is not None
    assert effective.article.dealer == "acme"
    offer = offer_of(effective, NOON)
    assert offer.price is not None
    assert (offer.price.source, offer.price.amount) == ("dealer", Decimal(6))
    without = merged([article("acme"), article("central", amount="5")])
    assert without is not None
    assert offer_of(without, NOON).price is None


def test_a_central_article_has_the_dealers_price() -> None:
    """Q34"""
    effective = merged([only_prices("acme", "4"), article("central", amount="5")])
    assert effective is not None
    offer = offer_of(effective, NOON)
    assert offer.article.dealer == "central"
    assert offer.price is not None
    assert (offer.price.source, offer.price.version) == ("dealer", 7)


def test_prices_of_an_article_that_nobody_has_are_no_article() -> None:
    assert merged([only_prices("acme", "4"), None]) is None
    assert merged([None, None]) is None


def test_a_price_agreed_with_the_customer_comes_first() -> None:
    """Q34"""
    effective = EffectiveArticle(article("central"), (version("5"),), ())
    offer = offer_of(effective, NOON, quantity=10, agreed=(version("4", 3, from_quantity=10),))
    assert offer.price is not None
    assert (offer.price.source, offer.price.line_net_cents) == ("customer", 4_000)
    few = offer_of(effective, NOON, quantity=9, agreed=(version("4", 3, from_quantity=10),))
    assert few.price is not None
    assert (few.price.source, few.price.line_net_cents) == ("central", 4_500)


def test_a_strike_price_is_shown_in_its_period_and_above_the_buyers_price() -> None:
    """Q13, CS-25"""
    effective = EffectiveArticle(article("central"), (version("5"),), ())
    day = date(2026, 5, 4)
    strike = TopArticle("0017", Decimal("5.99"), day, day)
    assert offer_of(effective, NOON, strike=strike).strike == StrikePrice(Decimal("5.99"), 1)
    assert offer_of(effective, NOON + timedelta(days=1), strike=strike).strike is None
    assert offer_of(effective, NOON - timedelta(days=1), strike=strike).strike is None
    assert offer_of(effective, NOON, strike=TopArticle("0017", Decimal(5), day, day)).strike is None
    dearer = offer_of(effective, NOON, strike=strike, agreed=(version("6"),))
    assert dearer.strike is None
    assert offer_of(effective, NOON, strike=TopArticle("0017")).strike is None


def test_a_strike_price_is_compared_by_the_piece() -> None:
    """Q13: it is for the unit of the list price, however the customer's price is stated."""
    by_hundred = Price((PriceStep(1, Decimal("3.49")),), 100)
    listed = PriceVersion(1, NOON - timedelta(days=9), (by_hundred,))
    effective = EffectiveArticle(article("central"), (listed,), ())
    strike = TopArticle("0017", Decimal("3.99"), date(2026, 5, 4), None)
    agreed = version("0.03")
    shown = offer_of(effective, NOON, strike=strike, agreed=(agreed,)).strike
    assert shown == StrikePrice(Decimal("3.99"), 100)
    dearer = version("0.04")
    assert offer_of(effective, NOON, strike=strike, agreed=(dearer,)).strike is None


def test_the_lowest_price_of_30_days_is_that_for_everybody() -> None:
    """Q13"""
    effective = EffectiveArticle(article("central"), (version("5"),), ())
    lowest = offer_of(effective, NOON, agreed=(version("1"),)).lowest
    assert lowest is not None
    assert lowest.amount == Decimal(5)


def test_an_article_that_begins_at_six_says_so() -> None:
    effective = EffectiveArticle(article("central"), (version("5", from_quantity=6),), ())
    assert offer_of(effective, NOON, quantity=5).price is None
    assert first_quantity(effective, NOON) == 6


def test_what_is_delisted_or_discontinued_cannot_be_ordered() -> None:
    """X-27"""
    listed = article("central")
    orderable = [
        EffectiveArticle(one, (), ()).is_orderable
        for one in (
            listed,
            replace(listed, status="delisted"),
            replace(listed, availability="discontinued"),
            replace(listed, availability="out-of-stock"),
        )
    ]
    assert orderable == [True, False, False, True]


async def test_many_articles_are_found_in_one_query_also_those_of_a_group() -> None:
    views = InMemoryViews(ARTICLES, [])
    for one in (
        article("central", "1"),
        article("central", "2"),
        article("group.x", "2"),
        article("acme", "3"),
        article("other", "4"),
    ):
        views.documents[article_key(one.dealer, one.number)] = one
    found = await effective_articles(views, "acme", ["1", "2", "3", "4"], group="group.x")
    assert {number: one.article.dealer for number, one in found.items()} == {
        "1": "central",
        "2": "group.x",
        "3": "acme",
    }
