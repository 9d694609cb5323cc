"""Articles over HTTP: maintained centrally and by dealers, priced and explained."""

from decimal import Decimal
from typing import Any

import pytest
from catalog_shops_tests.article_examples import EDITOR
from catalog_shops_tests.service import InMemoryService

from zugabe_events.contracts.catalog_shops import ArticleListed, PriceSet
from zugabe_testing.callers import problem_code

PRICER = "dealer-staff+edit-prices"
SCREWS = {"name": "Schrauben", "flags": ["no-vouchers", "no-thresholds"]}


def price(*steps: tuple[int, str], unit: int = 1, **days: str) -> dict[str, Any]:
    return {
        "steps": [{"from_quantity": quantity, "amount": amount} for quantity, amount in steps],
        "quantity": unit,
        **days,
    }


async def list_centrally(
    service: InMemoryService, number: str, *prices: Any, **fields: Any
) -> None:
    await service.must("central", "PUT", f"/articles/{number}", {"name": number}, dealer="central")
    if prices:
        body = {"prices": list(prices)}
        await service.must("central", "PUT", f"/articles/{number}/prices", body, dealer="central")


async def asked(service: InMemoryService, path: str) -> Any:
    return await service.must("dealer-staff", "GET", path)


async def test_a_dealer_offers_central_articles_and_their_own() -> None:
    """X-24"""
    service = InMemoryService()
    await list_centrally(service, "0017", price((1, "3.49")))
    stored = await service.must(EDITOR, "PUT", "/articles/A~2F4", SCREWS)
    assert stored == {"dealer": "acme", "number": "A/4", "key": "A~2F4"}
    central = await asked(service, "/articles/0017")
    assert (central["article"]["dealer"], central["article"]["name"]) == ("central", "0017")
    own = (await asked(service, "/articles/A~2F4"))["article"]
    assert (own["dealer"], own["status"]) == ("acme", "listed")
    assert own["flags"] == ["no-thresholds", "no-vouchers"]
    [listed] = [event for event in service.said(ArticleListed) if event.dealer == "acme"]
    assert listed.article.flags == ("no-thresholds", "no-vouchers")


async def test_a_delisted_article_says_so_and_its_number_stays_its_own() -> None:
    service = InMemoryService()
    await service.must(EDITOR, "PUT", "/articles/a1", SCREWS)
    await service.must(EDITOR, "DELETE", "/articles/a1")
    assert (await asked(service, "/articles/a1"))["article"]["status"] == "delisted"
    assert problem_code(await service.ask(EDITOR, "DELETE", "/articles/a2"), 404)


async def test_central_staff_edit_what_is_central_and_dealers_what_is_theirs() -> None:
    """X-16"""
    service = InMemoryService()
    for who, dealer in (("central", "acme"), ("dealer-staff", "acme"), (EDITOR, "central")):
        answer = await service.ask(who, "PUT", "/articles/a1", SCREWS, dealer=dealer)
        assert problem_code(answer, 403) == "forbidden"
    assert not service.store.commits


async def test_a_gift_under_a_number_of_the_shop_is_refused() -> None:
    """GA-7, GA-10, Q28"""
    service = InMemoryService()
    await list_centrally(service, "0017")
    await service.must(EDITOR, "PUT", "/articles/a1", SCREWS)
    gift = {"name": "Tasse", "use": "gift", "catalogue_flag": 1}
    for number in ("0017", "a1"):
        answer = await service.ask(EDITOR, "PUT", f"/articles/{number}", gift)
        assert problem_code(answer, 409) == "gift-number-taken"
        assert number in answer.json()["detail"]
    await service.must(EDITOR, "PUT", "/articles/g1", gift)
    sold = await service.ask(EDITOR, "PUT", "/articles/g1", SCREWS)
    assert problem_code(sold, 409) == "article-is-a-gift"
    answer = await service.ask(EDITOR, "PUT", "/articles/g2", {**gift, "catalogue_flag": 2})
    assert problem_code(answer, 422) == "catalogue-flag-wrong"


async def test_a_brand_and_groups_exist_before_an_article_refers_to_them() -> None:
    """D14"""
    service = InMemoryService()
    branded = {**SCREWS, "brand": "mueller", "groups": ["office", "mine"]}

    async def code() -> str:
        return problem_code(await service.ask(EDITOR, "PUT", "/articles/a1", branded), 422)

    assert await code() == "product-group-unknown"
    office = {"name": "Büro"}
    await service.must("central", "PUT", "/product-groups/office", office, dealer="central")
    mine = {"name": "Eigenes", "parent": "office"}
    await service.must(EDITOR, "PUT", "/product-groups/mine", mine)
    assert await code() == "brand-unknown"
    named = await service.must("central", "POST", "/brands", {"name": "Müller"}, dealer="central")
    assert named == {"brand": "mueller"}
    await service.must(EDITOR, "PUT", "/articles/a1", branded)


async def test_250_screws_cost_873_cents_and_the_answer_says_why() -> None:
    """X-34, N-4"""
    service = InMemoryService()
    await list_centrally(service, "0017", price((1, "3.49"), (500, "2.99"), unit=100))
    answer = await asked(service, "/articles/0017/price?quantity=250")
    offered = answer["offer"]["price"]
    assert offered["line_net_cents"] == 873
    assert (offered["amount"], offered["price_unit"]) == ("3.49", 100)
    assert [(one["from_quantity"], one["unit_net"]) for one in offered["steps"]] == [
        (1, "0.0349"),
        (500, "0.0299"),
    ]
    assert answer["explanation"] == [
        "Es gilt der zentrale Preis (Fassung 1): 3,49 € je 100 ab einer Menge von 1.",
        "250 × 3,49 € : 100 = 8,725 €, für die Position kaufmännisch gerundet 8,73 €.",
    ]


async def test_a_dealers_price_of_a_central_article_replaces_the_central_one() -> None:
    """Q34"""
    service = InMemoryService()
    await list_centrally(service, "0017", price((1, "3.49")))
    mine = {"prices": [price((1, "2.99"), valid_until="2026-05-10")]}
    await service.must(PRICER, "PUT", "/articles/0017/prices", mine)
    now = (await asked(service, "/articles/0017/price"))["offer"]["price"]
    assert (now["source"], Decimal(now["amount"])) == ("dealer", Decimal("2.99"))
    later = await asked(service, "/articles/0017/price?at=2026-05-11T12:00:00Z")
    assert later["offer"]["price"]["source"] == "central"
    assert (await asked(service, "/articles/0017"))["article"]["dealer"] == "central"
    unknown = await service.ask(PRICER, "PUT", "/articles/0018/prices", mine)
    assert problem_code(unknown, 404) == "article-not-found"


async def test_without_a_price_the_answer_says_what_is_missing() -> None:
    """N-4"""
    service = InMemoryService()
    await list_centrally(service, "bare")
    await list_centrally(service, "crate", price((6, "1.00")))
    bare = await asked(service, "/articles/bare/price")
    assert (bare["offer"]["price"], bare["explanation"]) == (
        None,
        ["Für diesen Artikel gibt es keinen Preis."],
    )
    crate = await asked(service, "/articles/crate/price?quantity=5")
    assert crate["explanation"] == ["Diesen Artikel gibt es erst ab einer Menge von 6."]


async def test_past_prices_stay_and_the_lowest_of_30_days_is_said() -> None:
    """Q13, X-40"""
    service = InMemoryService()
    started = service.now
    await list_centrally(service, "0017", price((1, "3.49")))
    service.now = started.replace(day=14)
    await list_centrally(service, "0017", price((1, "2.49")))
    service.now = started.replace(day=18)
    await list_centrally(service, "0017", price((1, "2.99")))
    answer = await asked(service, "/articles/0017/price")
    assert answer["offer"]["lowest"] == {"amount": "2.49", "quantity": 1}
    assert answer["explanation"][-1] == "Der niedrigste Preis der letzten 30 Tage war 2,49 €."
    then = await asked(service, "/articles/0017/price?at=2026-05-06T12:00:00Z")
    assert (then["offer"]["price"]["version"], then["offer"]["price"]["amount"]) == (1, "3.49")


async def test_history_that_is_set_up_needs_a_right_and_is_in_force_in_the_past() -> None:
    """X-40"""
    service = InMemoryService()
    await list_centrally(service, "0017", price((1, "3.49")))
    body = {"prices": [price((1, "2.00"))], "effective_at": "2025-01-01T00:00:00Z"}
    path = "/articles/0017/prices"
    answer = await service.ask("central", "PUT", path, body, dealer="central")
    assert problem_code(answer, 403) == "forbidden"
    historian = "central+set-up-history"
    for _ in range(2):
        await service.must(historian, "PUT", path, body, dealer="central")
    assert [event.version for event in service.said(PriceSet)] == [1, 2]
    then = await asked(service, "/articles/0017/price?at=2025-06-01T00:00:00Z")
    assert then["offer"]["price"]["amount"] == "2.00"
    assert (await asked(service, "/articles/0017/price"))["offer"]["price"]["amount"] == "3.49"
    future = {**body, "effective_at": "2027-01-01T00:00:00Z"}
    answer = await service.ask(historian, "PUT", path, future, dealer="central")
    assert problem_code(answer, 422) == "in-the-future"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "price-out-of-range"),
        ("0.00001", "price-too-precise"),
        ("10000000.01", "price-out-of-range"),
        ("-1", "invalid"),
        ("1e400", "invalid"),
        ("NaN", "invalid"),
        ("3,49", "invalid"),
        (3.49, "invalid"),
    ],
)
async def test_an_amount_that_is_no_price_is_refused(amount: object, code: str) -> None:
    """X-34, X-7"""
    service = InMemoryService()
    await list_centrally(service, "0017")
    body = {"prices": [{"steps": [{"amount": amount}]}]}
    answer = await service.ask("central", "PUT", "/articles/0017/prices", body, dealer="central")
    assert problem_code(answer, 422) == code
    assert service.said(PriceSet) == []


async def test_lists_filter_by_group_and_words_and_are_files_too() -> None:
    """X-18"""
    service = InMemoryService()
    await service.must(EDITOR, "PUT", "/product-groups/office", {"name": "Büro"})
    await service.must(
        EDITOR, "PUT", "/product-groups/paper", {"name": "Papier", "parent": "office"}
    )
    for number, name, groups in (
        ("a1", "Ordner rot", ["office"]),
        ("a2", "Kopierpapier", ["paper"]),
        ("a3", "Ordner blau", []),
    ):
        await service.must(EDITOR, "PUT", f"/articles/{number}", {"name": name, "groups": groups})
    await service.must(PRICER, "PUT", "/articles/a1/prices", {"prices": [price((1, "3.49"))]})

    async def numbers(query: str) -> list[str]:
        return [one["number"] for one in (await asked(service, f"/articles?{query}"))["items"]]

    assert await numbers("groups=office") == ["a1", "a2"]
    assert await numbers("groups=nowhere") == []
    assert await numbers("words=Ordner&sort=-number") == ["a3", "a1"]
    assert await numbers("words=Ordner&groups=office") == ["a1"]
    csv = await service.ask("dealer-staff", "GET", "/articles.csv?words=rot&sort=relevance")
    head, line = csv.text.splitlines()
    row = dict(zip(head.split(";"), line.split(";"), strict=True))
    assert (row['"Bezeichnung"'], row['"Preise"']) == ('"Ordner rot"', '"3,49 €"')
    unsorted = await service.ask("dealer-staff", "GET", "/articles?sort=relevance")
    assert problem_code(unsorted, 422) == "sort-invalid"


async def test_a_name_that_nobody_sees_is_missing() -> None:
    """D21"""
    service = InMemoryService()
    unseen = {**SCREWS, "name": "\u3164\u200b"}
    assert problem_code(await service.ask(EDITOR, "PUT", "/articles/a1", unseen), 422) == "invalid"
    padded = {**SCREWS, "name": "\u200bSchrauben \ufeff", "manufacturer": "\u2060"}
    await service.must(EDITOR, "PUT", "/articles/a1", padded)
    article = await service.must(EDITOR, "GET", "/articles/a1")
    assert (article["article"]["name"], article["article"]["manufacturer"]) == ("Schrauben", "")
