"""An approval prices the order again, and places it if it is what was submitted (X-26)."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from checkout_tests.catalogue import each
from checkout_tests.fakes import NOON, Shop

from checkout.approval.needs import end_of_waiting
from zugabe_events.contracts.checkout import (
    OrderPlaced,
    OrderSubmitted,
    SalesTerms,
    ShippingTerms,
    TaxShare,
)

DAY = 24 * 3600
TERMS = SalesTerms(
    shipping=(ShippingTerms("DE", 500, free_from_cents=10_000),), earning_minimum_cents=100
)


@pytest.fixture
def shop() -> Shop:
    """Each order of customer c1 needs approval; an article costs 10 euros, shipping 5."""
    shop = Shop()
    shop.told.sold("0017", "10.00", "Ordner")
    shop.told.approval("always")
    shop.told.terms(TERMS)
    return shop


async def submit(shop: Shop, order_id: str = "o1", quantity: int = 3, **cart: Any) -> Any:
    lines = [{"article": "0017", "quantity": quantity}]
    answer = await shop.place(order_id, "otto", lines=lines, **cart)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def approve(
    shop: Shop, caller: str = "boss", order_id: str = "o1", **body: Any
) -> httpx.Response:
    return await shop.ask("POST", f"/orders/{order_id}/approval", {"attempt": 1, **body}, caller)


def placed(shop: Shop) -> OrderPlaced:
    [order] = [event for event in shop.events if isinstance(event, OrderPlaced)]
    return order


def taxes(order: OrderPlaced) -> tuple[TaxShare, ...]:
    assert order.totals is not None
    return order.totals.taxes


async def test_an_approval_places_what_was_submitted_with_what_it_holds(shop: Shop) -> None:
    """X-26: days later, and by the terms of the day on which it was submitted (X-40)."""
    waiting = await submit(shop, voucher_code="TEN", reward_id="fiver", note="Bitte bald.")
    shop.told.terms(SalesTerms(shipping=TERMS.shipping, earning_minimum_cents=10**6))
    shop.later(3 * DAY)
    answer = await approve(shop)
    assert answer.status_code == 200, answer.text
    order = answer.json()
    assert (order["status"], order["order_number"]) == ("placed", "1000001")
    for same in ("lines", "voucher", "reward", "totals", "shipping", "note", "placed_at"):
        assert order[same] == waiting[same], same
    event = placed(shop)
    assert (event.placed_at, event.attempt) == (NOON, 1)
    assert event.earning.minimum_cents == 100
    [approval] = event.approvals
    assert (approval.approver, approval.needs, approval.has_changed) == (
        "boss",
        ("customer",),
        False,
    )
    assert approval.approved_at == NOON + timedelta(days=3)
    assert shop.names == ["holds-asked", "order-submitted", "order-placed"]


async def test_a_repeated_approval_finds_its_order(shop: Shop) -> None:
    """X-12"""
    await submit(shop)
    first, again = await approve(shop), await approve(shop)
    assert (again.status_code, again.json()) == (200, first.json())
    late = await approve(shop, "deputy")
    assert (late.status_code, late.json()["code"]) == (409, "already-ordered")
    assert shop.names == ["order-submitted", "order-placed"]


async def test_a_changed_price_is_told_and_approved_by_its_quote(shop: Shop) -> None:
    """X-26: a change is told."""
    await submit(shop)
    shop.told.priced("0017", each("12.00"), since=NOON + timedelta(hours=1))
    shop.later(DAY)
    told = await approve(shop)
    assert (told.status_code, told.json()["code"]) == (409, "order-changed")
    assert [one["detail"] for one in told.json()["changes"]] == [
        "Position 1 („Ordner“) kostet 36,00 € statt 30,00 €.",
        "Der Gesamtbetrag ist 48,79 € statt 41,65 €.",
    ]
    assert told.json()["order"]["net_cents"] == 3_600
    assert told.json()["order"]["orderer"] is None
    assert shop.names == ["order-submitted"]
    shop.told.priced("0017", each("13.00"), since=shop.now + timedelta(seconds=1))
    shop.later(60)
    again = await approve(shop, quote=told.json()["quote"])
    assert (again.status_code, again.json()["code"]) == (409, "order-changed")
    assert again.json()["changes"][0]["detail"] == (
        "Position 1 („Ordner“) kostet 39,00 € statt 36,00 €."
    )
    answer = await approve(shop, quote=again.json()["quote"])
    assert (answer.status_code, answer.json()["net_cents"]) == (200, 3_900)
    assert placed(shop).approvals[0].has_changed
    assert placed(shop).placed_at == NOON


async def test_a_quote_that_nobody_made_is_unreadable(shop: Shop) -> None:
    await submit(shop)
    answer = await approve(shop, quote="nonsense")
    assert (answer.status_code, answer.json()["code"]) == (422, "quote-unreadable")


async def test_vouchers_and_rewards_keep_what_they_promised(shop: Shop) -> None:
    """X-17: the discount stays, however the prices change; it is never more than the goods."""
    await submit(shop, voucher_code="TEN", reward_id="fiver")
    shop.told.priced("0017", each("20.00"), since=NOON + timedelta(hours=1))
    shop.later(DAY)
    dearer = (await approve(shop)).json()
    assert [one["code"] for one in dearer["changes"]] == ["price-changed", "total-changed"]
    assert dearer["order"]["voucher"]["discount_cents"] == 300
    assert dearer["order"]["reward"]["discount_cents"] == 500
    shop.told.priced("0017", each("1.00"), since=shop.now + timedelta(seconds=1))
    shop.later(60)
    cheap = (await approve(shop)).json()
    assert [one["detail"] for one in cheap["changes"]][:2] == [
        "Position 1 („Ordner“) kostet 3,00 € statt 30,00 €.",
        "Die Prämie „5 Euro“ bringt 0,00 € statt 5,00 € Rabatt.",
    ]
    answer = await approve(shop, quote=cheap["quote"])
    assert (answer.status_code, answer.json()["net_cents"]) == (200, 0)


async def test_a_gift_that_is_gone_is_told(shop: Shop) -> None:
    """X-26, X-27"""
    shop.told.gift_source("central")
    shop.told.gift("mug", 1_000, name="Tasse")
    waiting = await submit(shop)
    assert [(gift["gift"], gift["pieces"]) for gift in waiting["gifts"]] == [("mug", 3)]
    shop.told.listed("mug", "Tasse", use="gift", availability="out-of-stock")
    shop.later(DAY)
    told = (await approve(shop)).json()
    assert [one["detail"] for one in told["changes"]] == [
        "Den Gratis-Artikel „Tasse“ erhalten Sie nicht mehr."
    ]
    answer = await approve(shop, quote=told["quote"])
    assert (answer.status_code, answer.json()["gifts"]) == (200, [])


async def test_gifts_that_came_since_are_not_added(shop: Shop) -> None:
    await submit(shop)
    shop.told.gift_source("central")
    shop.told.gift("mug", 1_000, name="Tasse")
    shop.later(DAY)
    answer = await approve(shop)
    assert (answer.status_code, answer.json()["gifts"]) == (200, [])


async def test_changed_shipping_and_vat_are_told(shop: Shop) -> None:
    """X-20, X-26: by the terms and rates of the day of the approval."""
    shop.now = NOON.replace(year=2020, month=6, day=25)
    shop.told.sold("0018", "1.00", "Block")
    await submit(shop)
    dearer = SalesTerms(shipping=(ShippingTerms("DE", 700),))
    shop.told.terms(dearer, since=shop.now + timedelta(days=1))
    shop.later(8 * DAY)
    told = (await approve(shop)).json()
    assert [one["detail"] for one in told["changes"]] == [
        "Die Umsatzsteuer beträgt 16 % statt 19 %.",
        "Der Versand kostet 7,00 € statt 5,00 €.",
        "Der Gesamtbetrag ist 42,92 € statt 41,65 €.",
    ]
    assert (await approve(shop, quote=told["quote"])).status_code == 200
    assert [(one.rate, one.net_cents, one.tax_cents) for one in taxes(placed(shop))] == [
        (1_600, 3_700, 592)
    ]


async def test_an_article_that_is_gone_keeps_the_order_waiting(shop: Shop) -> None:
    await submit(shop)
    shop.told.listed("0017", "Ordner", availability="out-of-stock")
    shop.later(DAY)
    answer = await approve(shop)
    assert (answer.status_code, answer.json()["code"]) == (409, "lines-refused")
    assert shop.names == ["order-submitted"]


async def test_an_approval_after_the_end_is_refused_and_loses_nothing(shop: Shop) -> None:
    """X-26"""
    await submit(shop, voucher_code="TEN")
    shop.now = end_of_waiting(NOON, 14)
    answer = await approve(shop)
    assert (answer.status_code, answer.json()["code"]) == (409, "submission-expired")
    assert shop.names == ["holds-asked", "order-submitted"], "the timer is still to come"


async def test_what_was_not_read_is_not_approved(shop: Shop) -> None:
    await submit(shop)
    await shop.ask("POST", "/orders/o1/withdrawal", caller="otto")
    await submit(shop, quantity=30)
    answer = await approve(shop)
    assert (answer.status_code, answer.json()["code"]) == (409, "submission-changed")
    assert (await approve(shop, attempt=2)).status_code == 200


async def test_only_approvers_of_the_customer_approve(shop: Shop) -> None:
    """X-16"""
    await submit(shop)
    for caller, status, code in (
        ("other-boss", 404, "submission-not-found"),
        ("otto", 403, "forbidden"),
        ("ordinary-staff", 403, "forbidden"),
        ("odd-staff", 403, "forbidden"),
        ("reviewer", 403, "forbidden"),
        ("stranger", 403, "forbidden"),
    ):
        answer = await approve(shop, caller)
        assert (answer.status_code, answer.json()["code"]) == (status, code), caller
    assert shop.names == ["order-submitted"]


async def test_orders_of_high_value_are_approved_by_the_dealers_staff(shop: Shop) -> None:
    """S1"""
    shop.told.approval("none")
    shop.told.terms(SalesTerms(review_order_cents=1_000))
    waiting = await submit(shop)
    assert waiting["needs"] == ["order-value"]
    assert (await approve(shop, "boss")).status_code == 403
    answer = await approve(shop, "reviewer")
    assert (answer.status_code, answer.json()["status"]) == (200, "placed")
    assert [one.approver for one in placed(shop).approvals] == ["rita"]


@pytest.mark.parametrize("order", [("boss", "reviewer"), ("reviewer", "boss")])
async def test_both_needs_take_both_approvals(shop: Shop, order: tuple[str, str]) -> None:
    """S1, X-26"""
    shop.told.terms(SalesTerms(review_order_cents=1_000))
    assert (await submit(shop))["needs"] == ["customer", "order-value"]
    first, second = order
    half = await approve(shop, first)
    assert (half.status_code, half.json()["status"]) == (202, "submitted")
    assert half.json()["needs"] == (["order-value"] if first == "boss" else ["customer"])
    assert (await approve(shop, first, attempt=1)).status_code == 202, "a repeat"
    assert (await approve(shop, second)).status_code == 200
    assert [one.approver for one in placed(shop).approvals] == [
        "boss" if one == "boss" else "rita" for one in order
    ]
    assert shop.names == ["order-submitted", "order-submitted", "order-placed"]


async def test_staff_cannot_accept_for_the_customer_that_it_costs_more(shop: Shop) -> None:
    """X-26: they accept what is cheaper."""
    shop.told.approval("none")
    shop.told.terms(SalesTerms(review_order_cents=1_000))
    await submit(shop)
    shop.told.priced("0017", each("12.00"), since=NOON + timedelta(hours=1))
    shop.later(DAY)
    dearer = await approve(shop, "reviewer")
    assert (dearer.status_code, dearer.json()["code"]) == (409, "dearer-than-agreed")
    assert dearer.json()["detail"].startswith("Die Bestellung kostet 7,14 € mehr")
    shop.told.priced("0017", each("9.00"), since=shop.now + timedelta(seconds=1))
    shop.later(60)
    cheaper = await approve(shop, "reviewer")
    assert cheaper.json()["code"] == "order-changed"
    assert (await approve(shop, "reviewer", quote=cheaper.json()["quote"])).status_code == 200


async def test_the_second_approval_is_of_the_prices_that_the_first_accepted(shop: Shop) -> None:
    shop.told.terms(SalesTerms(review_order_cents=1_000))
    await submit(shop)
    shop.told.priced("0017", each("12.00"), since=NOON + timedelta(hours=1))
    shop.later(DAY)
    quote = (await approve(shop)).json()["quote"]
    assert (await approve(shop, quote=quote)).json()["net_cents"] == 3_600
    assert (await approve(shop, "reviewer")).status_code == 200
    assert placed(shop).net_cents == 3_600
    assert [one.has_changed for one in placed(shop).approvals] == [True, False]


async def test_an_approved_order_counts_for_the_day_of_its_submission(shop: Shop) -> None:
    """S1"""
    await submit(shop)
    shop.later(DAY)
    await approve(shop)
    buyer = (await shop.ask("GET", "/buyers/otto", caller="otto")).json()
    assert (buyer["orders"], buyer["day"]) == (1, date(2026, 3, 1).isoformat())


async def test_a_refused_approval_uses_no_number(shop: Shop) -> None:
    await submit(shop)
    await submit(shop, "o2")
    await shop.ask("POST", "/orders/o1/withdrawal", caller="otto")
    assert (await approve(shop)).status_code == 409
    answer = await approve(shop, order_id="o2")
    assert answer.json()["order_number"] == "1000001"


async def test_submissions_are_not_ordered_twice_by_their_own_repeat(shop: Shop) -> None:
    """X-12: the orderer's client may repeat its request after the approval."""
    waiting = await submit(shop)
    await approve(shop)
    again = await shop.place("o1", "otto", lines=[{"article": "0017", "quantity": 3}])
    assert (again.status_code, again.json()["status"]) == (200, "placed")
    assert again.json()["lines"] == waiting["lines"]
    submissions = [event for event in shop.events if isinstance(event, OrderSubmitted)]
    assert len(submissions) == 1


async def test_staff_accept_for_the_customer_what_costs_the_same(shop: Shop) -> None:
    """X-26, X-27: such as an order whose gift ran out."""
    shop.told.approval("none")
    shop.told.terms(SalesTerms(review_order_cents=1_000))
    shop.told.gift_source("central")
    shop.told.gift("mug", 1_000, name="Tasse")
    await submit(shop)
    shop.told.listed("mug", "Tasse", use="gift", availability="out-of-stock")
    shop.later(DAY)
    changed = await approve(shop, "reviewer")
    assert (changed.status_code, changed.json()["code"]) == (409, "order-changed")
    accepted = await approve(shop, "reviewer", quote=changed.json()["quote"])
    assert (accepted.status_code, accepted.json()["gifts"]) == (200, [])
