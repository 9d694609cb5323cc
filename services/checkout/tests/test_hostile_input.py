"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx
from checkout_tests.approval_examples import APPROVAL_EXAMPLES, SUBMITTED
from checkout_tests.cart_examples import (
    ANONYMOUS_CARTS,
    CART_EXAMPLES,
    NEW_CART,
    open_anonymous_cart,
)
from checkout_tests.fakes import Shop, reward_for, vouchers_for
from checkout_tests.terms_examples import TERMS_EXAMPLES
from fastapi import FastAPI

from checkout.pricing.discounts import Discounts, with_vouchers
from checkout.pricing.goods import CartLine, at_own_prices
from checkout.pricing.price import Wishes, priced
from checkout.pricing.promise import promise_of, token_of
from checkout.pricing.vat_rates import GERMANY
from zugabe_events.domain.cursor import encode_cursor
from zugabe_testing.api_contract import ApiContract
from zugabe_testing.examples import (
    CUSTOMER,
    DEALER,
    USER,
    Example,
    ask,
    verify,
    with_exports,
)

PRESET = ("missing",)
OPTIONAL = ("missing", "null")
LATEST = encode_cursor(datetime(2026, 5, 4, tzinfo=UTC), "", "-placed_at")
FIRST = encode_cursor("", "", "user")
CART: Mapping[str, Any] = {
    "user": USER,
    "customer": CUSTOMER,
    "lines": [
        {
            "article": "0017",
            "product_group": "Papier",
            "brand": "Soennecken",
            "quantity": 3,
            "unit_cents": 1_000,
            "tax": "reduced",
        }
    ],
    "voucher_code": "TEN",
    "more_codes": ["ELEVEN"],
    "reward_id": "fiver",
    "placed_at": "2026-02-01T12:00:00Z",
}
TAKES = {
    "body.lines.0.product_group": ("empty", "blank"),
    "body.lines.0.brand": ("empty", "blank"),
    "body.voucher_code": (*OPTIONAL, "empty", "blank"),
    "body.lines.0.tax": OPTIONAL,
    "body.more_codes": PRESET,
    "body.more_codes.0": ("empty", "blank"),
    "body.reward_id": OPTIONAL,
    "body.placed_at": OPTIONAL,
}

WISHES = {
    "gifts": [{"gift": "cup", "pieces": 1}],
    "removed_gifts": ["pen"],
    "delivery": {"country": "DE", "address": "a1"},
}
TAKES_WISHES = {
    "body.gifts": PRESET,
    "body.removed_gifts": PRESET,
    "body.delivery": PRESET,
    "body.delivery.country": PRESET,
    "body.delivery.address": (*PRESET, "empty"),
}

ORDERER = {
    "name": "Anna Ast",
    "email": "anna@example.org",
    "title": "Frau",
    "family_name": "Ast",
}
TAKES_ORDERER = {
    "body.orderer": OPTIONAL,
    "body.orderer.title": OPTIONAL,
    "body.orderer.family_name": OPTIONAL,
}


def quoted() -> str:
    """The quote of CART."""
    [line] = CART["lines"]
    names = ("article", "product_group", "brand", "quantity", "unit_cents")
    goods = at_own_prices([CartLine(*(line[name] for name in names))])
    vouchers = vouchers_for(goods.lines, ("TEN", "ELEVEN"))
    discounts = Discounts(vouchers, reward_for(with_vouchers(goods.lines, vouchers)))
    wishes = Wishes(delivery=None, taxes={1: "reduced"})
    at = datetime.fromisoformat(CART["placed_at"])
    return token_of(promise_of(priced(goods, discounts, wishes, at, GERMANY)))


EXAMPLES: Mapping[str, Example] = {
    **CART_EXAMPLES,
    "POST /dealers/{dealer}/quotes": Example(
        "service+set-prices",
        {**CART, **WISHES, "order_id": "o1"},
        takes={**TAKES, **TAKES_WISHES, "body.order_id": OPTIONAL},
    ),
    "PUT /dealers/{dealer}/orders/{order_id}": Example(
        "service+set-prices",
        {
            **CART,
            **WISHES,
            "gifts": [{"gift": "cup", "pieces": 0}],
            "if_refused": "order-without",
            "orderer": ORDERER,
            "note": "Bitte an der Rampe abgeben.",
            "quote": quoted(),
            "cart_version": None,
        },
        path={"order_id": "o1"},
        takes={
            **TAKES,
            **TAKES_WISHES,
            "body.if_refused": PRESET,
            **TAKES_ORDERER,
            "body.note": OPTIONAL,
            "body.quote": (*OPTIONAL, "empty"),
            "body.cart_version": OPTIONAL,
        },
    ),
    "POST /dealers/{dealer}/order-imports": Example(
        "service",
        {
            "orders": [
                {
                    **CART,
                    "order_id": "o2",
                    "if_refused": "order-without",
                    "orderer": ORDERER,
                }
            ]
        },
        takes={
            f"body.orders.0.{place.removeprefix('body.')}": kinds
            for place, kinds in {
                **TAKES,
                "body.if_refused": PRESET,
                **TAKES_ORDERER,
            }.items()
            if place != "body.placed_at"
        },
    ),
    "GET /dealers/{dealer}/orders/{order_id}": Example("user", path={"order_id": "o1"}),
    **with_exports(
        "GET /dealers/{dealer}/orders",
        Example(
            "user",
            query={
                "user": USER,
                "customer": CUSTOMER,
                "status": "placed",
                "order_number": "1000001",
                "placed_from": "2026-01-01",
                "placed_until": "2026-12-31",
                "sort": "-placed_at",
                "after": LATEST,
                "limit": "10",
                "sums": "true",
            },
        ),
    ),
    "GET /dealers/{dealer}/buyers/{user}": Example("user", path={"user": USER}),
    **with_exports(
        "GET /dealers/{dealer}/buyers",
        Example("user", query={"sort": "user", "after": FIRST, "limit": "10", "sums": "true"}),
    ),
    "POST /dealers/{dealer}/orders/{order_id}/confirmation": Example(
        "service", path={"order_id": "o1"}
    ),
    "PUT /dealers/{dealer}/orders/{order_id}/shipments/{shipment_id}": Example(
        "service",
        {"lines": [{"number": 1, "quantity": 3}]},
        path={"order_id": "o1", "shipment_id": "s1"},
        takes={"body.lines": OPTIONAL},
    ),
    "POST /dealers/{dealer}/orders/{order_id}/delivery": Example(
        "service", path={"order_id": "o1"}
    ),
    "PUT /dealers/{dealer}/orders/{order_id}/returns/{return_id}": Example(
        "user",
        {
            "lines": [{"number": 1, "quantity": 1}],
            "reason": "damaged",
            "note": "Gerissen",
            "unshipped": False,
        },
        path={"order_id": "o1", "return_id": "r1"},
        takes={"body.note": (*PRESET, "empty", "blank"), "body.unshipped": PRESET},
    ),
    **APPROVAL_EXAMPLES,
    "POST /dealers/{dealer}/orders/{order_id}/cancellation": Example(
        "user",
        {"reason": "ordered-twice", "note": "Irrtum"},
        path={"order_id": "o2"},
        takes={"body.note": (*PRESET, "empty", "blank")},
    ),
    **TERMS_EXAMPLES,
}

PLAIN = {
    **{name: value for name, value in CART.items() if name != "placed_at"},
    "lines": [{"article": "0017", "quantity": 3}],
}

# Orders of the past are for those who import them, prices for those who may set them (Q34).
AS_BUYER: Mapping[str, Example] = {
    **NEW_CART,
    "POST /dealers/{dealer}/quotes": Example("user", PLAIN),
    "PUT /dealers/{dealer}/orders/{order_id}": Example("user", PLAIN, path={"order_id": "o1"}),
}


class Checkout(Shop):
    """The service after a day on which every route was used once."""

    def __init__(self) -> None:
        super().__init__(verify)
        self.told.sold("0017", "10.00", "Ordner")
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://checkout"
        )

    async def open(self) -> None:
        self.told.approval("always", customer=CUSTOMER, dealer=DEALER)
        for order_id in SUBMITTED:
            order = Example("user", PLAIN, path={"order_id": order_id})
            answer = await ask(self.http, "PUT /dealers/{dealer}/orders/{order_id}", order)
            assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
        await open_anonymous_cart(self)
        for route, example in EXAMPLES.items():
            answer = await ask(self.http, route, example)
            assert answer.is_success, f"{route}: {answer.text}"


class TestCheckout(ApiContract):
    examples = EXAMPLES
    anonymous = ANONYMOUS_CARTS
    for_permissions = AS_BUYER

    def app(self) -> FastAPI:
        return Checkout().app

    async def opened(self) -> Checkout:
        service = Checkout()
        await service.open()
        return service
