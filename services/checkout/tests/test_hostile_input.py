"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from collections.abc import Mapping

import httpx
import pytest
from checkout_fakes import HOLD_SECONDS, NOON, FakeBonus, FakeVouchers

from checkout.access import RIGHTS
from checkout.app import create_app
from checkout.buyer.view import BUYERS
from checkout.order.view import ORDERS
from zugabe_events.http import Access, routes_without_right
from zugabe_events.http.callers import ROLES
from zugabe_events.http.examples import (
    BOUND,
    CUSTOMER,
    USER,
    Example,
    as_,
    ask,
    forgotten,
    verify,
)
from zugabe_events.http.hostile import NO_CALLERS, attacks
from zugabe_events.http.testing import told
from zugabe_events.memory import InMemoryEventStore
from zugabe_events.memory_views import InMemoryViews
from zugabe_events.people.memory import in_memory_people

PRESET = ("missing",)
OPTIONAL = ("missing", "null")
CART = {
    "user": USER,
    "customer": CUSTOMER,
    "lines": [
        {
            "article": "0017",
            "product_group": "Papier",
            "brand": "Soennecken",
            "quantity": 3,
            "unit_cents": 1_000,
        }
    ],
    "voucher_code": "TEN",
    "reward_id": "fiver",
    "placed_at": "2026-02-01T12:00:00Z",
}
TAKES = {
    "body.lines.0.product_group": ("empty", "blank"),
    "body.lines.0.brand": ("empty", "blank"),
    "body.voucher_code": (*OPTIONAL, "blank"),
    "body.reward_id": OPTIONAL,
    "body.placed_at": OPTIONAL,
}

EXAMPLES: Mapping[str, Example] = {
    "POST /dealers/{dealer}/quotes": Example(
        "service", {**CART, "order_id": "o1"}, takes={**TAKES, "body.order_id": OPTIONAL}
    ),
    "PUT /dealers/{dealer}/orders/{order_id}": Example(
        "service",
        {
            **CART,
            "if_refused": "order-without",
            "orderer": {"name": "Anna Ast", "email": "anna@example.org"},
        },
        path={"order_id": "o1"},
        takes={**TAKES, "body.if_refused": PRESET, "body.orderer": OPTIONAL},
    ),
    "GET /dealers/{dealer}/orders/{order_id}": Example("user", path={"order_id": "o1"}),
    "GET /dealers/{dealer}/orders": Example(
        "user",
        query={
            "user": USER,
            "after": "W3siaW5zdGFudCI6IjIwMjYtMDUtMDRUMTI6MDA6MDBaIn0sIiJd",
            "limit": "10",
        },
    ),
    "GET /dealers/{dealer}/buyers/{user}": Example("user", path={"user": USER}),
    "GET /dealers/{dealer}/buyers": Example("user", query={"after": "W251bGwsIiJd", "limit": "10"}),
    "POST /dealers/{dealer}/orders/{order_id}/cancellation": Example(
        "user", {"reason": "Widerruf"}, path={"order_id": "o1"}
    ),
}

PLAIN = {name: value for name, value in CART.items() if name != "placed_at"}

# Orders of the past are for those who import them (X-30).
AS_BUYER: Mapping[str, Example] = {
    "POST /dealers/{dealer}/quotes": Example("user", PLAIN),
    "PUT /dealers/{dealer}/orders/{order_id}": Example("user", PLAIN, path={"order_id": "o1"}),
}

SEEING = frozenset({"user", "dealer-staff", "service"})

MAY: Mapping[str, frozenset[str]] = {
    "POST /dealers/{dealer}/quotes": frozenset(ROLES),
    "PUT /dealers/{dealer}/orders/{order_id}": frozenset(ROLES),
    "GET /dealers/{dealer}/orders/{order_id}": SEEING,
    "GET /dealers/{dealer}/orders": SEEING,
    "GET /dealers/{dealer}/buyers/{user}": SEEING,
    "GET /dealers/{dealer}/buyers": SEEING,
    "POST /dealers/{dealer}/orders/{order_id}/cancellation": frozenset(
        {"user", "dealer-staff", "central"}
    ),
}

OF_NOBODY = {"GET /dealers/{dealer}/buyers"}
"""Whoever asks sees himself."""

OF_ANNA = {route for route in MAY if "user" in MAY[route]} - OF_NOBODY


class Checkout:
    """The service after a day on which every route was used once."""

    def __init__(self) -> None:
        self.store = InMemoryEventStore("checkout", lambda: NOON)
        self.app = create_app(
            self.store,
            InMemoryViews(ORDERS, [self.store]),
            InMemoryViews(BUYERS, [self.store]),
            Access(verify, RIGHTS, now=lambda: NOON),
            in_memory_people("checkout"),
            FakeVouchers(),
            FakeBonus(),
            hold_seconds=HOLD_SECONDS,
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://checkout"
        )

    async def open(self) -> None:
        for route, example in EXAMPLES.items():
            answer = await ask(self.http, route, example)
            assert answer.is_success, f"{route}: {answer.text}"


@pytest.fixture
async def service() -> Checkout:
    opened = Checkout()
    await opened.open()
    return opened


def test_nothing_that_can_be_sent_is_left_out() -> None:
    app = Checkout().app
    assert forgotten(app, EXAMPLES) == []
    assert set(MAY) == set(EXAMPLES)
    assert routes_without_right(app) == []


@pytest.mark.parametrize("route", EXAMPLES)
async def test_what_is_malformed_is_a_problem_and_changes_nothing(
    service: Checkout, route: str
) -> None:
    """X-7, X-10"""
    example, before = EXAMPLES[route], len(service.store.commits)
    for attack in attacks(route, example):
        answer = await service.http.request(
            route.partition(" ")[0],
            attack.url,
            content=attack.content,
            headers={**attack.headers, **as_(example.caller)},
        )
        told(answer, 403, 404, 405, 413, 422, to=attack.name)
        assert len(service.store.commits) == before, attack.name


@pytest.mark.parametrize("route", EXAMPLES)
async def test_nobody_gets_in_without_a_valid_token(service: Checkout, route: str) -> None:
    """X-16"""
    before = len(service.store.commits)
    for name, headers in NO_CALLERS.items():
        answer = await ask(service.http, route, EXAMPLES[route], headers)
        told(answer, 401, to=name)
        assert answer.headers["www-authenticate"] == "Bearer"
    assert len(service.store.commits) == before


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("route", EXAMPLES)
async def test_each_role_may_do_what_the_table_says(
    service: Checkout, route: str, role: str
) -> None:
    """X-16, X-28"""
    before = len(service.store.commits)
    answer = await ask(service.http, route, AS_BUYER.get(route, EXAMPLES[route]), as_(role))
    if role in MAY[route]:
        assert answer.status_code not in (401, 403), answer.text
    else:
        assert told(answer, 403) == "forbidden"
        assert len(service.store.commits) == before


@pytest.mark.parametrize("route", EXAMPLES)
async def test_nobody_reaches_another_dealer(service: Checkout, route: str) -> None:
    """X-16"""
    before = len(service.store.commits)
    for role in BOUND:
        answer = await ask(service.http, route, EXAMPLES[route], as_(f"{role}-elsewhere"))
        told(answer, 403, to=role)
        answer = await ask(service.http, route, EXAMPLES[route], as_(role), dealer="other")
        told(answer, 403, to=role)
    assert len(service.store.commits) == before


@pytest.mark.parametrize("route", sorted(OF_ANNA))
@pytest.mark.parametrize("role", ["user", "points-manager"])
async def test_no_user_reaches_another(service: Checkout, route: str, role: str) -> None:
    """X-16"""
    before = len(service.store.commits)
    example = AS_BUYER.get(route, EXAMPLES[route])
    answer = await ask(service.http, route, example, as_(f"{role}-bert"))
    told(answer, 403)
    assert len(service.store.commits) == before
