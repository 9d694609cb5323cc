"""A request for each route of carts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from checkout.cart.content import Changes
from checkout.cart.decider import OpenCart, Owner, cart_history
from checkout.cart.holders import key_hash_of
from checkout_tests.fakes import Shop
from zugabe_events.domain.cursor import encode_cursor
from zugabe_events.domain.event import Context
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.examples import CUSTOMER, DEALER, USER, Example

CARTS = "/dealers/{dealer}/carts"
ONE = {"cart_id": "c1"}
KEY = "k" * 43

ANONYMOUS_CARTS = frozenset(
    {f"POST {CARTS}", f"PATCH {CARTS}/{{cart_id}}", f"GET {CARTS}/{{cart_id}}"}
)
"""Whoever has no token brings the key to the cart, except to open one."""

ANONYMOUS_CONTENT = {
    "lines": [{"article": "0017", "quantity": 3}],
    "codes": ["TEN"],
    "gifts": [{"gift": "mug", "pieces": 1}],
    "removed_gifts": ["cap"],
    "delivery": {"country": "DE", "address": "a1"},
}
CONTENT = {**ANONYMOUS_CONTENT, "reward_id": "fiver", "note": "Bitte klingeln"}
WHOSE = {"user": USER, "customer": CUSTOMER}

OPTIONAL = ("missing", "null")
TAKES: Mapping[str, tuple[str, ...]] = {
    "body.lines": ("missing",),
    "body.codes": OPTIONAL,
    "body.codes.0": ("empty", "blank"),
    "body.gifts": OPTIONAL,
    "body.removed_gifts": OPTIONAL,
    "body.delivery": OPTIONAL,
    "body.delivery.country": ("missing",),
    "body.delivery.address": ("missing", "empty"),
}
TAKES_ALL: Mapping[str, tuple[str, ...]] = {
    **TAKES,
    "body.reward_id": (*OPTIONAL, "empty"),
    "body.note": (*OPTIONAL, "empty", "blank"),
}
FOR_SELF: Mapping[str, tuple[str, ...]] = {"body.user": OPTIONAL, "body.customer": OPTIONAL}

LATEST_CART = encode_cursor(datetime(2126, 1, 1, tzinfo=UTC), "", "-changed_at")

CART_EXAMPLES: Mapping[str, Example] = {
    f"POST {CARTS}": Example("service", ANONYMOUS_CONTENT, takes=TAKES),
    f"PUT {CARTS}/{{cart_id}}": Example(
        "user", {**CONTENT, **WHOSE}, path=ONE, takes={**TAKES_ALL, **FOR_SELF}
    ),
    f"PATCH {CARTS}/{{cart_id}}": Example(
        "user",
        {"version": 1, **CONTENT, "quote": None},
        path=ONE,
        takes={**TAKES_ALL, "body.quote": OPTIONAL},
    ),
    f"GET {CARTS}/{{cart_id}}": Example("user", path=ONE),
    "GET /dealers/{dealer}/users/{user}/carts": Example(
        "user",
        path={"user": USER},
        query={"sort": "-changed_at", "limit": "10", "after": LATEST_CART},
    ),
    f"POST {CARTS}/{{cart_id}}/joining": Example(
        "user", {"from": "a1", "key": KEY, **WHOSE}, path=ONE, takes=FOR_SELF
    ),
}


NEW_CART: Mapping[str, Example] = {
    f"PUT {CARTS}/{{cart_id}}": Example("user", {**CONTENT, **WHOSE}, path={"cart_id": "c2"})
}
"""One that is not opened before: staff open one for a user whoever of them did before."""


async def open_anonymous_cart(shop: Shop) -> None:
    """The one whose key the examples know."""
    owner = Owner("a1", DEALER, "", "", key_hash_of(KEY))
    context = Context("-", "anonymous", DEALER, shop.now, "c")
    command = OpenCart(owner, Changes(), shop.now)
    await handle(shop.store, cart_history(DEALER, "a1"), command, context, attempt=uuid4())
