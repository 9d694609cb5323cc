"""Q34: what checkout knows of the catalogue, by the events of catalog-shops."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

from checkout_tests.catalogue import Told, each

from checkout.catalogue.documents import (
    CatalogueView,
    agreed_id,
    approval_id,
    article_id,
    campaigns_id,
    choices_id,
    customer_id,
    gifts_id,
    labels_id,
    terms_id,
)
from checkout.catalogue.rules import MAX_CAMPAIGNS, MAX_RULE_VERSIONS
from checkout.catalogue.view import CATALOGUE, keys, project
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleListed,
    BrandNamed,
    CustomerExclusionsSet,
    CustomerPriceSet,
    GiftModeSet,
    GiftOffered,
    GiftSourceChosen,
    GiftWithdrawn,
    MarketingModuleOrdered,
    OwnShopsUnlocked,
    PriceSet,
    ProductGroupPlaced,
    ProductGroupRemoved,
)
from zugabe_events.contracts.checkout import CustomerTermsSet, SalesTerms, SalesTermsSet
from zugabe_events.contracts.vouchers import CampaignCreated, CampaignTerms
from zugabe_events.domain.event import Event
from zugabe_events.domain.gift_rules import configuration_at
from zugabe_events.domain.gifts import Gift
from zugabe_events.domain.prices import MAX_VERSIONS
from zugabe_testing.views import InMemoryViews

NOON = datetime(2026, 3, 1, 11, tzinfo=UTC)


def told(*events: Event) -> dict[str, CatalogueView]:
    views = InMemoryViews(CATALOGUE, [])
    for event in events:
        views.fold(event)
    return views.documents


def draft() -> CampaignTerms:
    return CampaignTerms(
        kind="own",
        title="Frühling",
        description="",
        code="SPRING",
        discount_type="percent",
        value=1_000,
        valid_from=date(2026, 3, 1),
        valid_until=date(2026, 3, 31),
        minimum_cents=0,
        max_uses=None,
        max_per_customer=None,
        max_per_user=None,
    )


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


def terms_set(version: int, since: datetime = NOON) -> SalesTermsSet:
    return SalesTermsSet("d1", version, SalesTerms(approval_days=version), since)


def test_rules_of_sale_are_kept_by_version_and_only_as_many_as_orders_may_ask_for() -> None:
    """X-40"""
    many = range(1, MAX_RULE_VERSIONS + 3)
    latest = list(many)[2:]
    views = told(
        *(terms_set(number) for number in many),
        terms_set(MAX_RULE_VERSIONS),
        *(CustomerTermsSet("d1", "c1", number, "above", number, NOON) for number in many),
        *(CustomerExclusionsSet("d1", "c1", number, ("gifts",), False, NOON) for number in many),
    )
    assert [one.version for one in views[terms_id("d1")].terms] == latest
    assert [one.terms.approval_days for one in views[terms_id("d1")].terms] == latest
    assert [one.above_cents for one in views[approval_id("d1", "c1")].approval] == latest
    assert [one.version for one in views[customer_id("d1", "c1")].exclusions] == latest


def test_the_module_and_later_choices_say_where_gifts_come_from() -> None:
    """GA-5, GA-17: of two for the same instant, the later one counts."""
    views = told(
        MarketingModuleOrdered("d1", "own", "", NOON),
        GiftSourceChosen("d1", "central", "", NOON - timedelta(days=1)),
        GiftSourceChosen("d1", "group", "group.nord", NOON),
    )
    assert [(one.gift_source, one.group) for one in views[choices_id("d1")].sources] == [
        ("central", ""),
        ("own", ""),
        ("group", "group.nord"),
    ]


def test_gifts_of_a_tenant_are_folded_as_the_catalogue_folds_them() -> None:
    mug = Gift("mug", "M 1", "Tasse", 3_000, NOON.date())
    events = [
        GiftOffered("d1", 1, mug, NOON),
        GiftModeSet("d1", 2, "from", NOON),
        GiftWithdrawn("d1", 3, "mug", NOON + timedelta(hours=1)),
    ]
    rules = told(*events)[gifts_id("d1")].gifts
    assert rules.version == 3
    assert configuration_at(rules, NOON).gifts == (mug,)
    assert configuration_at(rules, NOON).mode == "from"
    assert configuration_at(rules, NOON + timedelta(hours=1)).gifts == ()


def test_campaigns_may_be_told_in_any_order_and_those_that_end_last_are_kept() -> None:
    """CH-1: each campaign is a stream of its own."""
    documents = InMemoryViews(CATALOGUE, [])
    teller = Told(documents)
    for number in range(MAX_CAMPAIGNS + 5):
        first = date(2020, 1, 1) + timedelta(days=number * 37 % 1_009)
        teller.campaign(f"c{number}", first, first + timedelta(days=1))
    campaigns = documents.documents[campaigns_id("d1")].campaigns
    ends = {1 + number * 37 % 1_009 for number in range(MAX_CAMPAIGNS + 5)}
    kept = [(one.valid_until - date(2020, 1, 1)).days for one in campaigns.values()]
    assert kept == sorted(ends)[5:]


def test_a_campaign_that_has_made_way_for_others_stays_away() -> None:
    """CH-1: whatever becomes of it, in any order of the streams."""
    documents = InMemoryViews(CATALOGUE, [])
    teller = Told(documents)
    teller.campaign("early", date(2020, 1, 1), date(2020, 1, 1))
    for number in range(MAX_CAMPAIGNS):
        teller.campaign(f"c{number}", date(2021, 1, 1), date(2021, 1, 1))
    teller.paused("early", NOON)
    teller.campaign("early", date(2020, 1, 1), date(2030, 1, 1), changed_at=NOON)
    assert "early" not in documents.documents[campaigns_id("d1")].campaigns


def test_a_draft_of_a_campaign_is_none() -> None:
    """VO-3"""
    drafted = CampaignCreated("spring", "d1", 1, draft())
    assert keys(drafted) == []
    assert project(None, drafted) is None


def test_other_events_change_nothing() -> None:
    other = OwnShopsUnlocked("d1", NOON)
    assert keys(other) == []
    view = CatalogueView(brands={"b": "B"})
    assert project(view, other) is view
    assert project(None, ArticleDelisted("d1", "7", NOON)) is None
