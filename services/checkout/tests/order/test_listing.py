"""X-18: orders and buyers as lists and as files, for those who may see them."""

import csv
from io import StringIO

import pytest
from checkout_tests.fakes import Shop

from checkout.buyer.api import TABLE as BUYERS_TABLE
from checkout.order.listing import TABLE
from zugabe_events.contracts.checkout import SalesTerms, ShippingTerms
from zugabe_events.export.table import columns_of


@pytest.fixture
async def busy(shop: Shop) -> Shop:
    """Three orders on three days; the middle one is cancelled."""
    await shop.place("o1")
    shop.later(86_400)
    await shop.place("o2", "bert", lines=[{**LINE, "quantity": 9}])
    reason = {"reason": "ordered-twice", "note": "=Widerruf"}
    await shop.ask("POST", "/orders/o2/cancellation", reason, "bert")
    shop.later(86_400)
    await shop.place("o3", lines=[LINE])
    return shop


LINE = {
    "article": "0017",
    "product_group": "g1",
    "brand": "b1",
    "quantity": 1,
    "unit_cents": 1_005,
}


async def found(shop: Shop, query: str, caller: str = "staff") -> list[str]:
    answer = await shop.ask("GET", f"/orders?{query}", caller=caller)
    return [one["order_id"] for one in answer.json()["items"]]


async def rows(shop: Shop, path: str, caller: str = "staff") -> list[dict[str, str]]:
    answer = await shop.ask("GET", path, caller=caller)
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


async def test_orders_are_found_by_what_staff_ask_for(busy: Shop) -> None:
    assert await found(busy, "sort=net_cents") == ["o3", "o1", "o2"]
    assert await found(busy, "sort=placed_at") == ["o1", "o2", "o3"]
    assert await found(busy, "status=cancelled") == ["o2"]
    assert await found(busy, "status=placed&user=anna") == ["o3", "o1"]
    assert await found(busy, "placed_from=2026-03-02") == ["o3", "o2"]
    assert await found(busy, "placed_from=2026-03-02&placed_until=2026-03-02") == ["o2"]
    assert await found(busy, "customer=nobody") == []
    unknown = await busy.ask("GET", "/orders?colour=red", caller="staff")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "invalid")


async def test_a_file_has_what_the_list_has(busy: Shop) -> None:
    """Money to the cent, instants in Berlin; what a customer wrote is no formula."""
    [third, second, first] = await rows(busy, "/orders.csv")
    assert list(third) == [column.title for column in columns_of(TABLE)]
    assert [one["Bestell-ID"] for one in (third, second, first)] == ["o3", "o2", "o1"]
    assert (third["Netto (EUR)"], second["Netto (EUR)"]) == ("10,05", "90,45")
    assert (first["Bestellt am (Berlin)"], first["Bestellt am (UTC)"]) == (
        "2026-03-01 12:00:00",
        "2026-03-01 11:00:00",
    )
    assert (second["Status"], second["Stornogrund"]) == ("storniert", "Doppelt bestellt")
    assert second["Anmerkung zum Storno"] == "'=Widerruf"
    assert (first["Status"], first["Storniert am (Berlin)"]) == ("bestellt", "")
    [only] = await rows(busy, "/orders.csv?status=cancelled")
    assert only == second


async def test_a_file_tells_what_is_to_be_paid(shop: Shop) -> None:
    """X-20, X-31: with all vouchers, shipping and VAT; imported orders have no shipping."""
    shop.told.terms(SalesTerms(shipping=(ShippingTerms("DE", 490),)))
    lines = [{**LINE, "unit_cents": 10_000}]
    await shop.place("o1", lines=lines, voucher_code="TEN", more_codes=["ELEVEN"], note="Danke!")
    past = {"user": "anna", "customer": "c1", "placed_at": "2020-08-01T12:00:00Z"}
    await shop.place("o2", "service", lines=lines, **past)
    now, then = await rows(shop, "/orders.csv")
    titles = ("Gutscheine", "Gutscheinrabatt (EUR)", "Netto (EUR)", "Versand (EUR)", "Brutto (EUR)")
    assert [now[title] for title in titles] == ["TEN, ELEVEN", "19,00", "81,00", "4,90", "102,22"]
    assert (now["Umsatzsteuer (EUR)"], now["Anmerkung"]) == ("16,32", "Danke!")
    assert [then[title] for title in titles] == ["", "0,00", "100,00", "", "116,00"]


async def test_a_file_names_people_to_those_who_may_see_them(busy: Shop) -> None:
    """N-8, X-28: the same rights as the list, and its words for what is not shown."""
    own = await rows(busy, "/orders.csv", "anna")
    assert [one["Name"] for one in own] == ["Anna Ast", "Anna Ast"]
    assert [one["E-Mail"] for one in await rows(busy, "/orders.csv")] == [
        "anna@example.org",
        "",
        "anna@example.org",
    ]
    for caller in ("stranger", "central"):
        for path in ("/orders.csv", "/orders.xlsx", "/buyers.csv"):
            assert (await busy.ask("GET", path, caller=caller)).status_code == 403
    assert (await busy.ask("GET", "/orders.csv?user=bert")).status_code == 403
    assert [one["Benutzer"] for one in await rows(busy, "/buyers.csv", "anna")] == ["anna"]


async def test_without_keys_there_is_no_file(busy: Shop) -> None:
    """Rather none than one without names."""
    busy.people.evict("d1/anna")
    busy.people.master.away = True  # type: ignore[union-attr]
    answer = await busy.ask("GET", "/orders.csv", caller="staff")
    assert (answer.status_code, answer.json()["code"]) == (503, "keys-unavailable")


async def test_buyers_have_their_sums(busy: Shop) -> None:
    [bert, anna] = await rows(busy, "/buyers.csv?sort=-net_cents")
    assert list(anna) == [column.title for column in columns_of(BUYERS_TABLE)]
    assert (bert["Benutzer"], bert["Storniert"], bert["Netto storniert (EUR)"]) == (
        "bert",
        "1",
        "90,45",
    )
    assert (anna["Bestellungen"], anna["Netto (EUR)"]) == ("2", "63,38")
