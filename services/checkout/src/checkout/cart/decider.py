"""A cart on the server: the beginning of a checkout, in the checkout's own stream.

It lives until the checkout becomes an order or, if it is anonymous, until it joins that of a user.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from checkout.cart.content import Changes, Content, changed, difference, joined
from checkout.cart.refusals import (
    CartClosedError,
    CartExpiredError,
    CartFullError,
    CartNotFoundError,
    CartOfAnotherError,
    CartOrderedError,
    CartStaleError,
)
from checkout.order.state import OrderEvent
from checkout.pricing.limits import MAX_LINES
from zugabe_events.contracts.checkout import (
    CartChanged,
    CartClosed,
    HoldsAsked,
    OrderPlaced,
    OrderSubmitted,
    SubmissionEnded,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

MAX_ANONYMOUS_LINES = 100
MAX_ANONYMOUS_CHANGES = 1_000
ANONYMOUS_TTL = timedelta(days=30)
"""An anonymous cart that was not changed for this time is gone."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose cart it is. An anonymous one has no user, and the hash of the key to it."""

    order_id: str
    dealer: str
    customer: str
    user: str
    key_hash: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.key_hash != ""


@dataclass(frozen=True, slots=True)
class NoCart:
    """`user` is who checks out under this id without a cart on the server, or ""."""

    user: str = ""


@dataclass(frozen=True, slots=True)
class Cart:
    owner: Owner
    version: int
    changed_at: datetime
    content: Content

    def has_expired(self, now: datetime) -> bool:
        return self.owner.is_anonymous and now - self.changed_at >= ANONYMOUS_TTL


@dataclass(frozen=True, slots=True)
class OrderedCart:
    """Ordered, or waiting for approval if `is_submitted`: then it opens again if it gets none.

    `cart` is None if it was never on the server.
    """

    user: str
    cart: Cart | None
    is_submitted: bool = False


@dataclass(frozen=True, slots=True)
class JoinedCart:
    cart: Cart
    joined_to: str


type CartState = NoCart | Cart | OrderedCart | JoinedCart


@dataclass(frozen=True, slots=True)
class OpenCart:
    owner: Owner
    changes: Changes
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeCart:
    """`version` is the one that the changes were made on."""

    version: int
    changes: Changes
    at: datetime


@dataclass(frozen=True, slots=True)
class JoinCart:
    """Add the content of the anonymous cart `added` to that of `owner`, opened if it is new."""

    owner: Owner
    added: Cart
    at: datetime


@dataclass(frozen=True, slots=True)
class CloseCart:
    joined_to: str
    at: datetime


type Command = OpenCart | ChangeCart | JoinCart | CloseCart


def decide(command: Command, state: CartState) -> Sequence[OrderEvent]:
    match command:
        case OpenCart():
            return open_cart(command, state)
        case ChangeCart():
            return change(command, state)
        case JoinCart():
            return join(command, state)
        case CloseCart():
            return close(command, state)


def open_cart(command: OpenCart, state: CartState) -> Sequence[OrderEvent]:
    """Also of a checkout that the same user has begun without one."""
    match state:
        case NoCart(user=user) if user in ("", command.owner.user):
            cart = new_cart(command.owner, command.at)
            return [event_of(cart, allowed(cart, command.changes), command.at)]
        case Cart() if state.owner.user == command.owner.user:
            raise CartStaleError(state.version)
        case OrderedCart(user=command.owner.user, is_submitted=is_submitted):
            raise CartOrderedError(is_submitted=is_submitted)
        case _:
            raise CartOfAnotherError


def change(command: ChangeCart, state: CartState) -> Sequence[OrderEvent]:
    cart = present(state, command.at)
    if cart.version != command.version:
        raise CartStaleError(cart.version)
    changes = allowed(cart, command.changes)
    return [] if changes == Changes() else [event_of(cart, changes, command.at)]


def join(command: JoinCart, state: CartState) -> Sequence[OrderEvent]:
    if isinstance(state, NoCart) and state.user in ("", command.owner.user):
        cart = new_cart(command.owner, command.at)
    else:
        cart = present(state, command.at)
    if cart.owner.user != command.owner.user or cart.owner.is_anonymous:
        raise CartOfAnotherError
    added = command.added
    changes = allowed(cart, joined(cart.content, added.content))
    if cart.version == 0:
        changes = replace(changes, delivery=added.content.delivery)
    return [event_of(cart, changes, command.at, joined=added.owner.order_id)]


def close(command: CloseCart, state: CartState) -> Sequence[OrderEvent]:
    cart = present(state, command.at)
    if not cart.owner.is_anonymous:
        raise CartNotFoundError
    return [CartClosed(cart.owner.order_id, cart.owner.dealer, command.joined_to)]


def present(state: CartState, at: datetime) -> Cart:
    """The cart, if it can be changed."""
    match state:
        case NoCart():
            raise CartNotFoundError
        case Cart() if state.has_expired(at):
            raise CartExpiredError
        case Cart():
            return state
        case OrderedCart(is_submitted=is_submitted):
            raise CartOrderedError(is_submitted=is_submitted)
        case JoinedCart():
            raise CartClosedError


def allowed(cart: Cart, changes: Changes) -> Changes:
    """The part of the changes that changes the cart. Raises CartFullError."""
    if not cart.owner.is_anonymous:
        return difference(cart.content, changes, MAX_LINES)
    if cart.version >= MAX_ANONYMOUS_CHANGES:
        raise CartFullError(MAX_ANONYMOUS_CHANGES, "Änderungen ohne Anmeldung")
    return difference(cart.content, changes, MAX_ANONYMOUS_LINES)


def new_cart(owner: Owner, at: datetime) -> Cart:
    return Cart(owner, 0, at, Content())


def event_of(cart: Cart, changes: Changes, at: datetime, joined: str = "") -> CartChanged:
    owner = cart.owner
    return CartChanged(
        order_id=owner.order_id,
        dealer=owner.dealer,
        customer=owner.customer,
        user=owner.user,
        version=cart.version + 1,
        changed_at=at,
        lines=changes.lines,
        codes=changes.codes,
        reward_id=changes.reward_id,
        gifts=changes.gifts,
        removed_gifts=changes.removed_gifts,
        delivery=changes.delivery,
        note=changes.note,
        key_hash=owner.key_hash,
        joined=joined,
    )


def evolve(state: CartState, event: OrderEvent) -> CartState:
    match state, event:
        case ((NoCart() | Cart()), CartChanged()):
            return after(state, event)
        case Cart(), CartClosed(joined_to=joined_to):
            return JoinedCart(state, joined_to)
        case NoCart(), HoldsAsked(user=user):
            return NoCart(user)
        case ((NoCart() | Cart() | OrderedCart()), (OrderPlaced() | OrderSubmitted())):
            cart = state.cart if isinstance(state, OrderedCart) else state
            is_submitted = isinstance(event, OrderSubmitted)
            return OrderedCart(event.user, cart if isinstance(cart, Cart) else None, is_submitted)
        case OrderedCart(cart=cart, is_submitted=True), SubmissionEnded(user=user):
            return cart or NoCart(user)
        case _:
            return state


def after(state: NoCart | Cart, event: CartChanged) -> Cart:
    owner = Owner(event.order_id, event.dealer, event.customer, event.user, event.key_hash)
    content = state.content if isinstance(state, Cart) else Content()
    return Cart(owner, event.version, event.changed_at, changed(content, event))


CART_DECIDER: Decider[Command, CartState, OrderEvent] = Decider("cart", NoCart(), decide, evolve)


def cart_history(dealer: str, order_id: str, user: str = "") -> History[CartState, OrderEvent]:
    """The first commit fixes the key: an anonymous cart has one of its own."""
    return History(
        Stream(f"order/{dealer}/{order_id}", f"{dealer}/{user or order_id}"), CART_DECIDER
    )
