"""Terms over HTTP: who sets and sees them, and from when on orders count by them."""

from dataclasses import replace
from typing import Any

import pytest
from checkout_tests.fakes import Shop

from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine
from zugabe_events.contracts.checkout import ApproverNamed, ApproverRemoved, SalesTermsSet
from zugabe_events.domain.event import Event
from zugabe_events.encryption.key_store import StoredKey
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_testing.personal_data import InMemoryMaster, InMemoryPersons, no_owner

TERMS: dict[str, Any] = {
    "shipping": [{"country": "DE", "cost_cents": 490, "free_from_cents": 5_000}],
    "points_on": "shipped",
}
CHEF = {"name": "Carla Chef", "email": "carla@example.org"}
SALES = "/sales-terms"
APPROVERS = "/customers/c1/approvers"


def said[E: Event](shop: Shop, kind: type[E]) -> list[E]:
    commits = (commit for commit, _ in shop.store.commits)
    return [event for commit in commits for event in commit.events if isinstance(event, kind)]


async def must(shop: Shop, method: str, path: str, body: object = None, **more: Any) -> Any:
    answer = await shop.ask(method, path, body, **{"caller": "manager", **more})
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def test_a_dealer_sells_on_default_terms_until_they_set_others(shop: Shop) -> None:
    before = await must(shop, "GET", SALES, caller="ordinary-staff")
    assert (before["version"], before["effective_at"], before["versions"]) == (0, None, [])
    assert (before["terms"]["return_days"], before["terms"]["shipping"]) == (14, [])
    for _ in range(2):
        await must(shop, "PUT", SALES, TERMS)
    assert len(said(shop, SalesTermsSet)) == 1
    after = await must(shop, "GET", SALES, caller="service")
    assert (after["version"], after["effective_at"]) == (1, "2026-03-01T11:00:00Z")
    assert after["terms"]["shipping"] == TERMS["shipping"]
    assert after["terms"]["points_on"] == "shipped"


async def test_all_versions_of_terms_can_be_seen_and_those_of_an_instant(shop: Shop) -> None:
    """X-40"""
    await must(shop, "PUT", SALES, TERMS)
    shop.later(3_600)
    await must(shop, "PUT", SALES, {"return_days": None})
    now = await must(shop, "GET", SALES)
    assert [one["version"] for one in now["versions"]] == [1, 2]
    assert (now["version"], now["terms"]["return_days"], now["terms"]["shipping"]) == (2, None, [])
    earlier = await must(shop, "GET", f"{SALES}?at=2026-03-01T11:59:59Z")
    assert (earlier["version"], earlier["terms"]["points_on"]) == (1, "shipped")
    assert (await must(shop, "GET", f"{SALES}?at=2026-01-01T00:00:00Z"))["version"] == 0


async def test_carts_are_sold_on_the_terms_of_their_instant(shop: Shop) -> None:
    """X-40: as soon as these are set."""
    before = Buyer("d1", "c1", "anna", shop.now)
    shop.later(60)
    await must(shop, "PUT", SALES, TERMS)
    await must(shop, "PUT", "/customers/c1/terms", {"approval": "always"})
    line = CartLine("a", "g", "b", 1, 100)
    sales = [
        (await shop.catalogue.goods(buyer, (), [line])).sale
        for buyer in (before, replace(before, placed_at=shop.now))
    ]
    assert [(one.terms_version, one.approval) for one in sales] == [(0, "none"), (1, "always")]


async def test_terms_are_set_with_a_single_right_only(shop: Shop) -> None:
    """X-16"""
    for caller in ("anna", "ordinary-staff", "ordinary-central", "ordinary-service", "stranger"):
        for path, body in (
            (SALES, TERMS),
            ("/customers/c1/terms", {"approval": "always"}),
            (f"{APPROVERS}/chef", CHEF),
        ):
            answer = await shop.ask("PUT", path, body, caller)
            assert answer.status_code == 403, (caller, path)
    for caller in ("anna", "ordinary-central", "stranger"):
        for path in (SALES, "/customers/c1/terms", APPROVERS):
            assert (await shop.ask("GET", path, caller=caller)).status_code == 403, (caller, path)
    assert shop.store.commits == []


async def test_everything_that_is_wrong_with_terms_is_one_answer(shop: Shop) -> None:
    """X-7"""
    wrong = {
        "shipping": [
            {"country": "DE", "cost_cents": -1},
            {"country": "DE", "cost_cents": 10**30},
        ],
        "approval_days": 0,
    }
    answer = await shop.ask("PUT", SALES, wrong, "manager")
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "terms-invalid")
    assert body["detail"] == "5 Angaben stimmen nicht."
    assert [one["field"] for one in body["fields"]] == [
        "shipping.0.country",
        "shipping.0.cost_cents",
        "shipping.1.country",
        "shipping.1.cost_cents",
        "approval_days",
    ]
    assert body["fields"][1]["detail"] == (
        "Der Betrag muss zwischen 0,00 € und 100.000,00 € liegen."
    )
    one = (await shop.ask("PUT", SALES, {"approval_days": 61}, "manager")).json()
    assert one["detail"] == "Die Zahl muss zwischen 1 und 60 liegen."


@pytest.mark.parametrize("path", [SALES, "/customers/c1/terms"])
async def test_terms_are_not_announced_and_not_set_back_without_a_right(
    shop: Shop, path: str
) -> None:
    """X-40"""
    body: dict[str, object] = {"approval": "always"} if path != SALES else {"approval_days": 3}
    future = {**body, "effective_at": "2026-03-02T00:00:00Z"}
    assert (await shop.ask("PUT", path, future, "manager")).json()["code"] == "in-the-future"
    past = {**body, "effective_at": "2026-02-01T00:00:00Z"}
    assert (await shop.ask("PUT", path, past, "manager")).status_code == 403
    await must(shop, "PUT", path, past, caller="historian")
    assert (await must(shop, "GET", path))["effective_at"] == "2026-02-01T00:00:00Z"


async def test_a_customers_orders_need_approval_as_it_is_set(shop: Shop) -> None:
    """X-26"""
    path = "/customers/c1/terms"
    before = await must(shop, "GET", path, caller="ordinary-staff")
    assert (before["version"], before["approval"]) == (0, "none")
    await must(shop, "PUT", path, {"approval": "above", "above_cents": 50_000})
    shop.later(60)
    await must(shop, "PUT", path, {"approval": "always"})
    after = await must(shop, "GET", path, caller="ordinary-staff")
    assert (after["version"], after["approval"], after["above_cents"]) == (2, "always", 0)
    assert [one["above_cents"] for one in after["versions"]] == [50_000, 0]
    assert (await must(shop, "GET", "/customers/c2/terms"))["version"] == 0
    refused = await shop.ask("PUT", path, {"approval": "above"}, "manager")
    assert refused.json()["code"] == "terms-invalid"


async def test_an_approver_is_sealed_in_the_log_and_named_to_staff(shop: Shop) -> None:
    """N-8, X-26"""
    for _ in range(2):
        await must(shop, "PUT", f"{APPROVERS}/chef", CHEF)
    await must(shop, "PUT", f"{APPROVERS}/bert", {"name": "Bert", "email": "bert@example.org"})
    named = said(shop, ApproverNamed)
    assert [one.user for one in named] == ["chef", "bert"], "named once, however often it is said"
    assert all(is_sealed(one.person.name) and is_sealed(one.person.email) for one in named)
    assert "carla" not in str(named).lower()
    seen = await must(shop, "GET", APPROVERS, caller="ordinary-staff")
    assert [one["user"] for one in seen["items"]] == ["bert", "chef"]
    assert seen["items"][1] == {"user": "chef", **CHEF}
    hidden = await must(shop, "GET", APPROVERS, caller="ordinary-service")
    assert hidden["items"][1] == {"user": "chef", "name": "verborgen", "email": "verborgen"}


async def test_an_approver_with_a_new_address_is_named_again_and_can_be_removed(
    shop: Shop,
) -> None:
    await must(shop, "PUT", f"{APPROVERS}/chef", CHEF)
    moved = {**CHEF, "email": "chefin@example.org"}
    await must(shop, "PUT", f"{APPROVERS}/chef", moved)
    assert (await must(shop, "GET", APPROVERS))["items"] == [{"user": "chef", **moved}]
    await must(shop, "PUT", f"{APPROVERS}/chef", CHEF)
    assert (await must(shop, "GET", APPROVERS))["items"] == [{"user": "chef", **CHEF}]
    for _ in range(2):
        await must(shop, "DELETE", f"{APPROVERS}/chef")
    assert len(said(shop, ApproverRemoved)) == 1
    assert (await must(shop, "GET", APPROVERS))["items"] == []
    assert (await must(shop, "GET", "/customers/c2/approvers"))["items"] == []


async def test_an_erased_person_is_shown_as_such_and_cannot_be_named(shop: Shop) -> None:
    """X-15"""
    persons = InMemoryPersons()
    shop.people = People("checkout", persons, InMemoryMaster(), no_owner)
    await must(shop, "PUT", f"{APPROVERS}/chef", CHEF)
    persons.by_id["d1/chef"] = StoredKey(None)
    shop.people.evict("d1/chef")
    [erased] = (await must(shop, "GET", APPROVERS))["items"]
    assert erased == {"user": "chef", "name": "gelöscht", "email": "gelöscht"}
    answer = await shop.ask("PUT", f"{APPROVERS}/chef", CHEF, "manager")
    assert (answer.status_code, answer.json()["code"]) == (409, "approver-erased")
