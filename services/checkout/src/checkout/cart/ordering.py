"""A cart as it is priced and ordered."""

from datetime import datetime

from checkout.cart.decider import Cart, OrderedCart, cart_history
from checkout.cart.refusals import CartNotFoundError, CartStaleError
from checkout.gift.choice import GiftWish
from checkout.order.cart import Cart as WantedCart
from checkout.peer.ports import Buyer
from checkout.pricing.goods import WantedLine
from zugabe_events.domain.event_store import EventStore, state_of


def as_wanted(cart: Cart, at: datetime) -> WantedCart:
    owner, content = cart.owner, cart.content
    return WantedCart(
        order_id=owner.order_id,
        buyer=Buyer(owner.dealer, owner.customer, owner.user, at),
        lines=(),
        codes=content.codes,
        reward_id=content.reward_id or None,
        wanted=tuple(WantedLine(line.article, line.quantity) for line in content.lines),
        gifts=GiftWish(content.gifts, frozenset(content.removed_gifts)),
        delivery=content.delivery,
        note=content.note or None,
        cart_version=cart.version,
    )


async def content_to_order(store: EventStore, dealer: str, order_id: str, version: int) -> Cart:
    """The cart in this version, which the commit of the order compares again.

    Also of a cart that was ordered in it, so that a repeated request finds its order. The caller
    checks whose it is. Raises CartNotFoundError, and CartStaleError for another version.
    """
    match await state_of(store, cart_history(dealer, order_id)):
        case Cart() as cart:
            pass
        case OrderedCart(cart=Cart() as cart):
            pass
        case _:
            raise CartNotFoundError
    if cart.owner.is_anonymous:
        raise CartNotFoundError
    if cart.version != version:
        raise CartStaleError(cart.version)
    return cart
