"""An order with all that belongs to it: gifts, shipping, VAT, delivery, note and terms of sale."""

from datetime import timedelta
from typing import Any

import pytest
from checkout_tests.fakes import LINES, NOON, Shop

from checkout.peer.ports import Reason
from zugabe_events.contracts.catalog_shops import GiftWithdrawn
from zugabe_events.contracts.checkout import (
    AfterSales,
    Delivery,
    Earning,
    OrderPlaced,
    SalesTerms,
    ShippingTerms,
)
from zugabe_events.encryption.sealed_text import is_sealed

TERMS = SalesTerms(
    shipping=(ShippingTerms("DE", 490, 20_000), ShippingTerms("AT", 1_290)),
    points_on="shipped",
    vouchers_on="return-period-over",
    earning_minimum_cents=2_000,
    claw_back="charge",
    return_days=30,
)
CART: dict[str, Any] = {
    "lines": [{"article": "pen", "quantity": 10}, {"article": "book", "quantity": 1}]
}


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.sold("pen", "9.00", "Stift")
    shop.told.sold("book", "20.00", "Buch", tax="reduced")
    shop.told.terms(TERMS)
    shop.told.gift_source("central")
    shop.told.gift("cup", 5_000, name="Tasse")
    shop.told.gift("bag", 10_000, name="Tasche")
    return shop


def gifts(answer: Any) -> list[tuple[str, int]]:
    return [(gift["gift"], gift["pieces"]) for gift in answer["gifts"]]


async def test_a_quote_says_all_that_people_can_choose_and_lack(shop: Shop) -> None:
    """CH-1, CH-5, CH-7, GA-2, GA-13, X-20"""
    shop.told.campaign("spring", NOON.date(), NOON.date())
    quote = (await shop.quote("otto", **CART)).json()
    assert quote["vouchers_run"] is True
    assert [(one["gift"]["gift"], one["pieces"]) for one in quote["gift_choices"]] == [
        ("cup", 2),
        ("bag", 1),
    ]
    assert [notice["code"] for notice in quote["notices"]] == ["gift-choice-open", "gift-next"]
    assert quote["shipping"]["cost_cents"] == 490
    assert quote["missing_to_free_shipping_cents"] == 9_000
    assert quote["totals"]["net_cents"] == 11_490
    assert [(one["rate"], one["net_cents"]) for one in quote["totals"]["taxes"]] == [
        (1_900, 9_401),
        (700, 2_089),
    ]
    assert quote["refused"] == []


async def test_an_order_records_gifts_shipping_vat_and_the_terms_it_was_placed_under(
    shop: Shop,
) -> None:
    """GA-8, S6, X-20, X-27, X-40"""
    wish = {**CART, "gifts": [{"gift": "cup", "pieces": 2}], "note": "Bitte klingeln."}
    wish["delivery"] = {"country": "AT", "address": "lager-2"}
    order = await shop.place(caller="otto", **wish)
    assert order.status_code == 201
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    [cup] = placed.gifts
    assert (cup.number, cup.name, cup.pieces, cup.warehouse) == (3, "Tasse", 2, "central")
    assert placed.shipping is not None
    assert placed.totals is not None
    assert (placed.shipping.country, placed.shipping.cost_cents) == ("AT", 1_290)
    assert placed.delivery == Delivery("AT", "lager-2")
    assert (placed.net_cents, placed.totals.net_cents) == (11_000, 12_290)
    assert placed.totals.gross_cents == 12_290 + placed.totals.tax_cents
    assert placed.earning == Earning("shipped", "return-period-over", 2_000, "charge")
    assert placed.terms_version == 1
    assert placed.after_sales == AfterSales(return_days=30, gift_mode="per")
    [shown] = (await shop.ask("GET", "/orders", caller="otto")).json()["items"]
    for part in ("gifts", "shipping", "totals", "delivery"):
        assert shown[part] == order.json()[part]


async def test_a_note_is_sealed_and_shown_to_whom_orderers_are_shown(shop: Shop) -> None:
    """N-8"""
    await shop.place(caller="otto", **CART, note="Bitte klingeln.")
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert placed.note is not None
    assert is_sealed(placed.note)
    notes = {
        caller: (await shop.ask("GET", "/orders/o1", caller=caller)).json()["note"]
        for caller in ("otto", "ordinary-staff", "ordinary-service")
    }
    assert notes == {
        "otto": "Bitte klingeln.",
        "ordinary-staff": "Bitte klingeln.",
        "ordinary-service": "verborgen",
    }


async def test_a_note_of_somebody_who_gives_no_name_is_kept(shop: Shop) -> None:
    order = await shop.place(caller="bert", note="Danke!")
    assert (order.json()["orderer"], order.json()["note"]) == (None, "Danke!")


async def test_a_chosen_gift_that_is_none_is_never_left_out_silently(shop: Shop) -> None:
    """X-27"""
    wish = {**CART, "gifts": [{"gift": "bike", "pieces": 1}, {"gift": "cup", "pieces": 1}]}
    quote = (await shop.quote("otto", **wish)).json()
    assert gifts(quote) == [("cup", 1)]
    assert [one["gift"] for one in quote["notices"] if one["code"] == "gift-not-offered"] == [
        "bike"
    ]
    order = await shop.place(caller="otto", **wish)
    assert (order.status_code, order.json()["code"]) == (409, "gift-not-offered")
    assert [one["gift"] for one in order.json()["gifts"]] == ["bike"]
    assert shop.events == []


@pytest.mark.parametrize("codes", [{}, {"voucher_code": "TEN", "reward_id": "fiver"}])
async def test_a_gift_that_is_gone_at_the_commit_is_not_promised(
    shop: Shop, codes: dict[str, str]
) -> None:
    """X-27: whatever is held is free again."""
    wish = {**CART, **codes, "gifts": [{"gift": "bag", "pieces": 1}]}
    quote = (await shop.quote("otto", **wish)).json()
    assert gifts(quote) == [("bag", 1)]
    shop.documents.fold(GiftWithdrawn("central", 3, "bag", shop.now))
    shop.later(10)
    order = await shop.place(caller="otto", **wish, quote=quote["quote"])
    assert (order.status_code, order.json()["code"]) == (409, "gift-not-offered")
    assert set(shop.names) == (
        {"holds-asked", "voucher-taken-off", "reward-taken-off"} if codes else set()
    )


async def test_more_gifts_than_the_value_allows_are_reduced_and_told(shop: Shop) -> None:
    """GA-16, Q17"""
    chosen = [{"gift": "cup", "pieces": 1}, {"gift": "bag", "pieces": 1}]
    wish = {**CART, "gifts": chosen}
    quote = (await shop.quote("otto", **wish)).json()
    assert gifts(quote) == [("cup", 1)]
    assert "gift-removed-below-limit" in [one["code"] for one in quote["notices"]]
    order = await shop.place(caller="otto", **wish, quote=quote["quote"])
    assert gifts(order.json()) == [("cup", 1)]


async def test_a_country_without_terms_is_priced_without_shipping_and_not_ordered(
    shop: Shop,
) -> None:
    wish = {**CART, "delivery": {"country": "CH"}}
    quote = (await shop.quote("otto", **wish)).json()
    assert quote["shipping"] is None
    assert [(one["offered"], one["code"]) for one in quote["refused"]] == [
        ("CH", "country-not-served")
    ]
    order = await shop.place(caller="otto", **wish, voucher_code="TEN")
    assert (order.status_code, order.json()["code"]) == (409, "country-not-served")
    assert order.json()["countries"] == [{"country": "DE"}, {"country": "AT"}]
    assert shop.names == ["holds-asked", "voucher-taken-off"]


@pytest.mark.parametrize(
    "wish",
    [
        {"delivery": {"country": "de"}},
        {"delivery": {"country": "DEU"}},
        {"delivery": {"country": "DE", "address": "../x"}},
        {"delivery": None},
        {"gifts": [{"gift": "cup", "pieces": -1}]},
        {"gifts": [{"gift": "cup", "pieces": 10**9}]},
        {"gifts": [{"gift": "cup", "pieces": 0.5}]},
        {"gifts": [{"gift": "cup", "pieces": 1}] * 101},
        {"gifts": ["cup"]},
        {"removed_gifts": [1]},
        {"note": "x" * 201},
        {"note": "a\x00"},
        {"quote": "x" * 32_001},
        {"lines": [{"article": "pen", "quantity": 1, "tax": "none"}]},
    ],
)
async def test_wishes_that_nobody_can_have_are_refused(shop: Shop, wish: dict[str, Any]) -> None:
    answer = await shop.place(caller="otto", **(CART | wish))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert shop.events == []


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 0.5, "1", None])
async def test_a_wrong_line_gives_its_own_mistake_and_no_other(
    shop: Shop, quantity: object
) -> None:
    """D6"""
    lines = [{"article": "pen", "quantity": quantity}]
    answer = await shop.place(caller="otto", lines=lines)
    assert answer.status_code == 422
    assert [one["where"] for one in answer.json()["errors"]] == ["body.lines.0.quantity"]


async def test_no_lines_are_too_few(shop: Shop) -> None:
    answer = await shop.place(caller="otto", lines=[])
    assert answer.json()["errors"] == [
        {"where": "body.lines", "detail": "Zu wenige Einträge, mindestens 1."}
    ]


async def test_a_caller_with_own_prices_names_tax_classes(shop: Shop) -> None:
    """X-20"""
    lines = [{**LINES[0], "tax": "reduced"}, LINES[1]]
    order = (await shop.place(lines=lines)).json()
    assert [line["tax_rate"] for line in order["lines"]] == [700, 1_900]
    otto = await shop.place("o2", caller="otto", lines=[{**CART["lines"][0], "tax": "zero"}])
    assert otto.json()["code"] == "forbidden"


async def test_an_order_of_the_past_has_no_gifts_and_shipping_and_the_vat_of_its_day(
    shop: Shop,
) -> None:
    """X-20, X-30"""
    order = await shop.place(
        caller="service", user="anna", customer="c1", placed_at="2020-08-01T00:30:00+02:00"
    )
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert (placed.gifts, placed.shipping, placed.terms_version) == ((), None, 0)
    assert placed.earning == Earning()
    assert order.json()["totals"]["taxes"][0]["rate"] == 1_600
    assert order.json()["placed_at"] == "2020-07-31T22:30:00Z"


async def test_terms_that_begin_later_do_not_count_yet(shop: Shop) -> None:
    """X-40"""
    later = SalesTerms(shipping=(ShippingTerms("DE", 990),))
    shop.told.terms(later, since=NOON + timedelta(seconds=60))
    assert (await shop.place("o1", caller="otto", **CART)).json()["shipping"]["cost_cents"] == 490
    shop.later(60)
    assert (await shop.place("o2", caller="otto", **CART)).json()["shipping"]["cost_cents"] == 990


async def test_a_cart_of_somebody_who_may_not_redeem_says_what_the_rest_costs(shop: Shop) -> None:
    """CH-4, X-6"""
    shop.vouchers.refusing = Reason("expired", "Abgelaufen.", {})
    quote = (await shop.quote("otto", **CART, voucher_code="OLD")).json()
    assert (quote["voucher"], quote["net_cents"]) == (None, 11_000)
