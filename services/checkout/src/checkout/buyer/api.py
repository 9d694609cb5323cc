"""Routes of the order totals of users."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from msgspec.structs import replace

from checkout.access import BUYING_FOR_THEMSELVES, only_own
from checkout.buyer.view import BUYERS, BuyerView
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.export.table import Column, Table
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import ListQuery
from zugabe_events.http.list_routes import Selection, Sums, list_routes
from zugabe_events.http.request_context import RequestContext


class BuyerQuery(ListQuery):
    """Sorted by `-noticed_at`, those who cancelled many orders come first."""

    sort: Literal[
        "user", "-user", "net_cents", "-net_cents", "orders", "-orders", "-noticed_at"
    ] = "user"


SUMS = (
    "orders",
    "cancelled",
    "goods_cents",
    "net_cents",
    "cancelled_goods_cents",
    "cancelled_net_cents",
    "returned_goods_cents",
    "returned_net_cents",
)

TABLE = Table(
    "besteller",
    BUYERS,
    (
        Column("Benutzer", lambda buyer: buyer.user),
        Column("Bestellungen", lambda buyer: buyer.orders),
        Column("Storniert", lambda buyer: buyer.cancelled),
        Column("Warenwert (EUR)", lambda buyer: buyer.goods_cents, "hundredths"),
        Column("Netto (EUR)", lambda buyer: buyer.net_cents, "hundredths"),
        Column(
            "Warenwert storniert (EUR)", lambda buyer: buyer.cancelled_goods_cents, "hundredths"
        ),
        Column("Netto storniert (EUR)", lambda buyer: buyer.cancelled_net_cents, "hundredths"),
        Column("Rücksendungen", lambda buyer: buyer.returns),
        Column("Zurück: Warenwert (EUR)", lambda buyer: buyer.returned_goods_cents, "hundredths"),
        Column("Zurück: Netto (EUR)", lambda buyer: buyer.returned_net_cents, "hundredths"),
        Column("Gutscheine", lambda buyer: buyer.vouchers_redeemed),
        Column("Gutscheinrabatt (EUR)", lambda buyer: buyer.voucher_discount_cents, "hundredths"),
        Column("Prämien", lambda buyer: buyer.rewards_redeemed),
        Column("Prämienrabatt (EUR)", lambda buyer: buyer.reward_discount_cents, "hundredths"),
        Column("Abgelehnt", lambda buyer: sum(buyer.refusals.values())),
        Column("Auffällige Stornos", lambda buyer: buyer.noticed_at),
    ),
)


async def noticed(views: Sequence[BuyerView], request: RequestContext) -> Sequence[BuyerView]:
    """Those who buy are not told that somebody should look at what they cancel."""
    if request.principal.role in BUYING_FOR_THEMSELVES:
        return [replace(view, noticed_at=None) for view in views]
    return views


def buyer_api(buyers: Views[BuyerView], access: Access, exports: Exports) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/buyers", tags=["buyer"])

    @list_routes(router, "", buyers, TABLE, exports, limit=50, sums=Sums(buyers, SUMS))
    async def list_buyers(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-buyers"))],
        query: Annotated[BuyerQuery, Query()],
    ) -> Selection[BuyerView]:
        """Those who buy see only themselves."""
        where = {**query.where(), "dealer": dealer}
        if request.principal.role in BUYING_FOR_THEMSELVES:
            where["user"] = request.principal.subject
        return Selection(where, partial(noticed, request=request))

    @router.get("/{user}")
    async def get_buyer(
        dealer: Id,
        user: Id,
        request: Annotated[RequestContext, Depends(reads(access.requires("see-buyers"), buyers))],
    ) -> BuyerView:
        """The orders of a user, in sums."""
        only_own(request, user)
        view = await buyers.get(f"{dealer}/{user}")
        if view is None:
            raise NotFoundError("Dieser Benutzer hat noch nichts bestellt.", code="buyer-not-found")
        [shown] = await noticed([view], request)
        return shown

    return router
