"""Requests of people are limited by person and hour, and by dealer (S12)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from checkout_tests.fakes import CALLERS, LINES, Shop, context

from checkout import quotas
from checkout.quotas import Quota
from zugabe_events.domain.errors import ThrottledError
from zugabe_events.http.request_context import RequestContext
from zugabe_events.observability.metrics import REGISTRY
from zugabe_testing.callers import problem_code

PEN = {"article": "pen", "quantity": 1}

REASON = {"reason": "ordered-twice"}
PAST = {"placed_at": "2026-02-01T10:00:00Z"}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests of each kind for a person, and three for a dealer."""
    for asked, quota in quotas.QUOTAS.items():
        few = Quota(quota.name, 2, 3, sampled=1)
        monkeypatch.setitem(quotas.QUOTAS, asked, few)


REQUESTS: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "Preisanfragen": ("POST", "/quotes", {"lines": [PEN]}),
    "Bestellungen": ("PUT", "/orders/o1", {"lines": [PEN]}),
    "Änderungen an Warenkörben": ("PATCH", "/carts/o1", {"version": 1, "lines": [PEN]}),
    "Stornierungen und Retouren": ("POST", "/orders/o1/cancellation", REASON),
    "Entscheidungen über Freigaben": ("POST", "/orders/o1/withdrawal", {}),
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("named", REQUESTS)
async def test_a_person_asks_so_often_an_hour(shop: Shop, named: str) -> None:
    """S12: refused ones count, too; an hour later there is a new quota."""
    method, path, body = REQUESTS[named]

    async def ask(caller: str) -> httpx.Response:
        return await shop.ask(method, path, body, caller)

    assert [(await ask("otto")).status_code == 429 for _ in range(3)] == [False, False, True]
    refused = await ask("otto")
    assert problem_code(refused, 429) == "too-many-attempts"
    assert refused.json()["detail"] == (
        f"Von Ihnen sind in einer Stunde höchstens 2 {named} möglich. "
        "Bitte versuchen Sie es in 60 Minuten noch einmal."
    )
    assert int(refused.headers["Retry-After"]) == 3_601
    assert (await ask("ordinary-staff")).status_code != 429, "somebody else has their own"
    shop.now += timedelta(hours=1)
    assert (await ask("otto")).status_code != 429


@pytest.mark.usefixtures("small")
async def test_whoever_asks_too_often_has_not_guessed_codes(shop: Shop) -> None:
    """S12: another alert is about guesses."""

    def refused() -> float | None:
        return REGISTRY.get_sample_value("zugabe_guesses_refused_total")

    before = refused()
    statuses = [
        (await shop.ask("POST", "/quotes", {"lines": [PEN]}, "otto")).status_code for _ in range(3)
    ]
    assert statuses[-1] == 429
    assert refused() == before


@pytest.mark.usefixtures("small")
async def test_all_people_of_a_dealer_share_a_budget(shop: Shop) -> None:
    """S12: many stolen accounts do not keep other dealers from being served."""
    for caller in ("otto", "boss", "deputy"):
        assert (await shop.ask("POST", "/quotes", {"lines": [PEN]}, caller)).status_code != 429
    refused = await shop.ask("POST", "/quotes", {"lines": [PEN]}, "other-boss")
    assert problem_code(refused, 429) == "too-many-attempts"
    assert refused.json()["detail"].startswith("Bei diesem Händler sind in einer Stunde höchstens")


@pytest.mark.usefixtures("small")
async def test_the_dealers_own_system_and_imports_are_not_hindered(shop: Shop) -> None:
    """S12, X-30: they speak for all users of a dealer."""
    for number in range(5):
        assert (await shop.place(f"o{number}", "anna")).status_code == 201, "sets prices"
        past = {"order_id": f"p{number}", "user": "u", "customer": "c", "lines": LINES, **PAST}
        imported = await shop.ask("POST", "/order-imports", {"orders": [past]}, "importer")
        assert imported.status_code == 200, imported.text
        assert (
            await shop.ask("POST", "/quotes", {"lines": [PEN]}, "ordinary-service")
        ).status_code != 429


async def test_what_costs_little_is_counted_by_chance_and_about_right(shop: Shop) -> None:
    """S12: a limit of thousands costs a write now and then."""
    quota = quotas.QUOTAS["quotes"]

    async def passes(number: int) -> bool:
        request = RequestContext(CALLERS["otto"], context(), None, "", UUID(int=number))
        try:
            await shop.quotas.count("quotes", request)
        except ThrottledError:
            return False
        return True

    passed = [await passes(number) for number in range(2 * quota.each)]
    assert 0.7 * quota.each < passed.index(False) < 1.4 * quota.each
    assert not any(passed[passed.index(False) :])
