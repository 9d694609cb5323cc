"""Ordering by a quote: at its figures, or not at all."""

from typing import Any

import pytest
from checkout_tests.catalogue import each
from checkout_tests.fakes import Shop, lost

from checkout.peer.ports import Reason
from checkout.pricing.promise import promise_in
from zugabe_events.contracts.checkout import VoucherTakenOff

CART: dict[str, Any] = {"lines": [{"article": "7", "quantity": 2}], "voucher_code": "TEN"}


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.sold("7", "5.00", "Stift")
    return shop


async def quoted(shop: Shop, **parts: Any) -> Any:
    answer = await shop.quote("otto", **(CART | parts))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_order_at_the_figures_of_its_quote_is_placed(shop: Shop) -> None:
    quote = await quoted(shop)
    order = await shop.place(caller="otto", **CART, quote=quote["quote"])
    assert order.status_code == 201
    for said in ("lines", "voucher", "net_cents", "totals", "shipping", "explanation"):
        assert order.json()[said] == quote[said]


async def test_an_order_asks_for_the_terms_that_its_quote_has_shown(shop: Shop) -> None:
    """X-17: a campaign that changes meanwhile gives what was promised."""
    quote = await quoted(shop)
    await shop.place("o1", caller="otto", **CART, quote=quote["quote"])
    [shown] = promise_in(quote["quote"]).vouchers
    assert shop.vouchers.quoted["o1"] == {shown.campaign_id: shown.version}
    await shop.place("o2", caller="otto", **CART)
    assert shop.vouchers.quoted["o2"] == {}


async def test_a_quote_that_no_longer_holds_places_nothing_and_tells_what_changed(
    shop: Shop,
) -> None:
    """The answer has the new price, by which the same cart can be ordered."""
    quote = (await quoted(shop))["quote"]
    shop.told.priced("7", each("6.00"), since=shop.now)
    shop.later(5)
    answer = await shop.place(caller="otto", **CART, quote=quote)

    assert (answer.status_code, answer.json()["code"]) == (409, "quote-changed")
    assert [change["detail"] for change in answer.json()["changes"]] == [
        "Position 1 („Stift“) kostet 12,00 € statt 10,00 €.",
        "Der Gutschein „TEN“ bringt 1,20 € statt 1,00 € Rabatt.",
        "Der Gesamtbetrag ist 12,85 € statt 10,71 €.",
    ]
    assert [(one["code"], one["old"], one["new"]) for one in answer.json()["changes"]][2] == (
        "total-changed",
        1_071,
        1_285,
    )
    assert shop.names == ["holds-asked", "voucher-taken-off"]
    taken_off = shop.events[-1]
    assert isinstance(taken_off, VoucherTakenOff)
    assert taken_off.reason == "quote-changed"

    new = answer.json()["quote"]
    assert new["net_cents"] == 1_080
    order = await shop.place(caller="otto", **CART, quote=new["quote"])
    assert (order.status_code, order.json()["net_cents"]) == (201, 1_080)
    assert order.json()["order_number"] == "1000001"


async def test_without_a_quote_the_order_is_placed_at_the_present_prices(shop: Shop) -> None:
    await quoted(shop)
    shop.told.priced("7", each("6.00"), since=shop.now)
    shop.later(5)
    assert (await shop.place(caller="otto", **CART)).json()["net_cents"] == 1_080


async def test_what_is_no_quote_is_refused(shop: Shop) -> None:
    answer = await shop.place(caller="otto", **CART, quote="x")
    assert (answer.status_code, answer.json()["code"]) == (422, "quote-unreadable")
    assert shop.events == []


async def test_a_repeat_is_answered_with_its_order_though_the_price_has_changed(
    shop: Shop,
) -> None:
    """X-12"""
    for parts in ({}, {"voucher_code": None}):
        wish = CART | parts | {"quote": (await quoted(shop, **parts))["quote"]}
        order_id = f"o{len(parts)}"
        first = await shop.place(order_id, caller="otto", **wish)
        assert first.status_code == 201
        shop.told.priced("7", each("6.00"), since=shop.now)
        shop.later(5)
        again = await shop.place(order_id, caller="otto", **wish)
        assert (again.status_code, again.json()) == (200, first.json())
        shop.told.priced("7", each("5.00"), since=shop.now)
        shop.later(5)


async def test_an_order_without_its_refused_voucher_is_no_longer_what_was_quoted(
    shop: Shop,
) -> None:
    quote = (await quoted(shop))["quote"]
    shop.vouchers.refusing = Reason("expired", "Abgelaufen.", {})
    wish = CART | {"if_refused": "order-without", "quote": quote}
    answer = await shop.place(caller="otto", **wish)
    assert answer.json()["code"] == "quote-changed"
    assert answer.json()["changes"][0]["detail"] == "Der Gutschein „TEN“ wird nicht mehr eingelöst."
    assert shop.names == ["holds-asked", "voucher-taken-off"]

    order = await shop.place(caller="otto", **(wish | {"quote": answer.json()["quote"]["quote"]}))
    assert (order.status_code, order.json()["net_cents"]) == (201, 1_000)


async def test_an_interrupted_order_that_is_no_longer_as_quoted_frees_its_holds(
    shop: Shop,
) -> None:
    wish = CART | {"quote": (await quoted(shop))["quote"]}
    shop.vouchers.after_holding = lost
    assert (await shop.place(caller="otto", **wish)).status_code == 503
    shop.vouchers.after_holding = lambda: None
    shop.told.priced("7", each("6.00"), since=shop.now)
    shop.later(5)
    assert (await shop.place(caller="otto", **wish)).json()["code"] == "quote-changed"
    assert shop.names[-1] == "voucher-taken-off"
    assert shop.names.count("holds-asked") == shop.names.count("voucher-taken-off") == 2
