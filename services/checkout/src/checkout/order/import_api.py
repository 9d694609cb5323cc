"""Route that imports past orders in batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from checkout.order.bodies import ImportBody, PastOrderBody
from checkout.order.order_import import ImportOrders, ImportResult, PastOrder
from checkout.order.place_request import Request
from checkout.order.requests import cart_to_order
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import derived_id
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext, tokens_of

ROUTE = "POST /dealers/{dealer}/order-imports"
MAX_BODY_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class OrdersImported:
    """One result for each order, in the order of the request."""

    results: list[ImportResult]


def import_api(imports: ImportOrders, people: People, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/order-imports", tags=["order"])

    @router.post("", response_model=OrdersImported)
    async def import_orders(
        dealer: Id,
        body: ImportBody,
        request: Annotated[RequestContext, Depends(access.requires("import-orders"))],
    ) -> Response:
        """Each order is placed once: repeat the whole request until none is `postponed`.

        An order is known by its id and content, whatever batch it comes in. Vouchers and rewards
        see the effects of the user's earlier orders in this batch, and in earlier batches whose
        `Zugabe-Token` this request carries.
        """
        orders = [past_order(order, request, people) for order in body.orders]
        after = tokens_of(request.token_headers)
        results = await imports.run(orders, after, request.add_token)
        return request.answer(OrdersImported(results))

    return router


def past_order(body: PastOrderBody, request: RequestContext, people: People) -> PastOrder:
    return PastOrder(
        body.order_id, body.user, body.placed_at, partial(request_of, body, request, people)
    )


async def request_of(
    body: PastOrderBody, request: RequestContext, people: People, after: Sequence[Token]
) -> Request:
    """The request to place one order; repeats in other batches are the same attempt (X-12)."""
    content = sha256(body.model_dump_json().encode()).hexdigest()
    attempt = derived_id("import-order", request.context.tenant, body.order_id, content)
    cart = await cart_to_order(body.order_id, body, request, people)
    return Request(cart, request.context, attempt, content, after)
