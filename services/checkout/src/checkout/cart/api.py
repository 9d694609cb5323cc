"""Routes of carts. Every change and every query is answered by the whole cart with its price."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response, status

from checkout.cart.bodies import AnonymousContent, CartKey, ChangedCart, Joining, OpenedCart
from checkout.cart.carts import Answered, Carts
from checkout.cart.priced import CartView, PricedCarts
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext

Key = Annotated[CartKey | None, Header(alias="Zugabe-Cart-Key")]


@dataclass(frozen=True, slots=True)
class AnonymousCart:
    """`key` proves in `Zugabe-Cart-Key` that a request may use the cart; it is not told again."""

    key: str
    cart: CartView


def cart_api(carts: Carts, priced: PricedCarts, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/carts", tags=["cart"])
    changes = Depends(access.requires("change-carts"))

    async def answer(answered: Answered, request: RequestContext, status: HTTPStatus) -> Response:
        view = await priced.view(answered.cart, request, answered.added_before)
        return request.answer(view, status)

    @router.post("", status_code=status.HTTP_201_CREATED, response_model=AnonymousCart)
    async def open_anonymous_cart(
        dealer: Id,
        body: AnonymousContent,
        request: Annotated[RequestContext, Depends(access.requires("open-anonymous-carts"))],
    ) -> Response:
        """A request without a token opens a cart each time, whatever its Idempotency-Key."""
        opened = await carts.open_anonymous(str(access.new_id()), body, request)
        view = await priced.view(opened.cart, request)
        return request.answer(AnonymousCart(opened.key, view), status.HTTP_201_CREATED)

    @router.put("/{cart_id}", status_code=status.HTTP_201_CREATED, response_model=CartView)
    async def open_cart(
        dealer: Id,
        cart_id: Id,
        body: OpenedCart,
        request: Annotated[RequestContext, Depends(access.requires("open-carts"))],
    ) -> Response:
        """A repeated request is answered with 200 and the present cart (X-12)."""
        opened = await carts.open(cart_id, body, request)
        code = HTTPStatus.OK if opened.is_repeat else HTTPStatus.CREATED
        return await answer(opened, request, code)

    @router.patch("/{cart_id}", response_model=CartView)
    async def change_cart(
        dealer: Id,
        cart_id: Id,
        body: ChangedCart,
        request: Annotated[RequestContext, changes],
        key: Key = None,
    ) -> Response:
        """Change the cart; the answer is the whole priced cart (CH-2)."""
        return await answer(await carts.change(cart_id, body, request, key), request, HTTPStatus.OK)

    @router.get("/{cart_id}", response_model=CartView)
    async def get_cart(
        dealer: Id, cart_id: Id, request: Annotated[RequestContext, changes], key: Key = None
    ) -> Response:
        """The cart, priced anew with its notices."""
        return request.answer(await priced.view(await carts.get(cart_id, request, key), request))

    @router.post("/{cart_id}/joining", response_model=CartView)
    async def join_cart(
        dealer: Id,
        cart_id: Id,
        body: Joining,
        request: Annotated[RequestContext, Depends(access.requires("open-carts"))],
    ) -> Response:
        """Adds the content of an anonymous cart at login; the cart is opened if it is new."""
        return await answer(await carts.join(cart_id, body, request), request, HTTPStatus.OK)

    return router
