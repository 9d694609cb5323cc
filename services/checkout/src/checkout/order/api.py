"""Routes of quotes and orders."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from checkout.access import BUYING_FOR_THEMSELVES, is_anothers, may, only_own
from checkout.approval.authority import satisfied_by
from checkout.cart.ordering import cart_on_server
from checkout.fulfilment.refusals import OrderNotFoundError
from checkout.order.after import after_order
from checkout.order.answers import WAITS, answer_with_order
from checkout.order.bodies import OrderBody, QuoteBody
from checkout.order.listing import SUMS, TABLE, OrderQuery
from checkout.order.place_request import Request
from checkout.order.placement import PlaceOrder
from checkout.order.redaction import with_people
from checkout.order.requests import cart_of, cart_to_order
from checkout.order.view import OrderView, PlacedView
from checkout.peer.ports import Prices, Vouchers
from checkout.pricing.quote import Quotes, QuoteView
from checkout.quotas import Quotas
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.encryption.personal_data import People
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, Sums, list_routes
from zugabe_events.http.openapi import repeated
from zugabe_events.http.request_context import RequestContext, tokens_of


def quote_api(prices: Prices, quotes: Quotes, quotas: Quotas, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/quotes", tags=["quote"])

    @router.post("", response_model=QuoteView)
    async def quote_cart(
        dealer: Id,
        body: QuoteBody,
        request: Annotated[RequestContext, Depends(access.requires("quote-carts"))],
    ) -> Response:
        """The whole cart as it would be placed; holds nothing (X-6)."""
        await quotas.count("quotes", request)
        cart = cart_of(body.order_id or "", body, request)
        await request.catch_up(prices)
        return request.answer(await quotes.quote(cart, tokens_of(request.token_headers)))

    return router


def order_api(
    store: EventStore,
    placement: PlaceOrder,
    prices: Prices,
    vouchers: Vouchers,
    orders: Views[OrderView],
    people: People,
    quotas: Quotas,
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/orders", tags=["order"])

    @router.put(
        "/{order_id}",
        status_code=status.HTTP_201_CREATED,
        response_model=PlacedView,
        responses=repeated(PlacedView) | WAITS,
    )
    async def place_order(
        dealer: Id,
        order_id: Id,
        body: OrderBody,
        request: Annotated[RequestContext, Depends(access.requires("place-orders"))],
    ) -> Response:
        """A repeated request is answered with 200 and the order as it was placed, except for its
        present status (X-12).

        An order that needs approval is `submitted`, and answered with 202 (X-26).
        """
        await quotas.count("orders", request)
        on_server = None
        if body.cart_version is not None:
            on_server = await cart_on_server(store, order_id, body.cart_version, body, request)
        cart = await cart_to_order(order_id, body, request, people, on_server)
        await request.catch_up(prices)
        attempt = request.attempt("place-order", order_id)
        after = tokens_of(request.token_headers)
        exempt = satisfied_by(request.principal, cart.buyer.customer)
        handled = await placement.place(
            Request(cart, request.context, attempt, request.body, after, exempt)
        )
        brought = partial(after_order, prices, vouchers)
        return await answer_with_order(store, handled, request, people, brought=brought)

    @router.get("/{order_id}")
    async def get_order(
        dealer: Id,
        order_id: Id,
        request: Annotated[RequestContext, Depends(reads(access.requires("see-orders"), orders))],
    ) -> OrderView:
        """An order with its lines, discounts, taxes, shipments and returns."""
        view = await orders.get(f"{dealer}/{order_id}")
        if view is None or is_anothers(request, view.user):
            raise OrderNotFoundError
        [redacted] = await with_people([view], request, people)
        return redacted

    @list_routes(router, "", orders, TABLE, exports, limit=50, sums=Sums(orders, SUMS))
    async def list_orders(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-orders"))],
        query: Annotated[OrderQuery, Query()],
    ) -> Selection[OrderView]:
        """The latest first; those who buy see only their own."""
        where = {**query.where(), "dealer": dealer}
        if query.user is not None:
            only_own(request, query.user)
        elif request.principal.role in BUYING_FOR_THEMSELVES:
            where["user"] = request.principal.subject
        with_names = may(request, "see-orderers") and not request.principal.is_user
        shown = partial(with_people, request=request, people=people)
        return Selection(where, shown, with_names=with_names)

    return router
