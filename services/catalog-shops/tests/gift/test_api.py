"""Gifts over HTTP: who configures them, whose count at a dealer, and what buyers see."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from catalog_shops_tests.gift_examples import list_article
from catalog_shops_tests.service import SUPPORT, InMemoryService

from zugabe_testing.callers import problem_code

STAFF = "dealer-staff+edit-gifts"
DAYS = {"valid_from": "2026-01-01", "valid_until": "2026-12-31"}


async def offer(
    service: InMemoryService,
    gift: str,
    limit_cents: int,
    *,
    dealer: str = "acme",
    **article: Any,
) -> None:
    """A listed article, and the gift that it is."""
    number = f"G-{gift}"
    await list_article(service, number, dealer, **{"name": gift.title(), **article})
    who = "central" if dealer == "central" or dealer.startswith("group.") else STAFF
    body = {"limit_cents": limit_cents, "number": number, **DAYS}
    await service.must(who, "PUT", f"/gifts/{gift}", body, dealer=dealer)


async def use(service: InMemoryService, source: str, group: str | None = None) -> None:
    await service.must(SUPPORT, "PUT", "/gift-source", {"gift_source": source, "group": group})


async def choices(service: InMemoryService, net_cents: int, at: str = "") -> Any:
    query = f"?net_cents={net_cents}" + (f"&at={at}" if at else "")
    return await service.must("user", "GET", f"/gift-choices{query}")


def within_reach(found: Any) -> dict[str, int]:
    return {one["gift"]: one["pieces"] for one in found["choices"] if one["pieces"]}


@pytest.fixture
async def service() -> InMemoryService:
    """Central, the group and the dealer have a gift each."""
    service = InMemoryService()
    await offer(service, "tasse", 10_000, dealer="central")
    await offer(service, "stift", 5_000, dealer="group.bueroring")
    await offer(service, "block", 2_500)
    return service


async def test_each_dealer_chooses_whose_gifts_count(service: InMemoryService) -> None:
    """GA-4, GA-5, GA-6, CS-1: own ones need the module, others do not."""

    async def tenant() -> Any:
        return (await service.must("dealer-staff", "GET", "/gifts"))["tenant"]

    assert await tenant() == ""
    assert await tenant_and_gifts(service) == ("none", {})
    await use(service, "central")
    assert await tenant_and_gifts(service) == ("central", {"tasse": 10})
    await use(service, "group", "group.bueroring")
    assert await tenant_and_gifts(service) == ("group", {"stift": 20})
    refused = await service.ask(SUPPORT, "PUT", "/gift-source", {"gift_source": "own"})
    assert problem_code(refused, 409) == "module-missing"
    await service.order_module(gift_source="own")
    assert await tenant_and_gifts(service) == ("own", {"block": 40})
    assert await tenant() == "acme"
    await service.must(SUPPORT, "DELETE", "/marketing-module")
    assert await tenant_and_gifts(service) == ("none", {})


async def tenant_and_gifts(service: InMemoryService) -> tuple[str, dict[str, int]]:
    found = await choices(service, 100_000)
    return found["source"], within_reach(found)


async def test_own_gifts_are_prepared_before_they_are_used(service: InMemoryService) -> None:
    """CS-1, GA-6"""
    assert await service.must("dealer-staff", "GET", "/gift-mode") == {
        "mode": "per",
        "is_used": False,
    }
    await service.must(STAFF, "PUT", "/gift-mode", {"mode": "from"})
    await service.order_module(gift_source="own")
    assert await service.must("dealer-staff", "GET", "/gift-mode") == {
        "mode": "from",
        "is_used": True,
    }


async def test_central_gifts_reach_every_dealer_and_go_on_being_maintained(
    service: InMemoryService,
) -> None:
    """CS-2, GA-4"""
    await use(service, "central")
    await offer(service, "kalender", 20_000, dealer="central")
    assert within_reach(await choices(service, 20_000)) == {"tasse": 2, "kalender": 1}
    await service.must("central", "DELETE", "/gifts/tasse", dealer="central")
    assert within_reach(await choices(service, 20_000)) == {"kalender": 1}


async def test_who_may_configure_whose_gifts(service: InMemoryService) -> None:
    """GA-4, GA-6, X-16"""
    body = {"mode": "from"}
    for who, dealer in (
        ("central", "acme"),
        ("dealer-staff", "acme"),
        (STAFF, "other"),
        (STAFF, "central"),
        ("service", "acme"),
        ("user", "acme"),
    ):
        answer = await service.ask(who, "PUT", "/gift-mode", body, dealer=dealer)
        assert problem_code(answer, 403) == "forbidden", (who, dealer)


async def test_a_gift_must_be_listed_as_one_in_the_same_catalogue(
    service: InMemoryService,
) -> None:
    """GA-7, GA-8, GA-10, GA-11"""
    body = {"limit_cents": 100, "number": "V-1", **DAYS}
    missing = await service.ask(STAFF, "PUT", "/gifts/v", body)
    assert problem_code(missing, 409) == "gift-article-missing"
    await list_article(service, "V-1", use="sale", catalogue_flag=0)
    for_sale = await service.ask(STAFF, "PUT", "/gifts/v", body)
    assert problem_code(for_sale, 409) == "article-for-sale"
    centrals = await service.ask(STAFF, "PUT", "/gifts/v", body | {"number": "G-tasse"})
    assert problem_code(centrals, 409) == "gift-article-missing"
    flagless = await service.ask(
        "dealer-staff+edit-articles", "PUT", "/articles/V-2", {"name": "Tasse", "use": "gift"}
    )
    assert problem_code(flagless, 422) == "catalogue-flag-wrong"


async def test_buyers_choose_from_a_list_by_net_value(service: InMemoryService) -> None:
    """GA-2, GA-3, GA-13, Q3, Q4, X-7, N-4"""
    await service.order_module(gift_source="own")
    await offer(service, "tasche", 10_000)
    found = await choices(service, 8_750)
    assert [(one["gift"], one["name"], one["pieces"]) for one in found["choices"]] == [
        ("block", "Block", 3),
        ("tasche", "Tasche", 0),
    ]
    assert (found["mode"], found["missing_cents"]) == ("per", 1_250)
    assert found["choices"][1]["missing_cents"] == 1_250
    assert found["automatic"] is None
    assert found["explanation"] == [
        "Gratis-Artikel gibt es, solange die Summe ihrer Auftragswertgrenzen den "
        "Netto-Warenwert nicht übersteigt.",
        "Bei einem Netto-Warenwert von 87,50 € können Sie bis zu 3 Gratis-Artikel wählen.",
        "Ihnen fehlen noch 12,50 € bis zum Gratis-Artikel „Tasche“.",
    ]
    assert within_reach(await choices(service, 9_999)) == {"block": 3}
    assert within_reach(await choices(service, 10_000)) == {"block": 4, "tasche": 1}


async def test_from_an_amount_on_there_is_one_gift(service: InMemoryService) -> None:
    """GA-13, GA-14"""
    await service.order_module(gift_source="own")
    await offer(service, "tasche", 10_000)
    await service.must(STAFF, "PUT", "/gift-mode", {"mode": "from"})
    found = await choices(service, 1_000_000)
    assert within_reach(found) == {"block": 1, "tasche": 1}
    assert found["missing_cents"] is None
    assert found["explanation"] == [
        "Ab 25,00 € Netto-Warenwert gibt es einen Gratis-Artikel, dessen Auftragswertgrenze "
        "erreicht ist.",
        "Bei einem Netto-Warenwert von 10.000,00 € können Sie einen Gratis-Artikel wählen.",
    ]


async def test_the_only_gift_is_added_by_itself(service: InMemoryService) -> None:
    """GA-15, Q16"""
    await service.order_module(gift_source="own")
    assert (await choices(service, 2_499))["automatic"] is None
    found = await choices(service, 5_000)
    assert found["automatic"] == {"gift": "block", "pieces": 2}
    assert found["explanation"][0] == "Je 25,00 € Netto-Warenwert gibt es einen Gratis-Artikel."
    assert found["explanation"][2:] == [
        "Automatisch in den Warenkorb gelegt wird: 2 × „Block“.",
        "Ihnen fehlen noch 25,00 € bis zu einem weiteren Gratis-Artikel „Block“.",
    ]
    await offer(service, "tasche", 1_000_000)
    assert (await choices(service, 5_000))["automatic"] is None


@pytest.mark.parametrize("availability", ["out-of-stock", "discontinued"])
async def test_a_gift_that_is_not_there_is_not_offered(
    service: InMemoryService, availability: str
) -> None:
    """X-27: nor added by itself, nor named as the next one."""
    await service.order_module(gift_source="own")
    await list_article(service, "G-block", name="Block", availability=availability)
    found = await choices(service, 2_000)
    assert (found["choices"], found["automatic"], found["missing_cents"]) == ([], None, None)
    assert found["explanation"] == ["Zurzeit gibt es keine Gratis-Artikel."]
    await list_article(service, "G-block", name="Block", availability="low")
    assert (await choices(service, 5_000))["automatic"] == {"gift": "block", "pieces": 2}


async def test_a_gift_whose_article_is_delisted_is_not_offered(service: InMemoryService) -> None:
    """X-27"""
    await use(service, "central")
    await service.must("central", "DELETE", "/articles/G-tasse", dealer="central")
    assert (await choices(service, 100_000))["choices"] == []


async def test_the_only_configured_gift_counts_not_the_only_one_in_stock(
    service: InMemoryService,
) -> None:
    """GA-15, Q16, X-27: two are configured, so people choose."""
    await service.order_module(gift_source="own")
    await offer(service, "tasche", 10_000, availability="out-of-stock")
    found = await choices(service, 5_000)
    assert within_reach(found) == {"block": 2}
    assert found["automatic"] is None


async def test_days_and_rules_count_that_were_in_force(service: InMemoryService) -> None:
    """GA-12, X-11, X-40"""
    history = "set-up-history"
    source = {"gift_source": "central", "effective_at": "2025-01-01T00:00:00Z"}
    await service.must(f"{SUPPORT}+{history}", "PUT", "/gift-source", source)
    body = {
        "limit_cents": 5_000,
        "number": "G-tasse",
        "valid_from": "2025-03-01",
        "valid_until": "2025-03-31",
        "effective_at": "2025-01-01T00:00:00Z",
    }
    refused = await service.ask("central", "PUT", "/gifts/tasse", body, dealer="central")
    assert problem_code(refused, 403) == "forbidden"
    await service.must(f"central+{history}", "PUT", "/gifts/tasse", body, dealer="central")
    for at, pieces in (
        ("2025-02-28T22:59:59Z", {}),
        ("2025-02-28T23:00:00Z", {"tasse": 4}),
        ("2025-03-31T21:59:59Z", {"tasse": 4}),
        ("2025-03-31T22:00:00Z", {}),
        ("2026-05-04T10:00:00Z", {"tasse": 2}),
        ("2024-12-31T00:00:00Z", {}),
    ):
        assert within_reach(await choices(service, 20_000, at)) == pieces, at


async def test_a_customer_without_gifts_sees_none(service: InMemoryService) -> None:
    """X-25"""
    await use(service, "central")
    excluded = {"excluded": ["gifts"]}
    staff = "dealer-staff+edit-customers"
    await service.must(staff, "PUT", "/customers/c1/exclusions", excluded)
    found = await choices(service, 100_000)
    assert found["choices"] == []
    assert found["explanation"] == ["Für Ihr Unternehmen sind keine Gratis-Artikel vorgesehen."]
    await service.must(staff, "PUT", "/customers/c1/exclusions", {"excluded": ["points"]})
    assert within_reach(await choices(service, 100_000)) == {"tasse": 10}


async def test_a_gift_is_shown_with_the_present_name_text_and_image_of_its_article(
    service: InMemoryService,
) -> None:
    """GA-3"""
    await use(service, "central")
    image = {"file": "0" * 64, "source": "tasse.jpg"}
    await list_article(
        service, "G-tasse", "central", name="Becher", text="Mit [b]Henkel[\\b]", images=[image]
    )
    [shown] = (await choices(service, 10_000))["choices"]
    assert (shown["name"], shown["text"]) == ("Becher", "Mit Henkel")
    assert shown["image"] == f"/graphics/central/{'0' * 64}"


async def test_the_back_office_lists_own_gifts(service: InMemoryService) -> None:
    """GA-12, X-18"""
    await offer(service, "tasche", 10_000)
    await service.must(STAFF, "DELETE", "/gifts/block")
    page = await service.must("dealer-staff", "GET", "/own-gifts?sort=-limit_cents")
    assert [(one["gift"], one["status"]) for one in page["items"]] == [
        ("tasche", "offered"),
        ("block", "withdrawn"),
    ]
    csv = await service.ask("dealer-staff", "GET", "/own-gifts.csv?status=offered")
    head, row = [line.replace('"', "") for line in csv.text.lstrip("\ufeff").splitlines()]
    assert head == (
        "Artikelnummer;Bezeichnung;Auftragswertgrenze (EUR netto);Gültig von;Gültig bis;"
        "Status;Kennung"
    )
    assert row == "G-tasche;Tasche;100,00;2026-01-01;2026-12-31;wird angeboten;tasche"
    xlsx = await service.ask("dealer-staff", "GET", "/own-gifts.xlsx?status=offered")
    with ZipFile(BytesIO(xlsx.content)) as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml")
    assert b">G-tasche<" in sheet
    assert b">G-block<" not in sheet


async def test_the_rules_in_force_are_shown_with_their_source(service: InMemoryService) -> None:
    """GA-5, GA-12"""
    await use(service, "central")
    assert await service.must("service", "GET", "/gifts") == {
        "source": "central",
        "tenant": "central",
        "version": 1,
        "mode": "per",
        "gifts": [
            {
                "gift": "tasse",
                "number": "G-tasse",
                "name": "Tasse",
                "limit_cents": 10_000,
                "valid_from": "2026-01-01",
                "valid_until": "2026-12-31",
            }
        ],
    }


async def test_each_group_has_gifts_of_its_own(service: InMemoryService) -> None:
    """GA-4: another group's gifts do not count."""
    await use(service, "group", "group.buerobest")
    assert (await choices(service, 100_000))["choices"] == []
    await offer(service, "mappe", 5_000, dealer="group.buerobest")
    assert within_reach(await choices(service, 5_000)) == {"mappe": 1}
    its = await service.must("central", "GET", "/gifts", dealer="group.buerobest")
    assert (its["source"], its["tenant"]) == ("group", "group.buerobest")
