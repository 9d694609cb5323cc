"""Documents of fronts: one for a tenant, one for each shop, one for each URL name."""

from datetime import UTC, datetime

from catalog_shops.front.tenant import ShownBanner, TenantFront
from catalog_shops.front.view import FRONTS, FrontDocument, UrlOwner
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerLink,
    BannerRemoved,
    BannerSet,
    CentralShopsLeft,
    FrontVisibilitySet,
    OverviewTextSet,
    PriceSet,
    ShopActivated,
    ShopCreated,
    ShopDeleted,
    ShopGraphicSet,
    ShopHead,
    ShopRef,
    TopArticle,
    TopArticlesSet,
    UrlNameClaimed,
    UrlNameReleased,
)
from zugabe_events.domain.event import Event

NOON = datetime(2026, 5, 4, 10, tzinfo=UTC)
HEAD = ShopHead("Leitz", "leitz", "leitz", "Ordner")
CREATED = ShopCreated("acme", "brand", "s1", HEAD, "staff", NOON)


def folded(*events: Event) -> dict[str, FrontDocument]:
    documents: dict[str, FrontDocument] = {}
    for event in events:
        for key in FRONTS.keys(event):
            shown = FRONTS.project(documents.get(key), event)
            assert shown is not None
            documents[key] = shown
    return documents


def test_a_shop_has_a_document_and_so_has_the_overview_of_its_kind() -> None:
    """CS-33"""
    tops = (TopArticle("1"), TopArticle("2"), TopArticle("3"))
    documents = folded(
        CREATED,
        ShopGraphicSet("acme", "brand", "s1", "logo", "f" * 64, 200, 100, NOON),
        TopArticlesSet("acme", "brand", "s1", tops, NOON),
        OverviewTextSet("acme", "brand", "Alle Marken", NOON),
    )
    assert documents.keys() == {"acme/brand/s1", "acme/brand/overview"}
    card = documents["acme/brand/s1"].card
    assert card is not None
    assert (card.name, card.url_name, card.top_articles) == ("Leitz", "leitz", tops)
    logo = card.graphic("logo")
    assert logo is not None
    assert (logo.file, logo.width, logo.height) == ("f" * 64, 200, 100)
    overview = documents["acme/brand/overview"].card
    assert overview is not None
    assert (overview.status, overview.text) == ("overview", "Alle Marken")


def test_a_graphic_can_be_taken_away_and_a_shop_deleted() -> None:
    logo = ShopGraphicSet("acme", "brand", "s1", "logo", "f" * 64, 200, 100, NOON)
    gone = ShopGraphicSet("acme", "brand", "s1", "logo", "", 0, 0, NOON)
    card = folded(CREATED, logo, gone)["acme/brand/s1"].card
    assert card is not None
    assert card.graphic("logo") is None
    deleted = folded(CREATED, ShopDeleted("acme", "brand", "s1", NOON))["acme/brand/s1"].card
    assert deleted is not None
    assert (deleted.status, deleted.name) == ("deleted", "")


def test_what_a_tenant_shows_is_in_one_document() -> None:
    """CS-14, CS-30"""
    banner = Banner("start", "f" * 64, "Angebote", BannerLink())
    ref = ShopRef("acme", "s1")
    events = (
        CentralShopsLeft("acme", "brand", 1, NOON, "anna"),
        ShopActivated("acme", "brand", 2, ref, NOON, "anna"),
        FrontVisibilitySet("acme", "customers", NOON),
        BannerSet("acme", "b1", banner, 690, 100),
        BannerSet("acme", "b2", banner, 690, 200),
        BannerSet("acme", "b1", banner, 690, 300),
    )
    front = folded(*events)["acme"].tenant
    assert front is not None
    assert front.visibility == "customers"
    assert [(one.banner_id, one.height) for one in front.banners] == [("b1", 300), ("b2", 200)]
    brands = front.placement("brand")
    assert (brands.adopted, brands.active) == (False, (ref,))
    assert front.placement("theme").adopted
    left = folded(*events, BannerRemoved("acme", "b1"))["acme"].tenant
    assert left is not None
    assert left.banners == (ShownBanner("b2", banner, 690, 200),)


def test_who_arranged_nothing_shows_what_is_central() -> None:
    """CS-12"""
    assert TenantFront("acme").placement("brand").adopted
    assert not TenantFront("central").placement("brand").adopted


def test_a_shop_sells_to_consumers_too_unless_it_says_otherwise() -> None:
    """Q13: the lowest price of 30 days is shown."""
    assert not TenantFront("acme").business_only


def test_a_url_name_leads_to_its_shop_until_it_is_released() -> None:
    """CS-19"""
    claimed = UrlNameClaimed("acme", "leitz", "brand", "s1")
    key = "acme/url/leitz"
    assert folded(claimed)[key].url == UrlOwner("brand", "s1")
    assert folded(claimed, UrlNameReleased("acme", "leitz"))[key].url == UrlOwner()


def test_only_changes_of_shops_are_tallied() -> None:
    assert FRONTS.tallies is not None
    assert FRONTS.tallies.names(CREATED) == ["acme"]
    assert FRONTS.tallies.names(UrlNameReleased("acme", "leitz")) == ["acme"]
    assert FRONTS.tallies.names(FrontVisibilitySet("acme", "customers", NOON)) == []
    assert FRONTS.keys(PriceSet("acme", "1", 1, (), NOON)) == []
