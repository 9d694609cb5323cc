"""The route that lists the open carts of a user."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from checkout.access import BUYING_FOR_THEMSELVES, only_own
from checkout.cart.view import LISTED, CartStatus, SavedCart
from checkout.peer.ports import Buyer, Prices
from checkout.pricing.goods import WantedLine
from zugabe_events.domain.errors import RefusedError, UnavailableError
from zugabe_events.domain.views import FilterValue, OneOf, Page, Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import PagedQuery
from zugabe_events.http.request_context import RequestContext

MAX_CARTS = 20
"""Each may have a thousand lines, which are priced."""


class CartQuery(PagedQuery):
    sort: Literal["changed_at", "-changed_at"] = "-changed_at"
    limit: Annotated[int, Field(ge=1, le=MAX_CARTS)] = 10


@dataclass(frozen=True, slots=True)
class ListedCart:
    """`goods_cents` is the net value, before any discount, of the lines that can be ordered now."""

    cart_id: str
    version: int
    customer: str
    user: str
    status: CartStatus
    positions: int
    goods_cents: int
    changed_at: datetime


def cart_list_api(carts: Views[SavedCart], prices: Prices, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/users/{user}/carts", tags=["cart"])

    @router.get("")
    async def list_carts(
        dealer: Id,
        user: Id,
        request: Annotated[RequestContext, Depends(reads(access.requires("open-carts"), prices))],
        query: Annotated[CartQuery, Query()],
    ) -> Page[ListedCart]:
        """Those that can be changed or wait for approval, the latest first, at today's prices.

        Changes of carts answer without a token, and another device would not have it: all that has
        happened until now is in the list.
        """
        only_own(request, user)
        await carts.up_to_date()
        where: dict[str, FilterValue] = {"dealer": dealer, "user": user, "status": OneOf(LISTED)}
        if request.principal.role in BUYING_FOR_THEMSELVES:
            where["customer"] = request.principal.customer
        page = await carts.page(where, sort=query.sort, after=query.position, limit=query.limit)
        at = request.context.at
        listed = [await with_value(cart, prices, at) for cart in page.items]
        return Page(listed, query.bound(page.next))

    return router


async def with_value(cart: SavedCart, prices: Prices, at: datetime) -> ListedCart:
    """Raises UnavailableError while prices are not current."""
    return ListedCart(
        cart.cart_id,
        cart.version,
        cart.customer,
        cart.user,
        cart.status,
        len(cart.lines),
        await value_of(cart, prices, at),
        cart.changed_at,
    )


async def value_of(cart: SavedCart, prices: Prices, at: datetime) -> int:
    if not cart.lines:
        return 0
    buyer = Buyer(cart.dealer, cart.customer, cart.user, at)
    wanted = [WantedLine(line.article, line.quantity) for line in cart.lines]
    try:
        goods = await prices.goods(buyer, wanted, (), in_part=True)
    except UnavailableError:
        raise
    except RefusedError:  # the customer may not order anything, or nothing of it
        return 0
    return sum(line.net_cents for line in goods.lines)
