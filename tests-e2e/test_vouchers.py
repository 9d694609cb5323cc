"""Several codes in one order, vouchers that wait for their order, and uses given back at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from stories import topics
from stories.dealer import SET_PRICES, Dealer, Person, cart, line

from zugabe_testing.eventually import eventually


async def terms_of_sale(dealer: Dealer, **terms: Any) -> Person:
    """The dealer's system, which has seen them."""
    system = dealer._with_rights("service", "erp", [SET_PRICES, "edit-sales-terms"])
    (await system.ask("PUT", "checkout", "/sales-terms", terms)).of(204)
    return system


async def test_two_codes_reduce_one_order_and_its_cancellation_gives_both_back(
    dealer: Dealer,
) -> None:
    """X-2, X-8, X-31, CH-8"""
    await dealer.campaign("zehn", "ZEHN", combines=True, max_per_user=2)
    fixed = {"discount_type": "fixed", "value": 500, "combines": True}
    await dealer.campaign("fuenf", "FUENF", max_uses=1, **fixed)
    await dealer.campaign("allein", "ALLEIN")
    anna, bert = dealer.user("anna"), dealer.user("bert")
    together = {"voucher_code": "fuenf", "more_codes": ["zehn"]}
    order = await anna.place("a-1", cart(line(4_000), line(6_000), **together))
    assert order["net_cents"] == 8_500
    assert [line["voucher_cents"] for line in order["lines"]] == [600, 900]
    path = "/users/anna/order-vouchers/a-1"
    told = (await anna.ask("GET", "vouchers", path)).of(200)
    assert [(one["code"], one["remaining_uses"]) for one in told["remaining"]] == [
        ("ZEHN", 1),
        ("FUENF", 0),
    ]
    refused = await bert.ask("PUT", "checkout", "/orders/b-1", cart(line(10_000), **together))
    assert refused.refused("campaign-limit")["voucher_code"] == "fuenf"
    alone = {"voucher_code": "ALLEIN", "more_codes": ["ZEHN"]}
    refused = await bert.ask("PUT", "checkout", "/orders/b-2", cart(line(10_000), **alone))
    assert refused.refused("not-combinable")["voucher_code"] == "ZEHN"
    await anna.cancel("a-1")
    bert.saw(anna)
    order = await bert.insist(
        "PUT", "checkout", "/orders/b-1", cart(line(10_000), **together), tokens=bert.tokens
    )
    assert order.of(201)["net_cents"] == 8_500


async def test_who_has_seen_a_cancellation_can_use_its_voucher_at_once(dealer: Dealer) -> None:
    """X-2: in quotes and orders, also where the last use of a campaign was given back."""
    await dealer.campaign("letzter", "LETZTER", max_uses=1, max_per_user=1)
    anna = dealer.user("anna")
    wanted = cart(line(10_000), voucher_code="LETZTER")
    for number in range(10):
        order = cart(line(10_000), voucher_code="LETZTER", if_refused="order-without")
        path = f"/orders/a-{number}"
        placed = await anna.insist("PUT", "checkout", path, order, tokens=anna.tokens)
        assert placed.of(201)["net_cents"] == 9_000, placed.body
        await anna.cancel(f"a-{number}")
        quote = await anna.insist("POST", "checkout", "/quotes", wanted, tokens=anna.tokens)
        assert quote.of(200)["net_cents"] == 9_000, quote.body


async def test_a_voucher_is_issued_once_its_order_is_shipped(dealer: Dealer) -> None:
    """VO-32, VO-33, CH-8, X-40"""
    await dealer.campaign("zweitkauf", "ZWEITER", kind="second-purchase")
    system = await terms_of_sale(dealer, vouchers_on="shipped", earning_minimum_cents=5_000)
    anna, bert = dealer.user("anna"), dealer.user("bert")
    anna.saw(system)
    await anna.insist("PUT", "checkout", "/orders/a-1", cart(line(5_000)), tokens=anna.tokens)
    await bert.insist("PUT", "checkout", "/orders/b-1", cart(line(4_999)), tokens=system.tokens)
    assert await anna.vouchers() == []
    for person, order_id in ((anna, "a-1"), (bert, "b-1")):
        path = f"/orders/{order_id}/shipments/s-1"
        (await system.ask("PUT", "checkout", path, {})).of(201)
        person.saw(system)
    told = (await anna.ask("GET", "vouchers", "/users/anna/order-vouchers/a-1")).of(200)
    assert [one["code"] for one in told["issued"]] == ["ZWEITER"]
    assert [one["order_id"] for one in await anna.vouchers()] == ["a-1"]
    assert await bert.vouchers() == []


async def test_what_a_voucher_took_off_is_charged_when_its_order_is_cancelled(
    dealer: Dealer,
) -> None:
    """Q7: where the terms of sale say so."""
    await dealer.campaign("zweitkauf", "ZWEITER", kind="second-purchase", max_per_user=2)
    system = await terms_of_sale(dealer, claw_back="charge")
    anna = dealer.user("anna")
    await anna.insist("PUT", "checkout", "/orders/a-1", cart(line(5_000)), tokens=system.tokens)
    assert len(await anna.vouchers()) == 1
    await anna.place("a-2", cart(line(10_000), voucher_code="ZWEITER"))
    await anna.cancel("a-1")

    async def charged() -> None:
        kafka = dealer.stack.addresses["kafka"]
        found = await topics.everything(kafka, "vouchers", dealer.name)
        charged = [one.data for one in found if one.name == "voucher-clawed-back"]
        names = ("earned_by", "order_id", "discount_cents")
        assert [[event[name] for name in names] for event in charged] == [["a-1", "a-2", 1_000]]

    await eventually(charged)
    quote = cart(line(10_000), voucher_code="ZWEITER")
    answer = await anna.ask("POST", "checkout", "/quotes", quote, tokens=anna.tokens)
    assert [one["code"] for one in answer.of(200)["refused"]] == ["voucher-forfeited"]


@pytest.mark.parametrize("minimum", [4_999, 5_000])
async def test_useless_free_shipping_is_warned_of_by_the_terms_of_sale(
    dealer: Dealer, minimum: int
) -> None:
    """VO-17"""
    await dealer.order_module()
    shipping = [{"country": "DE", "cost_cents": 590, "free_from_cents": 5_000}]
    system = await terms_of_sale(dealer, shipping=shipping)
    dealer.staff.saw(system)
    dealer.staff.saw(dealer.support)
    campaign = {
        "title": "Frei Haus",
        "code": "FREI",
        "discount_type": "free-shipping",
        "valid_from": f"{datetime.now(UTC):%Y-%m-%d}",
        "valid_until": "2199-12-31",
        "minimum_cents": minimum,
    }
    path = "/campaigns/frei"
    answer = await dealer.staff.ask("PUT", "vouchers", path, campaign, tokens=dealer.staff.tokens)
    warnings = answer.of(200)["warnings"]
    about_shipping = [warning for warning in warnings if "nach Deutschland" in warning]
    assert len(about_shipping) == (minimum == 5_000)
