"""A buyer who wants more value than they pay for."""

import pytest
from stories.attacker import sent, signed
from stories.dealer import Dealer, cart, line

CHECKOUT, VOUCHERS = "checkout", "vouchers"


async def test_a_buyer_names_no_price_brand_or_group(dealer: Dealer) -> None:
    """S1: ten million euros in a promoted brand earn nothing."""
    await dealer.programme(reward_points=100, reward_cents=5_000)
    bearer = signed(dealer)
    order = cart(line(1_000_000_000))
    answer = await sent(dealer, "PUT", CHECKOUT, "/orders/m-1", bearer, json=order)
    assert answer.status_code in (403, 409, 422), answer.text
    cheap = cart(line(1))
    quote = await sent(dealer, "POST", CHECKOUT, "/quotes", bearer, json=cheap)
    assert quote.status_code in (403, 409, 422), quote.text
    account = await sent(dealer, "GET", "bonus", "/accounts/mallory", bearer)
    assert account.json().get("active_points", 0) == 0


async def test_an_order_of_nothing_earns_nothing(dealer: Dealer) -> None:
    """S6, S29: nor does it use up a limited campaign."""
    await dealer.campaign("zweitkauf", "ZWEITER", kind="second-purchase")
    anna = dealer.user("anna")
    free = await anna.ask("PUT", CHECKOUT, "/orders/a-0", cart(line(0)))
    assert free.status in (201, 409, 422)
    assert await anna.vouchers() == []


async def test_a_buyer_cancels_nothing_that_was_shipped(dealer: Dealer) -> None:
    """S6"""
    anna = dealer.user("anna")
    await anna.place("a-1", cart(line(5_000)))
    path = "/orders/a-1/shipments/s-1"
    (await dealer.staff.insist("PUT", CHECKOUT, path, {}, tokens=anna.tokens)).of(201)
    anna.saw(dealer.staff)
    late = await anna.ask("POST", CHECKOUT, "/orders/a-1/cancellation", {"reason": "ordered-twice"})
    assert late.status == 409, late.body


async def test_one_key_makes_one_order(dealer: Dealer) -> None:
    """S30: with two order ids the second is refused."""
    anna = dealer.user("anna")
    first = await anna.ask("PUT", CHECKOUT, "/orders/a-1", cart(line(5_000)), key="k-1")
    first.of(201)
    second = await anna.ask("PUT", CHECKOUT, "/orders/a-2", cart(line(5_000)), key="k-1")
    second.refused("idempotency-key-reused", 422)


@pytest.mark.parametrize("role", ["user", "points-manager"])
async def test_nobody_learns_or_takes_anothers_order_id(dealer: Dealer, role: str) -> None:
    """S20, S22: a colleague with rights of their own sees, cancels and overwrites nothing."""
    anna = dealer.user("anna")
    await anna.place("a-1", cart(line(5_000)))
    bearer = signed(dealer, sub="bert", role=role, rights=["see-orders", "place-orders"])
    seen = await sent(dealer, "GET", CHECKOUT, "/orders/a-1", bearer)
    assert seen.status_code in (403, 404)
    body = {"reason": "ordered-twice"}
    ended = await sent(dealer, "POST", CHECKOUT, "/orders/a-1/cancellation", bearer, json=body)
    assert ended.status_code in (403, 404)
    listed = await sent(dealer, "GET", CHECKOUT, "/orders", bearer)
    assert listed.json()["items"] == []
    named = await sent(dealer, "GET", CHECKOUT, "/orders?user=anna", bearer)
    assert named.status_code == 403
    assert (await anna.ask("GET", CHECKOUT, "/orders/a-1")).of(200)["status"] == "placed"
