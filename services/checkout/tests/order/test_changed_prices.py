"""Q34, X-12: prices that change while an order is being placed."""

from typing import Any

import pytest
from checkout_tests.catalogue import each
from checkout_tests.fakes import Shop, lost

from zugabe_events.contracts.catalog_shops import ArticleDelisted
from zugabe_events.contracts.checkout import (
    HoldsAsked,
    OrderPlaced,
    VoucherApplied,
    VoucherTakenOff,
)

CART: dict[str, Any] = {"lines": [{"article": "7", "quantity": 2}], "voucher_code": "TEN"}


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.sold("7", "5.00", "Stift")
    return shop


async def interrupted(shop: Shop) -> None:
    """The voucher is held, and the answer is lost."""
    shop.vouchers.after_holding = lost
    assert (await shop.place(caller="otto", **CART)).status_code == 503
    shop.vouchers.after_holding = lambda: None


async def test_an_interrupted_order_goes_on_with_its_holds_while_prices_stay(shop: Shop) -> None:
    await interrupted(shop)
    shop.later(5)
    shop.told.sold("8", "1.00")
    order = (await shop.place(caller="otto", **CART)).json()
    assert shop.names == ["holds-asked", "order-placed"]
    assert order["net_cents"] == 900


async def test_once_a_price_has_changed_its_holds_are_asked_for_again(shop: Shop) -> None:
    """The discount was made for other lines."""
    await interrupted(shop)
    shop.told.priced("7", each("4.00"), since=shop.now)
    shop.later(5)
    order = (await shop.place(caller="otto", **CART)).json()
    assert shop.names == ["holds-asked", "voucher-taken-off", "holds-asked", "order-placed"]
    first, ended, second, placed = shop.events
    assert isinstance(first, HoldsAsked)
    assert isinstance(second, HoldsAsked)
    assert first.cart_hash == second.cart_hash, "the same is asked for"
    assert first.price_hash != second.price_hash
    assert isinstance(ended, VoucherTakenOff)
    assert (ended.attempt, ended.reason) == (1, "prices-changed")
    assert isinstance(placed, OrderPlaced)
    assert placed.attempt == 2
    assert placed.voucher is not None
    assert (placed.voucher.base_cents, order["net_cents"]) == (800, 720)


async def test_once_an_article_is_gone_its_order_does_not_go_on(shop: Shop) -> None:
    await interrupted(shop)
    shop.documents.fold(ArticleDelisted("central", "7", shop.now))
    answer = await shop.place(caller="otto", **CART)
    assert answer.json()["code"] == "lines-refused"
    assert shop.names == ["holds-asked"], "the attempt lapses by itself"


async def test_a_price_that_changes_during_the_request_is_that_of_its_beginning(
    shop: Shop,
) -> None:
    """Of the instant at which the order was placed."""
    shop.vouchers.after_holding = lambda: shop.told.priced("7", each("4.00"), since=shop.now)
    order = (await shop.place(caller="otto", **CART)).json()
    assert (order["goods_cents"], order["net_cents"]) == (1_000, 900)


async def test_a_repeat_with_later_prices_takes_over_and_places_one_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first request is told to ask again, and finds the order of its repeat."""
    hold = shop.vouchers.hold
    repeated: list[Any] = []

    async def slow(*asked: Any) -> tuple[VoucherApplied, ...]:
        monkeypatch.setattr(shop.vouchers, "hold", hold)
        answer = await hold(*asked)
        shop.told.priced("7", each("4.00"), since=shop.now)
        shop.vouchers.after_holding = lost
        repeated.append(await shop.place(caller="otto", **CART))
        shop.vouchers.after_holding = lambda: None
        return answer

    monkeypatch.setattr(shop.vouchers, "hold", slow)
    first = await shop.place(caller="otto", **CART)
    assert [one.status_code for one in (*repeated, first)] == [503, 503]
    order = await shop.place(caller="otto", **CART)
    assert (order.status_code, order.json()["net_cents"]) == (201, 720)
    assert shop.names.count("order-placed") == 1
