"""Articles are registered, get content, and go live where they may."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from onboarding_tests.samples import (
    BRAND,
    CONTACT,
    GOING_LIVE,
    IN_CONTENT,
    NOON,
    ORGANISED,
    PARTNER,
    brand_opened,
    content,
    registered,
    types_needed,
)

from onboarding.brand.articles import (
    ArticlesRefusedError,
    CreateContent,
    DataLinksMissingError,
    LeaveOutArticles,
    LetArticlesLive,
    LinkNotSecureError,
    RegisterArticles,
    SendReporting,
)
from onboarding.brand.decider import BRAND_DECIDER
from onboarding.brand.releases import ReleaseMissingError
from onboarding.brand.state import PhaseNotStartedError, TooManyError, brand_of, missing
from zugabe_events.contracts.onboarding import (
    Article,
    ArticlesLeftOut,
    ArticlesRegistered,
    ArticlesWentLive,
    BrandEvent,
    ContentCreated,
    DataModelAvailable,
    DeliveryAnnounced,
    ReportingSent,
)
from zugabe_events.domain.errors import RefusedError
from zugabe_testing.deciders import given

LATER = NOON + timedelta(days=3)
WITH_ARTICLES: tuple[BrandEvent, ...] = (*IN_CONTENT, registered)
cap = ArticlesRegistered(PARTNER, BRAND, (Article("0019", "muetze"),), NOON)
live = ArticlesWentLive(PARTNER, BRAND, "otto", ("0017",), NOON)


def register(*articles: Article) -> RegisterArticles:
    return RegisterArticles(articles, NOON)


def texts(*articles: str) -> CreateContent:
    return CreateContent(articles, (), NOON)


def named(refusal: RefusedError) -> list[str]:
    return [one["article"] for one in refusal.lists["articles"]]


def test_articles_are_registered_once() -> None:
    given(BRAND_DECIDER, *ORGANISED).when(register(*registered.articles)).then(registered)
    given(BRAND_DECIDER, *WITH_ARTICLES).when(register(*registered.articles)).then()
    new = Article("0020", "hose")
    given(BRAND_DECIDER, *WITH_ARTICLES).when(register(*registered.articles, new, new)).then(
        ArticlesRegistered(PARTNER, BRAND, (new,), NOON)
    )


def test_articles_are_registered_after_the_welcome_only() -> None:
    """ON-2"""
    given(BRAND_DECIDER, brand_opened, types_needed).when(register(*registered.articles)).refused(
        PhaseNotStartedError
    )


def test_an_article_has_one_product_type_that_the_brand_has_stated() -> None:
    """ON-24"""
    other = register(Article("0017", "muetze"), Article("0018", "hose"))
    refusal = given(BRAND_DECIDER, *WITH_ARTICLES).when(other).refused(ArticlesRefusedError)
    assert (refusal.code, named(refusal)) == ("article-has-another-type", ["0017"])
    unknown = register(Article("a", "schuh"), Article("b", "hose"), Article("c", "schuh"))
    refusal = given(BRAND_DECIDER, *WITH_ARTICLES).when(unknown).refused(ArticlesRefusedError)
    assert (refusal.code, named(refusal)) == ("product-type-not-stated", ["a", "c"])
    twice = register(Article("a", "hose"), Article("a", "muetze"))
    refusal = given(BRAND_DECIDER, *WITH_ARTICLES).when(twice).refused(ArticlesRefusedError)
    assert named(refusal) == ["a"]


def test_a_brand_has_five_thousand_articles_at_most() -> None:
    many = tuple(Article(str(number), "hose") for number in range(5_000))
    full = (*IN_CONTENT, ArticlesRegistered(PARTNER, BRAND, many, NOON))
    given(BRAND_DECIDER, *full).when(register(Article("more", "hose"))).refused(TooManyError)
    given(BRAND_DECIDER, *full).when(register(Article("0", "hose"))).then()
    given(BRAND_DECIDER, *IN_CONTENT).when(register(*many)).then(full[-1])


def test_content_is_recorded_once() -> None:
    """ON-5"""
    both = ("0017", "0018")
    given(BRAND_DECIDER, *WITH_ARTICLES).when(CreateContent(both, both, NOON)).then(content)
    given(BRAND_DECIDER, *WITH_ARTICLES, content).when(CreateContent(both, both, NOON)).then()
    half = ContentCreated(PARTNER, BRAND, ("0017",), (), NOON)
    given(BRAND_DECIDER, *WITH_ARTICLES, half).when(
        CreateContent(both, ("0017", "0017"), NOON)
    ).then(ContentCreated(PARTNER, BRAND, ("0018",), ("0017",), NOON))


def test_no_content_before_the_content_phase() -> None:
    """ON-1, ON-11"""
    given(BRAND_DECIDER, *ORGANISED, registered).when(texts("0017")).refused(PhaseNotStartedError)


def test_text_needs_the_data_model_and_images_do_not() -> None:
    """ON-25"""
    history = (*WITH_ARTICLES, cap)
    refusal = (
        given(BRAND_DECIDER, *history).when(texts("0017", "0019")).refused(ArticlesRefusedError)
    )
    assert (refusal.code, named(refusal)) == ("data-model-missing", ["0019"])
    given(BRAND_DECIDER, *history).when(CreateContent((), ("0019",), NOON)).then(
        ContentCreated(PARTNER, BRAND, (), ("0019",), NOON)
    )
    there = DataModelAvailable(PARTNER, BRAND, "muetze", NOON)
    given(BRAND_DECIDER, *history, there).when(texts("0019")).then(
        ContentCreated(PARTNER, BRAND, ("0019",), (), NOON)
    )


def test_content_is_for_registered_articles() -> None:
    refusal = given(BRAND_DECIDER, *WITH_ARTICLES).when(texts("0017", "x", "y"))
    assert named(refusal.refused(ArticlesRefusedError, "article-unknown")) == ["x", "y"]


def test_articles_go_live_on_released_platforms_only() -> None:
    """ON-8, ON-15"""
    go = LetArticlesLive("otto", ("0017", "0017"), NOON)
    given(BRAND_DECIDER, *GOING_LIVE).when(go).then(live)
    given(BRAND_DECIDER, *GOING_LIVE, live).when(go).then()
    given(BRAND_DECIDER, *GOING_LIVE[:-1]).when(go).refused(ReleaseMissingError)
    given(BRAND_DECIDER, *GOING_LIVE).when(LetArticlesLive("zalando", ("0017",), NOON)).refused(
        ReleaseMissingError
    )
    given(BRAND_DECIDER, *WITH_ARTICLES).when(go).refused(PhaseNotStartedError)


def test_an_article_goes_live_with_complete_content_only() -> None:
    """ON-8"""
    more = ArticlesRegistered(
        PARTNER, BRAND, tuple(Article(name, "hose") for name in ("a", "b", "c")), NOON
    )
    parts = ContentCreated(PARTNER, BRAND, ("a", "c"), ("b", "c"), NOON)
    command = LetArticlesLive("otto", ("0017", "a", "b", "c"), NOON)
    refusal = (
        given(BRAND_DECIDER, *GOING_LIVE, more, parts).when(command).refused(ArticlesRefusedError)
    )
    assert (refusal.code, named(refusal)) == ("content-incomplete", ["a", "b"])
    unknown = LetArticlesLive("otto", ("x",), NOON)
    given(BRAND_DECIDER, *GOING_LIVE).when(unknown).refused(ArticlesRefusedError, "article-unknown")


def test_a_single_article_is_left_out_where_no_content_comes() -> None:
    """ON-6, Q32: neither its content nor its data model is missing then."""
    cap = ArticlesRegistered(PARTNER, BRAND, (Article("0019", "muetze"),), NOON)
    history = (*WITH_ARTICLES, content, cap)
    left_out = ArticlesLeftOut(PARTNER, BRAND, ("0019",), "Ausgelistet", 0, 0, ("hose",), LATER)
    leave = LeaveOutArticles(("0019",), "Ausgelistet", LATER)
    given(BRAND_DECIDER, *history).when(leave).then(left_out)
    given(BRAND_DECIDER, *history, left_out).when(leave).then()
    assert missing(brand_of(BRAND_DECIDER.fold((*history, left_out))).progress, "content") == ()
    unknown = LeaveOutArticles(("x",), "Ausgelistet", LATER)
    given(BRAND_DECIDER, *history).when(unknown).refused(ArticlesRefusedError, "article-unknown")
    live = ArticlesWentLive(PARTNER, BRAND, "otto", ("0017",), NOON)
    given(BRAND_DECIDER, *GOING_LIVE, live).when(
        LeaveOutArticles(("0017",), "Ausgelistet", LATER)
    ).refused(ArticlesRefusedError, "article-is-live")


def test_reporting_and_data_links_are_sent_once_in_the_same_words() -> None:
    """ON-9"""
    links = ("https://r.example.org/a?b=1", ("https://d.example.org/1",))
    sent = ReportingSent(PARTNER, BRAND, "Nordkap", CONTACT, *links, NOON)
    command = SendReporting(CONTACT, *links, NOON)
    given(BRAND_DECIDER, *GOING_LIVE).when(command).then(sent)
    given(BRAND_DECIDER, *GOING_LIVE, sent).when(SendReporting(CONTACT, *links, LATER)).then()
    more = (links[0], (*links[1], "https://d.example.org/2"))
    given(BRAND_DECIDER, *GOING_LIVE, sent).when(SendReporting(CONTACT, *more, LATER)).then(
        ReportingSent(PARTNER, BRAND, "Nordkap", CONTACT, *more, LATER)
    )
    none = SendReporting(CONTACT, links[0], (), LATER)
    given(BRAND_DECIDER, *GOING_LIVE).when(none).refused(DataLinksMissingError)
    given(BRAND_DECIDER, *WITH_ARTICLES).when(command).refused(PhaseNotStartedError)


def test_reporting_is_sent_again_to_a_new_contact_and_when_it_is_wanted() -> None:
    """ON-9"""
    links = ("https://r.example.org", ("https://d.example.org",))
    sent = ReportingSent(PARTNER, BRAND, "Nordkap", CONTACT, *links, NOON)
    given(BRAND_DECIDER, *GOING_LIVE, sent).when(SendReporting(CONTACT, *links, LATER, True)).then(
        ReportingSent(PARTNER, BRAND, "Nordkap", CONTACT, *links, LATER)
    )
    robin = replace(CONTACT, contact_id="robin")
    given(BRAND_DECIDER, *GOING_LIVE, sent).when(SendReporting(robin, *links, LATER)).then(
        ReportingSent(PARTNER, BRAND, "Nordkap", robin, *links, LATER)
    )


@pytest.mark.parametrize(
    "link",
    [
        "http://r.example.org",
        "javascript:alert(1)",
        "https://",
        "https://user@r.example.org",
        "https://r.example.org/\nX",
        "https://r.example.org/ x",
        'https://r.example.org/"><script>',
        "https://[r",
        "//r.example.org",
        "ftp://r.example.org",
        "https:\\\\r.example.org",
        "https://r.example.org:999999",
        "https://ſ.example.org",
        "",
    ],
)
def test_links_are_https_and_nothing_else(link: str) -> None:
    """ON-9"""
    for url, others in ((link, ()), ("https://r.example.org", (link,))):
        command = SendReporting(CONTACT, url, others, NOON)
        given(BRAND_DECIDER, *GOING_LIVE).when(command).refused(
            LinkNotSecureError, "link-not-https"
        )


def test_links_may_be_written_in_capitals() -> None:
    """ON-9"""
    link = "https://Berichte.Example.org:8443/Nordkap?Jahr=2026"
    command = SendReporting(CONTACT, link, (link,), NOON)
    given(BRAND_DECIDER, *GOING_LIVE).when(command).then(
        ReportingSent(PARTNER, BRAND, "Nordkap", CONTACT, link, (link,), NOON)
    )


def test_counts_agree_with_what_is_there() -> None:
    """ON-5, ON-8"""
    announced = DeliveryAnnounced(PARTNER, BRAND, "l-1", NOON.date(), 40, NOON)
    state = brand_of(BRAND_DECIDER.fold((*GOING_LIVE, cap, live, announced)))
    shown = state.articles.values()
    assert state.progress.articles == len(state.articles)
    assert state.progress.texts == sum(one.text for one in shown)
    assert state.progress.images == sum(one.image for one in shown)
    assert state.progress.live == {"otto": 1}
    assert state.progress.receipts == len(state.receipts) == 1
    assert state.progress.deliveries == len(state.deliveries) == 1
