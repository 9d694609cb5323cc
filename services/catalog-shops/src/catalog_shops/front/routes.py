"""Routes of a page: public for GET and HEAD, and a preview of any instant (N-12)."""

import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from catalog_shops.front.answer import NO_STORE, page_answer, public_until
from catalog_shops.front.links import Links
from catalog_shops.front.page import Page, missing_page, page_of
from catalog_shops.front.page_cache import Made
from catalog_shops.front.reading import Reading
from catalog_shops.front.showcase import Showcase, showcase_of
from catalog_shops.front.sources import FrontParts
from catalog_shops.front.visit import Asked, Visit
from catalog_shops.front.visitor import catch_up, visitor_of
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Fact
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Instant
from zugabe_events.http.public_routes import PUBLIC_ROUTE
from zugabe_events.http.request_context import RequestContext

type Endpoint = Callable[..., Asked]

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
SHOWN: dict[int | str, dict[str, Any]] = {
    304: {"description": "The client has this page already"},
    401: {"description": "Only those who have a token of the dealer see it", "content": PROBLEM},
    403: {"description": "It is another dealer's", "content": PROBLEM},
}


class FrontRoutes:
    """Makes pages, or shows those that are kept."""

    def __init__(self, parts: FrontParts, access: Access) -> None:
        self.router = APIRouter(prefix="/dealers/{dealer}", tags=["front"])
        self._parts = parts
        self._access = access
        self._previews = Depends(reads(access.requires("see-shops"), *parts.sources.followers))

    def page(self, path: str, answer: type[Fact]) -> Callable[[Endpoint], Endpoint]:
        """Decorate a function that takes what is in path and query, `dealer` among them, and says
        what is asked."""

        def decorate(ask: Endpoint) -> Endpoint:
            async def public(request: Request, **given: Any) -> Response:
                return await self._public(request, ask(**given))

            async def preview(request: Request, visit: Any, at: Any, **given: Any) -> Response:
                return await self._preview(request, visit, at, ask(**given))

            name, shown = ask.__name__, like(ask, public, request=Request)
            for add, added in ((self.router.get, ""), (self.router.head, "_head")):
                add(
                    f"/front{path}",
                    name=name + added,
                    response_model=None if added else answer,
                    dependencies=[Depends(PUBLIC_ROUTE)],
                    responses=SHOWN,
                )(shown)
            self.router.get(f"/front-preview{path}", name=f"{name}_preview", response_model=answer)(
                like(
                    ask,
                    preview,
                    request=Request,
                    visit=Annotated[RequestContext, self._previews],
                    at=Annotated[Instant, Query()],
                )
            )
            return ask

        return decorate

    async def _public(self, request: Request, asked: Asked) -> Response:
        process = self._parts.process
        await catch_up(request, self._parts.sources.followers, process.waiting)
        visitor = await visitor_of(request, asked.dealer, self._access.verify)
        customer = visitor.customer if asked.has_prices else ""
        now = self._access.now()
        links = Links(f"/dealers/{asked.dealer}/front")

        async def make(reading: Reading) -> Page:
            async with process.making.taken():
                showcase = await self._showcase(asked, reading)
                visitor.check_may_see(is_public=showcase.is_public)
                return await self._made(asked, reading, now, showcase, links, customer)

        if asked.key is None:
            reading = Reading.as_of(now)
            made = Made(await make(reading), reading, 0)
        else:
            made = await process.pages.get((asked.dealer, customer, asked.key), now, make)
        page = made.value
        visitor.check_may_see(is_public=page.is_public)
        is_for_all = page.is_public and not customer
        return page_answer(
            request, page, public_until(now, made.reading.until) if is_for_all else NO_STORE
        )

    async def _preview(
        self, request: Request, visit: RequestContext, at: datetime, asked: Asked
    ) -> Response:
        links = Links(f"/dealers/{asked.dealer}/front-preview", urlencode({"at": at.isoformat()}))
        reading = Reading.as_of(at)
        showcase = await self._showcase(asked, reading)
        page = await self._made(asked, reading, visit.context.at, showcase, links, "")
        return page_answer(request, page, NO_STORE)

    async def _made(
        self,
        asked: Asked,
        reading: Reading,
        now: datetime,
        showcase: Showcase,
        links: Links,
        customer: str,
    ) -> Page:
        visit = Visit(self._parts, reading, now, showcase, links, customer)
        try:
            return page_of(await asked.make(visit), is_public=showcase.is_public)
        except NotFoundError as error:
            return missing_page(error, is_public=showcase.is_public)

    async def _showcase(self, asked: Asked, reading: Reading) -> Showcase:
        return await showcase_of(reading, self._parts.sources.fronts, asked.dealer)


def like(ask: Endpoint, route: Callable[..., Any], **added: Any) -> Callable[..., Any]:
    """`route` with the parameters of `ask`, and further ones of these types."""
    signature = inspect.signature(ask)
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
        for name, annotation in added.items()
    ]
    given = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in signature.parameters.values()
    ]
    wrapped = wraps(ask)(route)
    wrapped.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*more, *given], return_annotation=inspect.Signature.empty
    )
    annotations: Mapping[str, Any] = {**ask.__annotations__, **added}
    wrapped.__annotations__ = dict(annotations)
    return wrapped
