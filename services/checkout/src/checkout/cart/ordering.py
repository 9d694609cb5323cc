"""Content of a cart for the order that is made of it."""

from checkout.cart.decider import Cart, OrderedCart, cart_history
from checkout.cart.refusals import CartNotFoundError, CartStaleError
from zugabe_events.domain.event_store import EventStore, state_of


async def content_to_order(store: EventStore, dealer: str, order_id: str, version: int) -> Cart:
    """The cart in this version, which the commit of the order compares again.

    Also of a cart that was ordered in it, so that a repeated request finds its order. The caller
    checks `owner` and has an anonymous cart joined first. Raises CartNotFoundError, CartStaleError.
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
