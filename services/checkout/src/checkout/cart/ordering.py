"""A cart as it is priced and ordered."""

from datetime import datetime

from checkout.cart.decider import Cart, OrderedCart, cart_history
from checkout.cart.holders import check_owner
from checkout.cart.refusals import (
    CartEmptyError,
    CartNotFoundError,
    CartOfAnotherError,
    CartStaleError,
)
from checkout.gift.choice import GiftWish
from checkout.order.bodies import CartBody
from checkout.order.cart import Cart as WantedCart
from checkout.peer.ports import Buyer
from checkout.pricing.goods import WantedLine
from zugabe_events.contracts.checkout import ChosenGift
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.http.request_context import RequestContext


def as_wanted(cart: Cart, at: datetime, added_before: tuple[ChosenGift, ...] = ()) -> WantedCart:
    """`added_before` are gifts that it was shown with without a choice."""
    owner, content = cart.owner, cart.content
    return WantedCart(
        order_id=owner.order_id,
        buyer=Buyer(owner.dealer, owner.customer, owner.user, at),
        lines=(),
        codes=content.codes,
        reward_id=content.reward_id or None,
        wanted=tuple(WantedLine(line.article, line.quantity) for line in content.lines),
        gifts=GiftWish(content.gifts, frozenset(content.removed_gifts), added_before),
        delivery=content.delivery,
        note=content.note or None,
        cart_version=cart.version,
    )


async def cart_on_server(
    store: EventStore, order_id: str, version: int, body: CartBody, request: RequestContext
) -> WantedCart:
    """The cart in this version, which the commit of the order compares again.

    Also a cart that was ordered in it, so that a repeated request finds its order. Staff and
    services need not name the user. Raises CartNotFoundError, and CartStaleError for another
    version.
    """
    match await state_of(store, cart_history(request.context.tenant, order_id)):
        case Cart() as cart:
            pass
        case OrderedCart(cart=Cart() as cart):
            pass
        case _:
            raise CartNotFoundError
    owner = cart.owner
    if owner.is_anonymous:
        raise CartNotFoundError
    check_owner(owner, request)
    if (body.user or owner.user, body.customer or owner.customer) != (owner.user, owner.customer):
        raise CartOfAnotherError
    if cart.version != version:
        raise CartStaleError(cart.version)
    if not cart.content.lines:
        raise CartEmptyError
    return as_wanted(cart, request.context.at)
