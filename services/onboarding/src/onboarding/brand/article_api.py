"""HTTP for articles: registered by partners, then reported on by PIM and warehouse."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from pydantic import Field, StringConstraints

from onboarding.brand.api import Platform
from onboarding.brand.articles import (
    CreateContent,
    LeaveOutArticles,
    LetArticlesLive,
    RegisterArticles,
    SendReporting,
)
from onboarding.brand.decider import with_partner
from onboarding.brand.logistics import AnnounceDelivery, BookReceipt
from onboarding.partner.requests import Reason
from onboarding.partner.state import Open
from zugabe_events.contracts.onboarding import Article
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event_store import EventStore
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Day, Id, at_most
from zugabe_events.http.request_context import RequestContext

MAX_ARTICLES_PER_REQUEST = 500
"""Articles in one request."""

Number = Annotated[str, StringConstraints(pattern=r"^[!-~]([ -~]{0,62}[!-~])?$")]
"""An article number as it is: `0017` is not 17."""

Numbers = Annotated[
    tuple[Number, ...],
    Field(max_length=MAX_ARTICLES_PER_REQUEST),
    at_most(MAX_ARTICLES_PER_REQUEST),
]
Count = Annotated[int, Field(strict=True, ge=1, le=10**9)]
Link = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class ArticleBody(Body):
    article: Number
    product_type: Id


class NewArticles(Body):
    articles: Annotated[
        tuple[ArticleBody, ...],
        Field(min_length=1, max_length=MAX_ARTICLES_PER_REQUEST),
        at_most(MAX_ARTICLES_PER_REQUEST),
    ]


class Content(Body):
    """Articles that have text now, and those that have images."""

    texts: Numbers = ()
    images: Numbers = ()


class LeftOut(Reason):
    articles: Annotated[Numbers, Field(min_length=1)]


class LiveArticles(Body):
    articles: Annotated[Numbers, Field(min_length=1)]


class Delivery(Body):
    expected_on: Day
    pieces: Count


class Receipt(Body):
    received_on: Day
    pieces: Count


class Reporting(Body):
    """`again` sends the same links once more, such as after a mail that was lost."""

    reporting_url: Link
    data_links: Annotated[tuple[Link, ...], Field(min_length=1, max_length=20), at_most(20)]
    again: Annotated[bool, Field(strict=True)] = False


def article_api(store: EventStore, access: Access) -> APIRouter:
    router = APIRouter(
        prefix="/partners/{partner}/brands/{brand}",
        tags=["article"],
        default_response_class=Response,
    )
    done = status.HTTP_204_NO_CONTENT

    @router.post("/articles", status_code=done)
    async def register(
        partner: Id,
        brand: Id,
        body: NewArticles,
        request: Annotated[RequestContext, Depends(access.requires("register-articles"))],
    ) -> None:
        """Register articles of the brand, with their product types (ON-5)."""
        articles = tuple(
            Article(article.article, article.product_type) for article in body.articles
        )
        command = RegisterArticles(articles, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.post("/left-out-articles", status_code=done)
    async def leave_out(
        partner: Id,
        brand: Id,
        body: LeftOut,
        request: Annotated[RequestContext, Depends(access.requires("guide-brands"))],
    ) -> None:
        """Leave out articles for which no content will come (Q32)."""
        command = LeaveOutArticles(body.articles, body.reason, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.post("/content", status_code=done)
    async def create_content(
        partner: Id,
        brand: Id,
        body: Content,
        request: Annotated[RequestContext, Depends(access.requires("record-content"))],
    ) -> None:
        """Count articles that have texts and images now (ON-6)."""
        command = CreateContent(body.texts, body.images, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.put("/deliveries/{delivery}", status_code=done)
    async def announce(
        partner: Id,
        brand: Id,
        delivery: Id,
        body: Delivery,
        request: Annotated[RequestContext, Depends(access.requires("announce-deliveries"))],
    ) -> None:
        """Announce a delivery of goods, or change what was announced before it arrives (ON-6)."""
        at = request.context.at
        command = AnnounceDelivery(delivery, body.expected_on, body.pieces, day_of(at), at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.put("/goods-receipts/{receipt}", status_code=done)
    async def book(
        partner: Id,
        brand: Id,
        receipt: Id,
        body: Receipt,
        request: Annotated[RequestContext, Depends(access.requires("book-receipts"))],
    ) -> None:
        """Book what arrived of a delivery (ON-7)."""
        at = request.context.at
        command = BookReceipt(receipt, body.received_on, body.pieces, day_of(at), at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.post("/platforms/{platform}/articles", status_code=done)
    async def let_live(
        partner: Id,
        brand: Id,
        platform: Platform,
        body: LiveArticles,
        request: Annotated[RequestContext, Depends(access.requires("record-live-articles"))],
    ) -> None:
        """Record that articles are on sale on a platform (ON-8)."""
        command = LetArticlesLive(platform, body.articles, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))

    @router.put("/reporting", status_code=done)
    async def send_reporting(
        partner: Id,
        brand: Id,
        body: Reporting,
        request: Annotated[RequestContext, Depends(access.requires("guide-brands"))],
    ) -> None:
        """Send reporting and data links by mail; the brand shows them as well (ON-9)."""
        at, links = request.context.at, (body.reporting_url, body.data_links)

        def command(onboarding: Open) -> SendReporting:
            return SendReporting(onboarding.contact, *links, at, body.again)

        await request.handle_together(store, *with_partner(partner, brand, command))

    return router
