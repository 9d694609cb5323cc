"""A dealer orders the module and gives gifts of their own: from E-Commerce-Support to buyers."""

from typing import Any
from uuid import uuid4

from stories.dealer import Dealer, Person

SERVICE = "catalog-shops"
CAMPAIGN = {
    "title": "Frühling",
    "code": "A12345",
    "discount_type": "percent",
    "value": 1_000,
    "minimum_cents": 0,
    "valid_from": "2020-01-01",
    "valid_until": "2199-12-31",
}


def person(dealer: Dealer, role: Any, tenant: str, *rights: str) -> Person:
    bearer = dealer.token(role, f"{role}-1", rights)
    return Person(dealer.http, dealer.stack.addresses, f"/dealers/{tenant}", role, bearer)


async def offer(keeper: Person, gift: str, number: str, limit_cents: int) -> None:
    article = {"name": gift.title(), "use": "gift", "catalogue_flag": 1}
    (await keeper.ask("PUT", SERVICE, f"/articles/{number}", article)).of(200)
    body = {"limit_cents": limit_cents, "number": number, "valid_from": "2020-01-01"}
    (await keeper.ask("PUT", SERVICE, f"/gifts/{gift}", body)).of(204)


async def test_own_campaigns_and_gifts_begin_with_the_module(dealer: Dealer) -> None:
    """CS-1, CS-2, GA-4 to GA-6, GA-12 to GA-15, GA-17, X-12"""
    keeper = person(dealer, "dealer-staff", dealer.name, "edit-articles", "edit-gifts")
    group = person(dealer, "central", f"group.{dealer.name}")
    buyer = dealer.user("anna")
    number = uuid4().hex[:8]

    for method, service, path, body in (
        ("PUT", "vouchers", "/campaigns/spring", CAMPAIGN),
        ("PUT", "bonus", "/programme", {"pending_days": 0, "starts_on": "2020-01-01"}),
        ("POST", "bonus", "/programme/activation", None),
    ):
        (await dealer.staff.ask(method, service, path, body)).refused("module-missing")

    await offer(group, "tasse", f"T-{number}", 10_000)
    await offer(keeper, "block", f"B-{number}", 2_500)
    of_group = {"gift_source": "group", "group": f"group.{dealer.name}"}
    (await dealer.support.ask("PUT", SERVICE, "/gift-source", of_group)).of(204)
    buyer.saw(group)
    buyer.saw(dealer.support)
    found = (await buyer.ask("GET", SERVICE, "/gift-choices", net_cents="8750")).of(200)
    assert (found["source"], found["missing_cents"]) == ("group", 1_250)
    assert [one["pieces"] for one in found["choices"]] == [0]

    own = {"gift_source": "own"}
    (await dealer.support.ask("PUT", SERVICE, "/gift-source", own)).refused("module-missing")
    (await dealer.support.ask("PUT", SERVICE, "/marketing-module", own)).of(204)
    module = dealer.support.tokens
    for service, path, body, status in (
        ("vouchers", "/campaigns/spring", CAMPAIGN, 200),
        ("bonus", "/programme", {"pending_days": 0, "starts_on": "2020-01-01"}, 204),
    ):
        (await dealer.staff.ask("PUT", service, path, body, tokens=module)).of(status)

    buyer.saw(keeper)
    buyer.saw(dealer.support)
    found = (await buyer.ask("GET", SERVICE, "/gift-choices", net_cents="8750")).of(200)
    assert (found["source"], found["automatic"]) == ("own", {"gift": "block", "pieces": 3})
    (await keeper.ask("PUT", SERVICE, "/gift-mode", {"mode": "from"})).of(204)
    buyer.saw(keeper)
    found = (await buyer.ask("GET", SERVICE, "/gift-choices", net_cents="8750")).of(200)
    assert found["automatic"] == {"gift": "block", "pieces": 1}
    page = (await keeper.ask("GET", SERVICE, "/own-gifts", status="offered")).of(200)
    assert [one["number"] for one in page["items"]] == [f"B-{number}"]

    (await dealer.support.ask("DELETE", SERVICE, "/marketing-module")).of(204)
    buyer.saw(dealer.support)
    found = (await buyer.ask("GET", SERVICE, "/gift-choices", net_cents="8750")).of(200)
    assert (found["source"], found["choices"]) == ("none", [])
    ended = dealer.support.tokens
    path = "/campaigns/spring/activation"
    answer = await dealer.staff.ask("POST", "vouchers", path, tokens=ended)
    answer.refused("module-missing")
