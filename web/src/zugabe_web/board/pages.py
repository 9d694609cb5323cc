"""The board: all brands at a glance, and how long phases take (N-11)."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from zugabe_web.board.answers import BoardLine, LeadTimes
from zugabe_web.board.listing import SORTS, Filters
from zugabe_web.errors import NoSuchPageError
from zugabe_web.login.desk import Desk
from zugabe_web.partner.answers import Page
from zugabe_web.passing_on import passed_on
from zugabe_web.site import Visit

EXPORTS = {"board": "/board", "produkttypen": "/product-types", "laeger": "/warehouses"}
FORMATS = ("csv", "xlsx")


def board_pages(desk: Desk) -> APIRouter:
    site, router = desk.site, desk.router()
    visits = Depends(desk.visit)

    @router.get("/board")
    async def board(visit: Annotated[Visit, visits], filters: Filters) -> Response:
        page, times = await asyncio.gather(
            visit.onboarding.get("/board", Page[BoardLine], filters.page()),
            visit.onboarding.get("/lead-times", LeadTimes),
        )
        return site.page(
            "board/board.html", visit, page=page, times=times.phases, filters=filters, sorts=SORTS
        )

    @router.get("/board/dateien/{name}.{form}")
    async def export(
        request: Request, visit: Annotated[Visit, visits], name: str, form: str
    ) -> Response:
        """A whole list as a file, with the filters of the page that links to it."""
        if name not in EXPORTS or form not in FORMATS:
            raise NoSuchPageError
        query = f"?{request.url.query}" if request.url.query else ""
        return await passed_on(visit.onboarding, f"{EXPORTS[name]}.{form}{query}")

    return router
