"""Banners: where they are, and where they lead."""

from datetime import date

import pytest
from msgspec.structs import replace

from catalog_shops.banner.decider import BANNER_DECIDER, RemoveBanner, SetBanner
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerLink,
    BannerRemoved,
    BannerSet,
    ShopRef,
)
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

SHOP = ShopRef("acme", "sale")
BANNER = Banner("start", "f" * 64, "Preisaktion", BannerLink("shop", "theme", SHOP))
SET = BannerSet("acme", "b1", BANNER, 690, 120)


def put(banner: Banner) -> SetBanner:
    return SetBanner("acme", "b1", banner, 690, 120)


def test_a_banner_is_added_changed_and_removed() -> None:
    """CS-7, CS-30, CS-41"""
    given(BANNER_DECIDER).when(put(BANNER)).then(SET)
    given(BANNER_DECIDER, SET).when(put(BANNER)).then()
    off = replace(BANNER, active=False)
    given(BANNER_DECIDER, SET).when(put(off)).then(BannerSet("acme", "b1", off, 690, 120))
    removed = BannerRemoved("acme", "b1")
    given(BANNER_DECIDER, SET).when(RemoveBanner("acme", "b1")).then(removed)
    given(BANNER_DECIDER, SET, removed).when(RemoveBanner("acme", "b1")).then()
    given(BANNER_DECIDER, SET, removed).when(put(BANNER)).then(SET)


@pytest.mark.parametrize(
    "link",
    [
        BannerLink(),
        BannerLink("shop", "brand", SHOP),
        BannerLink("article", number="4711"),
        BannerLink("overview", "theme"),
    ],
)
def test_a_click_leads_to_a_shop_an_article_an_overview_or_nowhere(link: BannerLink) -> None:
    """CS-30"""
    banner = replace(BANNER, link=link)
    given(BANNER_DECIDER).when(put(banner)).then(BannerSet("acme", "b1", banner, 690, 120))


@pytest.mark.parametrize(
    "link",
    [
        BannerLink("none", "brand"),
        BannerLink("shop", "brand"),
        BannerLink("shop", None, SHOP),
        BannerLink("shop", "brand", SHOP, "4711"),
        BannerLink("article"),
        BannerLink("article", "brand", None, "4711"),
        BannerLink("overview"),
    ],
)
def test_a_target_that_is_not_plain_is_refused(link: BannerLink) -> None:
    """CS-30"""
    given(BANNER_DECIDER).when(put(replace(BANNER, link=link))).refused(
        InvalidError, "banner-link-invalid"
    )


def test_a_banner_of_shops_is_in_one_of_them_or_in_all() -> None:
    """CS-30, CS-41"""
    for banner in (
        replace(BANNER, page="shop", kind="theme", shop=SHOP),
        replace(BANNER, page="shop"),
    ):
        given(BANNER_DECIDER).when(put(banner)).then(BannerSet("acme", "b1", banner, 690, 120))
    for banner in (
        replace(BANNER, kind="theme", shop=SHOP),
        replace(BANNER, page="shop", kind="theme"),
        replace(BANNER, page="shop", shop=SHOP),
    ):
        given(BANNER_DECIDER).when(put(banner)).refused(InvalidError, "banner-place-invalid")


@pytest.mark.parametrize(
    "banner",
    [
        replace(BANNER, kind="theme", shop=SHOP),
        replace(BANNER, kind="theme"),
        replace(BANNER, shop=SHOP),
    ],
)
def test_a_banner_elsewhere_is_told_that_it_has_no_shop(banner: Banner) -> None:
    """CS-30: not that half of a shop is missing."""
    refused = given(BANNER_DECIDER).when(put(banner)).refused(InvalidError)
    assert str(refused) == "Nur ein Banner auf der Seite eines Shops hat einen Shop."


def test_a_validity_ends_after_it_begins() -> None:
    """X-11"""
    one_day = replace(BANNER, valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 1))
    given(BANNER_DECIDER).when(put(one_day)).then(BannerSet("acme", "b1", one_day, 690, 120))
    reversed_ = replace(one_day, valid_until=date(2026, 5, 31))
    given(BANNER_DECIDER).when(put(reversed_)).refused(InvalidError, "validity-reversed")
