"""A campaign gives no more than its budget, and what comes back of it can be given again."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from vouchers.budget.decider import BUDGET_DECIDER, ReserveBudget, ReturnBudget, budget_history
from vouchers.limit.decider import LimitReachedError
from zugabe_events.contracts.vouchers import BudgetReserved, BudgetReturned, VoucherReleased
from zugabe_events.domain.event_store import state_of
from zugabe_testing.callers import problem_code
from zugabe_testing.deciders import given


async def reasons(shop: Any, *codes: str, **changes: Any) -> dict[str, Any]:
    body = {
        "codes": codes or ("A12345",),
        "customer": "So.COMMERCE",
        "user": "bert",
        "lines": [{"number": 1, "net_cents": 10_000}],
        **changes,
    }
    answer = await shop.ask("checkout", "POST", "/voucher-checks", body)
    assert answer.status_code == 200, answer.text
    checked: dict[str, Any] = answer.json()
    return checked


async def spent(shop: Any) -> int:
    budget = await state_of(shop.store, budget_history("acme", "spring"))
    return int(budget.spent_cents)


async def test_a_discount_that_does_not_fit_into_the_budget_is_refused(shop: Any) -> None:
    """X-29: the same for a hold and a check; a smaller one may still fit."""
    await shop.run(budget_cents=2_500)
    for order_id in ("o1", "o2"):
        held = await shop.hold(order_id)
        assert held.status_code == 200, held.text
        assert "budget/acme/spring" in held.json()["vouchers"][0]["streams"]
    refused = await shop.hold("o3", user="bert")
    assert problem_code(refused, 409) == "budget-used-up"
    assert refused.json()["detail"] == (
        "Das Budget dieser Aktion reicht für Ihren Rabatt nicht mehr aus."
    )
    checked = await reasons(shop)
    assert [reason["code"] for reason in checked["reasons"]] == ["budget-used-up"]
    small = await shop.hold("o3", 2, user="bert", lines=[{"number": 1, "net_cents": 5_000}])
    assert small.status_code == 200, small.text
    assert await spent(shop) == 2_500


async def test_what_is_released_or_given_back_can_be_spent_again(shop: Any) -> None:
    """X-1, X-2, X-29"""
    await shop.run(budget_cents=2_000)
    await shop.place("o1", await shop.hold("o1"))
    await shop.hold("o2")
    await shop.take_off("o2")
    await shop.cancel("o1", "o1/1")
    assert await spent(shop) == 2_000
    await shop.deliver_own()
    assert await spent(shop) == 0
    for order_id in ("o3", "o4"):
        assert (await shop.hold(order_id)).status_code == 200


async def test_an_order_whose_cart_changes_does_not_meet_its_own_hold(shop: Any) -> None:
    """X-1, X-29: nor is the older discount returned twice."""
    await shop.run(budget_cents=1_200)
    await shop.hold("o1")
    more = [{"number": 1, "net_cents": 12_000}]
    checked = await reasons(shop, user="anna", order_id="o1", lines=more)
    assert checked["usable"]
    assert (await shop.hold("o1", 2, lines=more)).status_code == 200
    await shop.deliver_own()
    assert await spent(shop) == 1_200
    assert [event.from_budget for event in shop.said(VoucherReleased)] == [False]


async def test_an_older_discount_comes_back_when_the_code_is_no_longer_used(shop: Any) -> None:
    """X-29"""
    await shop.run(budget_cents=1_200)
    await shop.run("summer", code="B12345")
    await shop.hold("o1")
    assert (await shop.hold("o1", 2, codes=["B12345"])).status_code == 200
    await shop.deliver_own()
    assert await spent(shop) == 0


async def test_without_a_code_over_budget_the_others_are_decided_again(shop: Any) -> None:
    """X-6, X-8, X-29: what is checked is what would be held without it."""
    await shop.run(budget_cents=500, combines=True)
    await shop.run("summer", code="B12345", combines=True, value=2_000)
    checked = await reasons(shop, "A12345", "B12345")
    assert [(reason["voucher_code"], reason["code"]) for reason in checked["reasons"]] == [
        ("A12345", "budget-used-up")
    ]
    [offer] = checked["vouchers"]
    assert (offer["code"], offer["base_cents"], offer["discount_cents"]) == (
        "B12345",
        10_000,
        2_000,
    )


async def test_buyers_at_the_same_moment_do_not_exceed_the_budget(shop: Any) -> None:
    """X-29, N-2"""
    await shop.run(budget_cents=5_999, max_uses=100, max_per_customer=50, max_per_user=5)
    answers = await asyncio.gather(
        *(shop.hold(f"o{number}", user=f"u{number}") for number in range(16))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 5, 409: 11}
    assert await spent(shop) == 5_000


def reserved(hold_id: str, cents: int) -> BudgetReserved:
    return BudgetReserved("spring", "acme", hold_id, cents)


def returned(hold_id: str, cents: int) -> BudgetReturned:
    return BudgetReturned("spring", "acme", hold_id, cents)


@pytest.mark.parametrize(("cents", "fits"), [(999, True), (1_000, True), (1_001, False)])
def test_a_budget_is_spent_to_the_last_cent(cents: int, *, fits: bool) -> None:
    """X-29"""
    before = given(BUDGET_DECIDER, reserved("o1/1", 2_000), reserved("o2/1", 500))
    command = ReserveBudget(reserved("o1/2", cents), (returned("o1/1", 2_000),), 1_500)
    outcome = before.when(command)
    if fits:
        outcome.then(returned("o1/1", 2_000), reserved("o1/2", cents))
    else:
        refusal = outcome.refused(LimitReachedError, "budget-used-up")
        assert refusal.facts == {"discount_cents": cents}
    before.when(ReturnBudget(returned("o2/1", 500))).then(returned("o2/1", 500))


async def test_a_budget_that_was_cut_takes_nothing_from_open_checkouts(
    shop: Any, new: Callable[..., dict[str, Any]]
) -> None:
    """X-17, X-29"""
    await shop.run(budget_cents=2_000)
    held = await shop.hold("o1")
    body = {"version": 1, **new(budget_cents=500)}
    changed = await shop.ask("staff", "PUT", "/campaigns/spring/terms", body)
    assert changed.status_code == 200, changed.text
    assert problem_code(await shop.hold("o2", user="bert"), 409) == "budget-used-up"
    await shop.place("o1", held)
    assert await spent(shop) == 1_000
