"""Holders of a cart: its user, who acts for them, or anyone with the key to an anonymous one."""

import hmac
from datetime import timedelta
from hashlib import sha256

from checkout.access import BUYING_FOR_THEMSELVES, is_anothers
from checkout.cart.decider import Cart, CartState, JoinedCart, NoCart, OrderedCart, Owner
from checkout.cart.refusals import CartNotFoundError
from zugabe_events.domain.errors import ForbiddenError, UnauthenticatedError
from zugabe_events.http.principal import ANONYMOUS
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.throttling import Throttle, network_of

WINDOW = timedelta(minutes=15)
MAX_OPENED = 100
MAX_WRONG_KEYS = 100
"""By network within `WINDOW`: a whole company may share one address."""

MAX_OPENED_BY_USER = 50
"""Within `WINDOW`; a repeat opens none."""


class Holders:
    """`throttle` counts the carts that anybody opens, and keys that fit none."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle

    async def check(self, state: CartState, request: RequestContext, key: str | None) -> None:
        """Raises CartNotFoundError, UnauthenticatedError and ForbiddenError."""
        is_anonymous, owner = request.principal.role == ANONYMOUS, owner_of(state)
        if is_anonymous and key is None:
            raise UnauthenticatedError("Die Anfrage trägt weder ein Token noch Zugabe-Cart-Key.")
        if owner is not None and not owner.is_anonymous and not is_anonymous:
            check_owner(owner, request)
        elif key is None:
            raise CartNotFoundError
        else:
            await self.check_key(state, request, key)

    async def check_key(self, state: CartState, request: RequestContext, key: str) -> None:
        """Raises CartNotFoundError for a wrong key, as for a cart that is not there."""
        what, limits = (
            f"{request.context.tenant}/{key}",
            {f"keys/{place_of(request)}": MAX_WRONG_KEYS},
        )
        async with self._throttle.attempt(what, limits, request.context.at) as attempt:
            if not is_key(key, state):
                await attempt.count()
                raise CartNotFoundError

    async def count_opening(self, cart_id: str, request: RequestContext, user: str = "") -> None:
        """Count by place, or by the user who opens a cart; what is kept stays (S12).

        Raises ThrottledError.
        """
        limits = {f"carts/{place_of(request)}": MAX_OPENED}
        if user:
            limits = {f"carts-of/{request.context.tenant}/{user}": MAX_OPENED_BY_USER}
        async with self._throttle.attempt(cart_id, limits, request.context.at) as attempt:
            await attempt.count()


def place_of(request: RequestContext) -> str:
    """Those whose address is not known share one limit for each dealer."""
    return network_of(request.client) if request.client else f"unknown/{request.context.tenant}"


def key_hash_of(key: str) -> str:
    """Keys are random, so their hashes need no salt."""
    return sha256(key.encode()).hexdigest()


def is_key(key: str, state: CartState) -> bool:
    owner = owner_of(state)
    return owner is not None and hmac.compare_digest(key_hash_of(key), owner.key_hash)


def check_owner(owner: Owner, request: RequestContext) -> None:
    """Raise CartNotFoundError for somebody who buys and is not the owner (S20).

    Raises ForbiddenError for the owner as a user of another customer.
    """
    if is_anothers(request, owner.user):
        raise CartNotFoundError
    principal = request.principal
    if principal.role in BUYING_FOR_THEMSELVES and principal.customer != owner.customer:
        raise ForbiddenError("Das gehört zu einem anderen Kunden.")


def owner_of(state: CartState) -> Owner | None:
    match state:
        case Cart(owner=owner) | JoinedCart(cart=Cart(owner=owner)):
            return owner
        case OrderedCart(cart=Cart(owner=owner)):
            return owner
        case NoCart() | OrderedCart():
            return None
