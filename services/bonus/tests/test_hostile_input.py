"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from collections.abc import Mapping

import httpx
import pytest
from bonus_samples import APRIL_1, MARCH_1, line, placed, programme
from msgspec.structs import replace

from bonus.access import RIGHTS
from bonus.account.decider import account_of
from bonus.account.order import BookOrder
from bonus.account.view import accounts
from bonus.app import create_app
from bonus.programme.view import programmes
from zugabe_events.envelope import Context, derived_id
from zugabe_events.handling import handle
from zugabe_events.http import Access, routes_without_right
from zugabe_events.http.callers import ROLES
from zugabe_events.http.examples import (
    BOUND,
    CUSTOMER,
    DEALER,
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

PRESET = ("missing",)
OPTIONAL = ("missing", "null")
TODAY = APRIL_1.isoformat()

EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/programme": Example(
        "dealer-staff",
        {
            "points_per_euro": 2,
            "point_value_cents": 1,
            "count_after_discounts": True,
            "pending_days": 14,
            "excluded_groups": ["Kleben & Versenden"],
            "starts_on": "2026-01-01",
        },
        takes={
            "body.points_per_euro": PRESET,
            "body.point_value_cents": PRESET,
            "body.count_after_discounts": PRESET,
            "body.excluded_groups": PRESET,
        },
    ),
    "PUT /dealers/{dealer}/programme/rewards/{reward_id}": Example(
        "dealer-staff",
        {"title": "5 € Rabatt", "points": 50, "discount_cents": 500},
        path={"reward_id": "five"},
    ),
    "PUT /dealers/{dealer}/programme/promotions/{promotion_id}": Example(
        "dealer-staff",
        {
            "title": "Doppelte Punkte",
            "factor": 2,
            "brands": ["Soennecken"],
            "product_groups": ["Papier"],
            "valid_from": "2026-02-01",
            "valid_until": "2026-02-28",
        },
        path={"promotion_id": "double"},
        takes={
            "body.brands": PRESET,
            "body.product_groups": PRESET,
            "body.valid_from": OPTIONAL,
            "body.valid_until": OPTIONAL,
        },
    ),
    "POST /dealers/{dealer}/programme/activation": Example("dealer-staff"),
    "GET /dealers/{dealer}/programme": Example("user"),
    "PUT /dealers/{dealer}/holds/{order_id}/{attempt}": Example(
        "service",
        {
            "reward_id": "five",
            "customer": CUSTOMER,
            "user": USER,
            "placed_at": TODAY,
            "deadline": "2026-04-01T12:00:00Z",
            "lines": [{"number": 1, "net_cents": 9_000}],
        },
        path={"order_id": "o1", "attempt": "1"},
    ),
    "POST /dealers/{dealer}/reward-checks": Example(
        "user",
        {
            "reward_id": "five",
            "customer": CUSTOMER,
            "user": USER,
            "placed_at": TODAY,
            "order_id": "o1",
            "lines": [
                {
                    "number": 1,
                    "product_group": "Papier",
                    "brand": "Soennecken",
                    "net_cents": 9_000,
                    "voucher_cents": 100,
                }
            ],
        },
        takes={
            "body.reward_id": OPTIONAL,
            "body.placed_at": OPTIONAL,
            "body.order_id": OPTIONAL,
            "body.lines": PRESET,
            "body.lines.0.product_group": ("empty", "blank"),
            "body.lines.0.brand": ("empty", "blank"),
            "body.lines.0.voucher_cents": PRESET,
        },
    ),
    "GET /dealers/{dealer}/accounts/{user}": Example(
        "user", path={"user": USER}, query={"at": "2026-03-01T12:00:00Z"}
    ),
    "GET /dealers/{dealer}/accounts": Example(
        "dealer-staff", query={"customer": CUSTOMER, "after": "W251bGwsIiJd", "limit": "10"}
    ),
}

STAFF = frozenset({"dealer-staff"})
BUYERS = frozenset({"user", "points-manager", "dealer-staff", "service"})

MAY: Mapping[str, frozenset[str]] = {
    "PUT /dealers/{dealer}/programme": STAFF,
    "PUT /dealers/{dealer}/programme/rewards/{reward_id}": STAFF,
    "PUT /dealers/{dealer}/programme/promotions/{promotion_id}": STAFF,
    "POST /dealers/{dealer}/programme/activation": STAFF,
    "GET /dealers/{dealer}/programme": frozenset(ROLES),
    "PUT /dealers/{dealer}/holds/{order_id}/{attempt}": frozenset({"service"}),
    "POST /dealers/{dealer}/reward-checks": BUYERS,
    "GET /dealers/{dealer}/accounts/{user}": frozenset(ROLES),
    "GET /dealers/{dealer}/accounts": frozenset({"dealer-staff", "central"}),
}

OF_ANNA = {
    "POST /dealers/{dealer}/reward-checks",
    "GET /dealers/{dealer}/accounts/{user}",
}
OF_NOBODY = {"GET /dealers/{dealer}/programme"}


class Bonus:
    """The service after a day on which every route was used once."""

    def __init__(self) -> None:
        self.store = InMemoryEventStore("bonus", lambda: APRIL_1)
        self.app = create_app(
            self.store,
            InMemoryViews(accounts, [self.store]),
            InMemoryViews(programmes, [self.store]),
            Access(verify, RIGHTS, lambda: APRIL_1),
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://bonus"
        )

    async def open(self) -> None:
        order = replace(placed("o0", line(50_000)), dealer=DEALER, user=USER)
        await handle(
            self.store,
            account_of(DEALER, USER),
            BookOrder(order, programme(), MARCH_1),
            Context("policy", "policy", DEALER, MARCH_1, "correlation"),
            attempt=derived_id("o0"),
        )
        for route, example in EXAMPLES.items():
            answer = await ask(self.http, route, example)
            assert answer.is_success, f"{route}: {answer.text}"


@pytest.fixture
async def service() -> Bonus:
    opened = Bonus()
    await opened.open()
    return opened


def test_nothing_that_can_be_sent_is_left_out() -> None:
    app = Bonus().app
    assert forgotten(app, EXAMPLES) == []
    assert set(MAY) == set(EXAMPLES)
    assert {route for route in MAY if "user" in MAY[route]} == OF_ANNA | OF_NOBODY
    assert routes_without_right(app) == []


@pytest.mark.parametrize("route", EXAMPLES)
async def test_what_is_malformed_is_a_problem_and_changes_nothing(
    service: Bonus, route: str
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
async def test_nobody_gets_in_without_a_valid_token(service: Bonus, route: str) -> None:
    """X-16"""
    before = len(service.store.commits)
    for name, headers in NO_CALLERS.items():
        answer = await ask(service.http, route, EXAMPLES[route], headers)
        told(answer, 401, to=name)
        assert answer.headers["www-authenticate"] == "Bearer"
    assert len(service.store.commits) == before


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("route", EXAMPLES)
async def test_each_role_may_do_what_the_table_says(service: Bonus, route: str, role: str) -> None:
    """X-16, X-28"""
    before = len(service.store.commits)
    answer = await ask(service.http, route, EXAMPLES[route], as_(role))
    if role in MAY[route]:
        assert answer.status_code not in (401, 403), answer.text
    else:
        assert told(answer, 403) == "forbidden"
        assert len(service.store.commits) == before


@pytest.mark.parametrize("route", EXAMPLES)
async def test_nobody_reaches_another_dealer(service: Bonus, route: str) -> None:
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
async def test_no_user_reaches_another(service: Bonus, route: str, role: str) -> None:
    """X-16"""
    before = len(service.store.commits)
    answer = await ask(service.http, route, EXAMPLES[route], as_(f"{role}-bert"))
    told(answer, 403)
    assert len(service.store.commits) == before
