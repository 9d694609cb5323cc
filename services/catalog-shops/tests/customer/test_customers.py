"""Customers: what they do not take part in, and prices agreed with them."""

from typing import Any

from catalog_shops_tests.service import InMemoryService

from catalog_shops.customer.agreed_price import agreed_price_history
from zugabe_events.contracts.catalog_shops import CustomerExclusionsSet, CustomerPriceSet
from zugabe_testing.callers import problem_code

KEEPER = "dealer-staff+edit-customers"
EXCLUDED = {"excluded": ["points", "gifts"], "contract_priced": True}


def prices(*steps: tuple[int, str]) -> dict[str, Any]:
    described = [{"from_quantity": quantity, "amount": amount} for quantity, amount in steps]
    return {"prices": [{"steps": described}]}


async def with_article() -> InMemoryService:
    service = InMemoryService()
    await service.must("central", "PUT", "/articles/0017", {"name": "Stift"}, dealer="central")
    await service.must(
        "central", "PUT", "/articles/0017/prices", prices((1, "2.00")), dealer="central"
    )
    return service


async def test_a_customer_is_excluded_and_taken_back() -> None:
    """X-25"""
    service = InMemoryService()
    path = "/customers/c1/exclusions"
    before = await service.must("dealer-staff", "GET", path)
    assert (before["excluded"], before["contract_priced"]) == ([], False)
    for _ in range(2):
        await service.must(KEEPER, "PUT", path, EXCLUDED)
    [said] = service.said(CustomerExclusionsSet)
    assert (said.version, said.excluded, said.contract_priced) == (1, ("gifts", "points"), True)
    await service.must(KEEPER, "PUT", path, {"excluded": []})
    after = await service.must("dealer-staff", "GET", path)
    assert (after["excluded"], after["contract_priced"]) == ([], False)
    assert [one["version"] for one in after["versions"]] == [1, 2]


async def test_an_exclusion_set_up_for_the_past_does_not_end_the_present_one() -> None:
    """X-25, X-40"""
    service = InMemoryService()
    path = "/customers/c1/exclusions"
    await service.must(KEEPER, "PUT", path, EXCLUDED)
    past = {"excluded": ["vouchers"], "effective_at": "2025-01-01T00:00:00Z"}
    await service.must(f"{KEEPER}+set-up-history", "PUT", path, past)
    view = await service.must("dealer-staff", "GET", path)
    assert (view["excluded"], len(view["versions"])) == (["gifts", "points"], 2)
    await service.must(KEEPER, "PUT", path, EXCLUDED)
    assert len(service.said(CustomerExclusionsSet)) == 2


async def test_excluded_customers_are_a_list() -> None:
    """X-25, X-18"""
    service = InMemoryService()
    await service.must(KEEPER, "PUT", "/customers/c1/exclusions", EXCLUDED)
    await service.must(KEEPER, "PUT", "/customers/c2/exclusions", {"excluded": ["vouchers"]})
    page = await service.must("dealer-staff", "GET", "/customers?excluded=gifts")
    assert [one["customer"] for one in page["items"]] == ["c1"]
    csv = await service.ask("dealer-staff", "GET", "/customers.csv")
    assert csv.text.splitlines()[1] == '"c1";"Dankeschönartikel, Bonuspunkte";"ja"'


async def test_a_customer_pays_the_agreed_price() -> None:
    """Q34, N-4"""
    service = await with_article()
    await service.must(KEEPER, "PUT", "/customers/c1/prices/0017", prices((10, "1.50")))
    agreed = await service.must("dealer-staff", "GET", "/customers/c1/prices/0017?quantity=10")
    assert agreed["offer"]["price"]["line_net_cents"] == 1_500
    assert agreed["explanation"][0] == (
        "Es gilt der mit dem Kunden vereinbarte Preis (Fassung 1): 1,50 €."
    )
    few = await service.must("dealer-staff", "GET", "/customers/c1/prices/0017?quantity=9")
    assert few["offer"]["price"]["source"] == "central"
    other = await service.must("dealer-staff", "GET", "/customers/c2/prices/0017?quantity=10")
    assert other["offer"]["price"]["source"] == "central"


async def test_agreed_prices_end_and_are_a_list() -> None:
    """Q34, X-18"""
    service = await with_article()
    path = "/customers/c1/prices/0017"
    bodies: list[dict[str, Any]] = [prices((1, "1.50")), prices((1, "1.50")), {"prices": []}]
    for body in bodies:
        await service.must(KEEPER, "PUT", path, body)
    assert [one.version for one in service.said(CustomerPriceSet)] == [1, 2]
    page = await service.must("dealer-staff", "GET", "/customers/c1/prices?has_prices=false")
    assert [one["number"] for one in page["items"]] == ["0017"]
    page = await service.must("dealer-staff", "GET", "/customers/c1/prices?has_prices=true")
    assert page["items"] == []


async def test_a_price_is_agreed_for_an_article_that_exists() -> None:
    service = InMemoryService()
    answer = await service.ask(KEEPER, "PUT", "/customers/c1/prices/0017", prices((1, "1.50")))
    assert problem_code(answer, 404) == "article-not-found"


async def test_central_staff_do_not_see_what_a_dealer_agreed_with_customers() -> None:
    """X-16, X-28"""
    service = await with_article()
    for who in ("central", "user", "service"):
        answer = await service.ask(who, "GET", "/customers/c1/prices/0017")
        assert problem_code(answer, 403) == "forbidden"


def test_agreed_prices_are_in_order_with_those_of_the_article() -> None:
    """X-40"""
    stream = agreed_price_history("acme", "c1", "A/4").stream
    assert stream.id == "customer-price/acme/c1/A~2F4"
    assert stream.key == "article/acme/A~2F4"
