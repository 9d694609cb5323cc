"""The overview of all shops of a kind: text, banner and top articles, without main data."""

from datetime import UTC, datetime

from catalog_shops.shop.graphics import ChangeGraphics
from catalog_shops.shop.overview import OVERVIEW_DECIDER, SetOverviewText, overview_key
from catalog_shops.shop.refusals import PlaceUnknownError, TooManyTopArticlesError
from catalog_shops.shop.top_articles import AddTopArticle, ChangeTopArticles
from zugabe_events.contracts.catalog_shops import (
    GraphicStored,
    OverviewTextSet,
    ShopGraphicSet,
    TopArticle,
    TopArticlesSet,
)
from zugabe_testing.deciders import given

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
KEY = overview_key("acme", "theme")
TEXT = OverviewTextSet("acme", "theme", "Alle [b]Themen[\\b]", NOW)
FILE = "f" * 64
PLACED = ShopGraphicSet("acme", "theme", "overview", "list-banner", FILE, 690, 120, NOW)


def tops(*numbers: str) -> TopArticlesSet:
    return TopArticlesSet("acme", "theme", "overview", tuple(map(TopArticle, numbers)), NOW)


def test_its_text_is_set_once() -> None:
    """CS-33, CS-43"""
    command = SetOverviewText(KEY, TEXT.text, NOW)
    given(OVERVIEW_DECIDER).when(command).then(TEXT)
    given(OVERVIEW_DECIDER, TEXT).when(command).then()


def test_its_banner_is_the_list_banner_and_can_be_taken_away() -> None:
    """CS-33, CS-43"""
    graphic = GraphicStored("acme", FILE, "banner", "image/png", 690, 120, 1_000, NOW)
    place = ChangeGraphics(KEY, {"list-banner": graphic}, NOW)
    given(OVERVIEW_DECIDER).when(place).then(PLACED)
    given(OVERVIEW_DECIDER, PLACED).when(place).then()
    taken = ShopGraphicSet("acme", "theme", "overview", "list-banner", "", 0, 0, NOW)
    clear = ChangeGraphics(KEY, {"list-banner": None}, NOW)
    given(OVERVIEW_DECIDER, PLACED).when(clear).then(taken)
    given(OVERVIEW_DECIDER, PLACED, taken).when(clear).then()
    other = ChangeGraphics(KEY, {"header-banner": graphic}, NOW)
    given(OVERVIEW_DECIDER).when(other).refused(PlaceUnknownError, "place-unknown")


def test_it_has_three_top_articles_at_most() -> None:
    """CS-24, CS-33, CS-43"""

    def add(number: str) -> ChangeTopArticles:
        addition = AddTopArticle(number, has_assortment=True, in_assortment=True)
        return ChangeTopArticles(KEY, addition, NOW)

    given(OVERVIEW_DECIDER, TEXT, tops("1", "2")).when(add("3")).then(tops("1", "2", "3"))
    given(OVERVIEW_DECIDER, tops("1", "2", "3")).when(add("4")).refused(TooManyTopArticlesError)
