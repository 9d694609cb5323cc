"""HTTP for what users ordered in all."""

from typing import Annotated

from fastapi import APIRouter, Depends

from checkout.buyer.view import BuyerView
from zugabe_events.errors import NotFoundError
from zugabe_events.http import Access, Asked, Cursor, Id, Limit, Page
from zugabe_events.views import Views


def buyer_api(buyers: Views[BuyerView], access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/buyers", tags=["buyer"])

    @router.get("")
    async def list_buyers(
        dealer: Id,
        asked: Annotated[Asked, Depends(access.needs("see-buyers", buyers))],
        after: Cursor | None = None,
        limit: Limit = 50,
    ) -> Page[BuyerView]:
        where = {"dealer": dealer}
        if asked.caller.role == "user":
            where["user"] = asked.caller.subject
        return await buyers.page(where, after=after, limit=limit)

    @router.get("/{user}")
    async def get_buyer(
        dealer: Id,
        user: Id,
        asked: Annotated[Asked, Depends(access.needs("see-buyers", buyers))],
    ) -> BuyerView:
        asked.only(user)
        view = await buyers.get(f"{dealer}/{user}")
        if view is None:
            raise NotFoundError("Dieser Benutzer hat noch nichts bestellt.", code="buyer-not-found")
        return view

    return router
