"""Articles: listed, changed, delisted, and priced."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from catalog_shops.article.decider import (
    ARTICLE_DECIDER,
    NO_ARTICLE,
    ArticleState,
    DelistArticle,
    PutArticle,
    SetPrices,
    article_history,
    decide,
)
from catalog_shops.article.refusals import (
    ArticleNotFoundError,
    GiftNumberTakenError,
    NumberIsCentralError,
    OtherUseError,
)
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleImage,
    ArticleListed,
    Price,
    PriceSet,
    PriceStep,
)
from zugabe_events.domain.errors import InvalidError
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SCREWS = Article(name="Schrauben", order_unit="C62", flags=("no-points",))
MUG = Article(name="Tasse", use="gift", catalogue_flag=1)
LISTED = ArticleListed("acme", "0017", SCREWS, NOON)
CHEAP = Price((PriceStep(1, Decimal("3.49")),), 100)
PRICED = PriceSet("acme", "0017", 1, (CHEAP,), NOON)


def images(number: int) -> tuple[ArticleImage, ...]:
    return tuple(ArticleImage("", f"{at}.jpg") for at in range(number))


def put(article: Article, dealer: str = "acme") -> PutArticle:
    return PutArticle(dealer, "0017", article, NOON)


def test_an_article_is_listed_with_its_flags() -> None:
    """X-24"""
    given(ARTICLE_DECIDER).when(put(SCREWS)).then(LISTED)


def test_the_same_master_data_again_changes_nothing() -> None:
    given(ARTICLE_DECIDER, LISTED).when(put(SCREWS)).then()


def test_master_data_is_replaced_as_a_whole() -> None:
    nuts = Article(name="Muttern")
    changed = ArticleChanged("acme", "0017", nuts, NOON)
    given(ARTICLE_DECIDER, LISTED).when(put(nuts)).then(changed)


def test_a_delisted_article_can_be_listed_again() -> None:
    delist = DelistArticle("acme", "0017", NOON)
    delisted = ArticleDelisted("acme", "0017", NOON)
    given(ARTICLE_DECIDER, LISTED).when(delist).then(delisted)
    given(ARTICLE_DECIDER, LISTED, delisted).when(delist).then()
    given(ARTICLE_DECIDER, LISTED, delisted).when(put(SCREWS)).then(LISTED)
    given(ARTICLE_DECIDER).when(delist).refused(ArticleNotFoundError, "article-not-found")


def test_an_article_for_sale_never_becomes_a_gift_nor_the_reverse() -> None:
    """GA-7, GA-8, Q28: not even after it was delisted."""
    delisted = ArticleDelisted("acme", "0017", NOON)
    for past in ([LISTED], [LISTED, delisted]):
        as_gift = given(ARTICLE_DECIDER, *past).when(put(MUG))
        as_gift.refused(GiftNumberTakenError, "gift-number-taken")
    gift = ArticleListed("acme", "0017", MUG, NOON)
    as_sale = given(ARTICLE_DECIDER, gift).when(put(replace(MUG, use="sale")))
    as_sale.refused(OtherUseError, "article-is-a-gift")


def test_the_catalogue_flag_of_a_gift_is_1() -> None:
    """GA-11"""
    unmarked = replace(MUG, catalogue_flag=0)
    given(ARTICLE_DECIDER).when(put(unmarked)).refused(InvalidError, "catalogue-flag-wrong")
    given(ARTICLE_DECIDER).when(put(MUG)).then(ArticleListed("acme", "0017", MUG, NOON))


def test_a_gift_needs_a_number_that_the_shop_does_not_have() -> None:
    """GA-10: neither the dealer's own numbers nor central ones, listed or delisted."""
    for is_listed in (True, False):
        central = ArticleState(article=SCREWS, is_listed=is_listed)
        with pytest.raises(GiftNumberTakenError, match="0017"):
            decide(put(MUG), NO_ARTICLE, central)


def test_a_dealer_cannot_list_an_article_under_a_central_number() -> None:
    with pytest.raises(NumberIsCentralError, match="0017"):
        decide(put(SCREWS), NO_ARTICLE, ArticleState(article=MUG, is_listed=True))


def test_a_dealers_article_stays_theirs_when_central_lists_its_number_later() -> None:
    own = ARTICLE_DECIDER.fold([LISTED])
    central = ArticleState(article=MUG, is_listed=True)
    nuts = Article(name="Muttern")
    assert decide(put(nuts), own, central) == [ArticleChanged("acme", "0017", nuts, NOON)]


def test_prices_are_set_as_a_whole_and_counted() -> None:
    given(ARTICLE_DECIDER, LISTED).when(SetPrices("acme", "0017", (CHEAP,), NOON)).then(PRICED)
    again = SetPrices(
        "acme", "0017", (replace(CHEAP, steps=(PriceStep(1, Decimal("3.4900")),)),), NOON
    )
    given(ARTICLE_DECIDER, LISTED, PRICED).when(again).then()
    withdrawn = PriceSet("acme", "0017", 2, (), NOON)
    none = SetPrices("acme", "0017", (), NOON)
    given(ARTICLE_DECIDER, LISTED, PRICED).when(none).then(withdrawn)


def test_a_price_version_never_begins_before_the_one_it_replaces() -> None:
    """X-40"""
    early = SetPrices("acme", "0017", (), NOON - timedelta(seconds=1))
    given(ARTICLE_DECIDER, LISTED, PRICED).when(early).then(PriceSet("acme", "0017", 2, (), NOON))


def test_a_dealer_sets_prices_of_own_and_of_central_articles_only() -> None:
    command = SetPrices("acme", "0017", (CHEAP,), NOON)
    given(ARTICLE_DECIDER).when(command).refused(ArticleNotFoundError, "article-not-found")
    central = ArticleState(article=SCREWS, is_listed=True)
    assert decide(command, NO_ARTICLE, central) == [PRICED]


def test_prices_alone_make_no_article_that_could_be_delisted() -> None:
    delist = DelistArticle("acme", "0017", NOON)
    given(ARTICLE_DECIDER, PRICED).when(delist).refused(ArticleNotFoundError, "article-not-found")


def test_master_data_has_one_form() -> None:
    """CS-20, X-9: two writings of the same article are the same article."""
    written = Article(
        name=" Scho\u0308n ",
        text="Erste Zeile\n[B]fett[/B]",
        gtin="400 6381-33393 1",
        keywords=("Büro", " Büro ", ""),
        groups=("g1", "g1"),
        images=(ArticleImage("", " a.jpg "), ArticleImage("", "")),
        flags=("no-vouchers", "no-points", "no-vouchers"),
    )
    stored = Article(
        name="Schön",
        text="Erste Zeile[br][b]fett[\\b]",
        gtin="4006381333931",
        keywords=("Büro",),
        groups=("g1",),
        images=(ArticleImage("", "a.jpg"),),
        flags=("no-points", "no-vouchers"),
    )
    given(ARTICLE_DECIDER).when(put(written)).then(ArticleListed("acme", "0017", stored, NOON))
    again = ArticleListed("acme", "0017", stored, NOON)
    given(ARTICLE_DECIDER, again).when(put(stored)).then()


@pytest.mark.parametrize(
    ("article", "code"),
    [
        (Article(name="  "), "article-name-missing"),
        (Article(name="x" * 201), "article-text-too-long"),
        (Article(name="a\nb"), "article-text-invalid"),
        (Article(name="a", text="[b]offen"), "text-bold-unbalanced"),
        (Article(name="a", text="x" * 64_001), "article-text-invalid"),
        (Article(name="a", gtin="123"), "article-gtin-invalid"),
        (Article(name="a", gtin="²²²²²²²²"), "article-gtin-invalid"),
        (Article(name="a", keywords=tuple(map(str, range(51)))), "article-list-too-long"),
        (Article(name="a", groups=tuple(map(str, range(21)))), "article-list-too-long"),
        (Article(name="a", images=images(21)), "article-list-too-long"),
    ],
)
def test_master_data_that_nobody_can_show_is_refused(article: Article, code: str) -> None:
    given(ARTICLE_DECIDER).when(put(article)).refused(InvalidError, code)


def test_master_data_may_be_as_large_as_the_limits_say() -> None:
    largest = Article(
        name="x" * 200,
        text="x" * 64_000,
        keywords=tuple(map(str, range(50))),
        groups=tuple(map(str, range(20))),
        images=images(20),
    )
    given(ARTICLE_DECIDER).when(put(largest)).then(ArticleListed("acme", "0017", largest, NOON))


def test_a_number_with_a_slash_has_a_stream_of_its_own() -> None:
    assert article_history("acme", "A/4").stream.id == "article/acme/A~2F4"
    assert article_history("acme", "A").stream.id == "article/acme/A"
