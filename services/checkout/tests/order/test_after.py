"""CH-8: the answer to an order tells what it brought, if that takes no time."""

import asyncio
from datetime import date

import pytest
from checkout_tests.fakes import NOON, Shop

from checkout.order import after
from zugabe_events.contracts.vouchers import IssuedCode, OrderVouchers, RemainingUses
from zugabe_events.domain.errors import UnavailableError

SECOND = IssuedCode("ZWEITER", "Zweitkauf", date(2026, 12, 31), "Sie erhalten ZWEITER.")
LEFT = RemainingUses("TEN", "Zehn", 2, "TEN gilt noch 2 Mal.")


@pytest.fixture
def shop() -> Shop:
    shop = Shop()

    async def brought() -> OrderVouchers:
        return OrderVouchers((SECOND,), (LEFT,))

    shop.vouchers.brought = brought
    return shop


async def test_earned_codes_and_remaining_uses_are_in_the_answer(shop: Shop) -> None:
    """CH-8, VO-33, VO-35"""
    order = await shop.place(voucher_code="TEN")
    assert order.json()["after"] == {
        "issued": [
            {
                "code": "ZWEITER",
                "title": "Zweitkauf",
                "valid_until": "2026-12-31",
                "sentence": "Sie erhalten ZWEITER.",
            }
        ],
        "remaining": [
            {
                "code": "TEN",
                "title": "Zehn",
                "remaining_uses": 2,
                "sentence": "TEN gilt noch 2 Mal.",
            }
        ],
        "follows": None,
    }
    assert shop.vouchers.after["after o1"] == [order.headers["Zugabe-Token"]]
    again = await shop.place(voucher_code="TEN")
    assert (again.status_code, again.json()) == (200, order.json())


async def test_an_order_that_can_bring_nothing_asks_nobody(shop: Shop) -> None:
    order = await shop.place()
    assert order.json()["after"] is None
    assert "after o1" not in shop.vouchers.after


async def test_while_second_purchases_are_rewarded_every_order_asks(shop: Shop) -> None:
    """CH-8"""
    shop.told.campaign("zweit", NOON.date(), NOON.date(), kind="second-purchase")
    assert (await shop.place()).json()["after"]["issued"][0]["code"] == "ZWEITER"
    past = await shop.place(
        "o2", placed_at="2026-02-01T12:00:00Z", caller="service", user="anna", customer="c1"
    )
    assert (past.status_code, past.json()["after"]) == (201, None)


async def test_what_takes_too_long_follows_by_mail(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CH-8"""
    monkeypatch.setattr(after, "MAX_SECONDS", 0.01)

    async def never() -> OrderVouchers:
        await asyncio.Event().wait()
        raise AssertionError

    shop.vouchers.brought = never
    order = await shop.place(voucher_code="TEN")
    assert (order.status_code, order.json()["after"]["follows"]) == (201, "mail")


async def test_an_order_is_placed_though_nobody_says_what_it_brought(shop: Shop) -> None:
    async def lost() -> OrderVouchers:
        raise UnavailableError("Keine Antwort.")

    shop.vouchers.brought = lost
    order = await shop.place(voucher_code="TEN")
    assert (order.status_code, order.json()["after"]["follows"]) == (201, "mail")
