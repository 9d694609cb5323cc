"""Routes for the shop's front: the page „Bonuspunkte", and points at articles."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from bonus.catalogue.names import promotion_names
from bonus.catalogue.view import LabelView
from bonus.programme.article_points import ArticlePoints, article_points
from bonus.programme.decider import programme_history
from bonus.programme.page import ProgrammePage, links_for, page_of
from bonus.programme.position import Position
from bonus.programme.versions import Draft
from bonus.programme.view import ProgrammeView
from bonus.programme.visitors import Visitors, is_user
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.marketing_module import ModuleView
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.cart_lines import Excluded, Label, Labels
from zugabe_events.http.fields import Body, Cents, Id, at_most
from zugabe_events.http.request_context import RequestContext

MAX_ARTICLES = 200


class ArticleLine(Body):
    """An article as carts have it; `groups` are all of its product groups with those above."""

    article: Label
    brand: Label = ""
    groups: Labels = ()
    net_cents: Cents = 0
    excluded: Excluded = ()


class Articles(Body):
    lines: Annotated[
        tuple[ArticleLine, ...], Field(min_length=1, max_length=MAX_ARTICLES), at_most(MAX_ARTICLES)
    ]


def page_api(
    store: EventStore,
    programmes: Views[ProgrammeView],
    visitors: Visitors,
    dealers: Views[ModuleView],
    labels: Views[LabelView],
    access: Access,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["programme"])
    requires = access.requires("see-bonus-page")
    see = Depends(reads(requires, programmes, visitors.accounts, dealers, labels))

    @router.get("/programme/page")
    async def get_page(dealer: Id, request: Annotated[RequestContext, see]) -> ProgrammePage:
        """Only of a programme that runs, or whose points can still be redeemed (BO-7, BO-12).

        A user who neither collects nor has points sees nothing of it (BO-11, BO-13).
        """
        view = await programmes.get(dealer)
        if view is None or view.terms is None or view.state not in ("active", "run-off"):
            raise NotFoundError("Hier gibt es kein Bonusprogramm.")
        if not await visitors.see(dealer, request, is_active=view.active):
            raise NotFoundError("Hier gibt es kein Bonusprogramm.")
        known = await dealers.get(dealer)
        name = known.name if known else ""
        links = links_for(
            is_user=is_user(request),
            must_accept=await visitors.must_accept(dealer, request),
            has_left=await visitors.has_left(dealer, request),
        )
        ended_until = await visitors.ended_until(dealer, request)
        names = await promotion_names(dealer, view.promotions, labels)
        return page_of(view, view.terms, name, request.context.at, links, ended_until, names)

    @router.post("/article-points")
    async def get_article_points(
        dealer: Id, body: Articles, request: Annotated[RequestContext, Depends(requires)]
    ) -> tuple[ArticlePoints, ...]:
        """In the order of the articles: do they earn points, and does a promotion give more.

        A user whose customer takes no part sees nothing of it (BO-11).
        """
        at = request.context.at
        programme = (await state_of(store, programme_history(dealer))).at(at)
        if not await visitors.collects(dealer, request):
            programme = Draft()
        return tuple(
            article_points(line.article, position_of(number, line), at, programme)
            for number, line in enumerate(body.lines, 1)
        )

    return router


def position_of(number: int, line: ArticleLine) -> Position:
    return Position(
        number=number,
        net_cents=line.net_cents,
        voucher_cents=0,
        reward_cents=0,
        brand=line.brand,
        groups=frozenset(line.groups),
        excluded=line.excluded,
    )
