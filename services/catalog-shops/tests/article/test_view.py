"""The document of an article at a tenant."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec

from catalog_shops.article.listing import prices_in_words
from catalog_shops.article.view import ArticleView, keys, project
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleListed,
    Price,
    PriceSet,
    PriceStep,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.prices import PriceVersion
from zugabe_events.projections.mongo_views import from_document, to_document

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SCREWS = Article(name="Schrauben", text="Mit [b]Senkkopf[\\b][br]verzinkt", flags=("no-points",))
PRICE = Price((PriceStep(1, Decimal("3.49")), PriceStep(500, Decimal("2.9925"))), 100)


def folded(*events: Event) -> ArticleView:
    view = None
    for event in events:
        assert keys(event) == ["acme/A~2F4"]
        view = project(view, event)
    assert view is not None
    return view


def test_master_data_and_status_follow_the_events() -> None:
    """X-24"""
    listed = ArticleListed("acme", "A/4", SCREWS, NOON)
    view = folded(listed)
    assert (view.status, view.name, view.flags) == ("listed", "Schrauben", ("no-points",))
    assert (view.key, view.sought, view.plain) == ("A~2F4", "a4", "Mit Senkkopf verzinkt")
    later = NOON + timedelta(days=1)
    changed = folded(listed, ArticleChanged("acme", "A/4", Article(name="Muttern"), later))
    assert (changed.name, changed.flags, changed.changed_at) == ("Muttern", (), later)
    delisted = folded(listed, ArticleDelisted("acme", "A/4", later))
    assert (delisted.status, delisted.name) == ("delisted", "Schrauben")
    assert delisted.changed_at == later


def test_prices_of_a_central_article_are_no_article() -> None:
    """Q34"""
    view = folded(PriceSet("acme", "A/4", 1, (PRICE,), NOON))
    assert (view.status, view.prices) == ("prices", (PriceVersion(1, NOON, (PRICE,)),))


def test_the_last_fifty_versions_of_prices_are_kept() -> None:
    """Q13"""
    view = folded(*(PriceSet("acme", "A/4", n, (), NOON) for n in range(1, 61)))
    assert [one.version for one in view.prices] == list(range(11, 61))


def test_a_document_of_the_database_is_the_same_view() -> None:
    """X-10: prices stay exact."""
    view = folded(
        ArticleListed("acme", "A/4", SCREWS, NOON), PriceSet("acme", "A/4", 1, (PRICE,), NOON)
    )
    document = to_document("acme/A~2F4", view, {})
    assert document["prices"][0]["prices"][0]["steps"][1]["amount"] == "2.9925"
    assert from_document(ArticleView, document) == view
    assert msgspec.convert(msgspec.to_builtins(view), ArticleView) == view


def test_prices_read_like_in_a_price_list() -> None:
    view = folded(PriceSet("acme", "A/4", 1, (PRICE,), NOON))
    assert prices_in_words(view) == "3,49 € je 100, ab 500: 2,9925 €"
    assert prices_in_words(folded(PriceSet("acme", "A/4", 1, (), NOON))) == ""


def test_a_version_set_up_for_the_past_is_not_the_latest() -> None:
    """X-40: what counts is when prices are in force, not when they were set."""
    earlier = NOON - timedelta(days=400)
    view = folded(
        PriceSet("acme", "A/4", 1, (PRICE,), NOON), PriceSet("acme", "A/4", 2, (), earlier)
    )
    assert prices_in_words(view) == "3,49 € je 100, ab 500: 2,9925 €"


def test_a_version_keeps_the_prices_of_all_periods() -> None:
    """Q34, Q13: the price of next year is there beside that of this year."""
    this_year = msgspec.structs.replace(PRICE, valid_until=date(2026, 12, 31))
    next_year = msgspec.structs.replace(PRICE, valid_from=date(2027, 1, 1))
    view = folded(PriceSet("acme", "A/4", 1, (this_year, next_year), NOON))
    assert [version.prices for version in view.prices] == [(this_year, next_year)]
