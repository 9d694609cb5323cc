"""Q34: what checkout knows of the catalogue, by the events of catalog-shops."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from checkout_tests.catalogue import each

from checkout.catalogue.view import (
    CATALOGUE,
    CatalogueView,
    agreed_id,
    article_id,
    customer_id,
    keys,
    labels_id,
    project,
)
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleListed,
    BrandNamed,
    CustomerExclusionsSet,
    CustomerPriceSet,
    GiftSourceChosen,
    PriceSet,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.prices import MAX_VERSIONS
from zugabe_testing.views import InMemoryViews

NOON = datetime(2026, 3, 1, 11, tzinfo=UTC)


def told(*events: Event) -> dict[str, CatalogueView]:
    views = InMemoryViews(CATALOGUE, [])
    for event in events:
        views.fold(event)
    return views.documents


def article(**more: Any) -> Article:
    return Article(**{"name": "Schraube", "brand": "wuerth", "groups": ("s",), **more})


def test_an_article_is_listed_changed_delisted_and_listed_again() -> None:
    listed = ArticleListed("central", "A 1", article(), NOON)
    changed = ArticleChanged("central", "A 1", article(name="Schrauben"), NOON)
    delisted = ArticleDelisted("central", "A 1", NOON)
    key = article_id("central", "A 1")
    seen = []
    for number in range(1, 5):
        [document] = told(*(listed, changed, delisted, listed)[:number]).items()
        assert document[0] == key == "article/central/A~201"
        entry = document[1].article
        assert entry is not None
        seen.append((entry.name, entry.is_listed))
    assert seen == [
        ("Schraube", True),
        ("Schrauben", True),
        ("Schrauben", False),
        ("Schraube", True),
    ]


def test_a_change_of_a_delisted_article_does_not_list_it() -> None:
    views = told(
        ArticleListed("d1", "7", article(), NOON),
        ArticleDelisted("d1", "7", NOON),
        ArticleChanged("d1", "7", article(name="Mutter"), NOON),
    )
    entry = views[article_id("d1", "7")].article
    assert entry is not None
    assert (entry.name, entry.is_listed) == ("Mutter", False)


def test_prices_of_a_dealer_stand_alone_and_keep_their_latest_versions() -> None:
    """Q34: a dealer's prices for a central article come without master data."""
    many = [
        PriceSet("d1", "7", number, (each(f"{number}.00"),), NOON + timedelta(days=number))
        for number in range(1, MAX_VERSIONS + 3)
    ]
    [view] = told(*many).values()
    assert view.article is None
    assert [one.version for one in view.prices] == list(range(3, MAX_VERSIONS + 3))


def test_a_price_that_is_told_twice_is_kept_once() -> None:
    event = CustomerPriceSet("d1", "7", "c1", 1, (each("5.00"),), NOON)
    views = told(event, event)
    assert [one.version for one in views[agreed_id("d1", "c1", "7")].prices] == [1]


def test_an_article_a_customer_and_a_group_may_have_the_same_name() -> None:
    views = told(
        ArticleListed("d1", "c1", article(), NOON),
        CustomerPriceSet("d1", "c1", "c1", 1, (each("5.00"),), NOON),
        CustomerExclusionsSet("d1", "c1", 1, ("points",), True, NOON),
        ProductGroupPlaced("d1", "c1", "Gruppe", ""),
        BrandNamed("d1", "c1", "Marke", "staff"),
    )
    assert views.keys() == {
        article_id("d1", "c1"),
        agreed_id("d1", "c1", "c1"),
        customer_id("d1", "c1"),
        labels_id("d1"),
    }
    [excluding] = views[customer_id("d1", "c1")].exclusions
    assert (excluding.excluded, excluding.contract_priced) == (("points",), True)


def test_groups_and_brands_may_be_told_in_any_order() -> None:
    """They come from different streams."""
    groups = [
        ProductGroupPlaced("central", "1.2", "Schrauben", "1"),
        ProductGroupPlaced("central", "1.2", "Schrauben und Muttern", ""),
        ProductGroupRemoved("central", "1.2"),
        ProductGroupPlaced("central", "1", "Eisenwaren", ""),
    ]
    brands = [
        BrandNamed("central", "wuerth", "WUERTH", "catalogue"),
        BrandNamed("central", "wuerth", "Würth", "staff"),
    ]
    found = set()
    for order in permutations("ggggbb"):
        of_groups, of_brands = iter(groups), iter(brands)
        events = [next(of_groups if one == "g" else of_brands) for one in order]
        [view] = told(*events).values()
        found.add((*view.groups, *view.brands.values()))
    assert found == {("1", "Würth")}


def test_other_events_change_nothing() -> None:
    other = GiftSourceChosen("d1", "own", "", NOON)
    assert keys(other) == []
    view = CatalogueView(brands={"b": "B"})
    assert project(view, other) is view
    assert project(None, ArticleDelisted("d1", "7", NOON)) is None
