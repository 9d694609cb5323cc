"""The views of orders and buyers, which no interleaving of lanes changes."""

import msgspec
from checkout_tests.fakes import NOON, ordered, reward_for, voucher_for
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from checkout.buyer.view import BUYERS, BuyerView
from checkout.order.cart import Cart
from checkout.order.view import ORDERS, placed_order
from checkout.peer.ports import Buyer
from checkout.pricing.discounts import with_vouchers
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.contracts.checkout import OrderCancelled, OrderPlaced, Refusal
from zugabe_events.domain.event import Event

LINES = (CartLine("0017", "g", "b", 2, 1_000),)
GOODS = at_own_prices(LINES)
VOUCHER = voucher_for(GOODS.lines, "o1/1")
EXPIRED = Refusal(offered="5", code="expired", detail="Abgelaufen.")


def placed(order_id: str, user: str) -> OrderPlaced:
    cart = Cart(order_id, Buyer("d1", "c1", user, NOON), LINES, ("TEN",), "fiver")
    return ordered(cart, GOODS, order_id, 1, (EXPIRED,), [VOUCHER])


def cancelled(order: OrderPlaced) -> OrderCancelled:
    return OrderCancelled(
        order_id=order.order_id,
        order_number=order.order_number,
        dealer=order.dealer,
        customer=order.customer,
        user=order.user,
        placed_at=order.placed_at,
        cancelled_at=NOON,
        reason="Irrtum",
        voucher_hold_id="o1/1",
        reward_hold_id=None,
        goods_cents=order.goods_cents,
        net_cents=order.net_cents,
    )


def shown(events: list[Event]) -> dict[str, object]:
    documents: dict[str, object] = {}
    for event in events:
        for model in (ORDERS, BUYERS):
            for key in model.keys(event):
                name = f"{model.name}/{key}"
                documents[name] = model.project(documents.get(name), event)  # type: ignore[arg-type]
    return documents


def test_a_buyer_is_the_sum_of_what_he_ordered_with_the_cancelled_beside_it() -> None:
    one, two = placed("o1", "anna"), placed("o2", "anna")
    documents = shown([one, two, cancelled(two)])
    assert documents["checkout.buyers/d1/anna"] == BuyerView(
        dealer="d1",
        user="anna",
        orders=2,
        cancelled=1,
        goods_cents=4_000,
        net_cents=3_600,
        cancelled_goods_cents=2_000,
        cancelled_net_cents=1_800,
        vouchers_redeemed=2,
        voucher_discount_cents=400,
        refusals={"expired": 2},
        day=NOON.date(),
        day_goods_cents=2_000,
    )


NOTHING = {
    "dealer": "d1",
    "user": "anna",
    "orders": 0,
    "cancelled": 0,
    "goods_cents": 0,
    "net_cents": 0,
    "cancelled_goods_cents": 0,
    "cancelled_net_cents": 0,
    "vouchers_redeemed": 0,
    "voucher_discount_cents": 0,
    "rewards_redeemed": 0,
    "reward_discount_cents": 0,
    "refusals": {},
    "returns": 0,
    "fully_returned": 0,
    "returned_goods_cents": 0,
    "returned_net_cents": 0,
    "noticed_at": None,
    "day": None,
    "day_goods_cents": 0,
}
ON_SUNDAY = {"day": NOON.date(), "day_goods_cents": 2_000}


def buyer_after(*events: Event) -> dict[str, object]:
    buyer = shown([*events])["checkout.buyers/d1/anna"]
    assert isinstance(buyer, BuyerView)
    return asdict(buyer)


def test_the_sums_of_a_buyer_begin_at_zero() -> None:
    """CH-3: an order without discounts adds goods and nothing else."""
    cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), LINES, (), None)
    order = ordered(cart, GOODS, "1000001", 1)
    assert buyer_after(order) == NOTHING | ON_SUNDAY | {
        "orders": 1,
        "goods_cents": 2_000,
        "net_cents": 2_000,
    }


def test_a_cancellation_counts_beside_what_was_ordered() -> None:
    """X-2: it adds to what was cancelled, and takes nothing off the sums of orders."""
    assert buyer_after(cancelled(placed("o1", "anna"))) == NOTHING | {
        "cancelled": 1,
        "cancelled_goods_cents": 2_000,
        "cancelled_net_cents": 1_800,
    }


def test_a_buyer_shows_what_vouchers_and_rewards_took_off() -> None:
    """X-8: 10 % of 20,00 € and a reward of 5,00 €, twice."""
    reward = reward_for(with_vouchers(GOODS.lines, [VOUCHER]))
    cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), LINES, ("TEN",), "fiver")
    order = ordered(cart, GOODS, "1000001", 1, (EXPIRED, EXPIRED), [VOUCHER], reward)
    assert buyer_after(order, order) == NOTHING | {
        "orders": 2,
        "goods_cents": 4_000,
        "net_cents": 2_600,
        "vouchers_redeemed": 2,
        "voucher_discount_cents": 400,
        "rewards_redeemed": 2,
        "reward_discount_cents": 1_000,
        "refusals": {"expired": 4},
        "day": NOON.date(),
        "day_goods_cents": 4_000,
    }


@given(st.permutations(["anna", "anna", "bert", "bert", "cleo", "cleo"]))
def test_every_interleaving_of_lanes_shows_the_same(users: list[str]) -> None:
    """A user's events are in one lane; those of several users come in any order."""
    lanes = {
        user: [placed(f"of-{user}", user), cancelled(placed(f"of-{user}", user))]
        for user in ("anna", "bert", "cleo")
    }
    expected = shown([event for lane in lanes.values() for event in lane])
    taken = {user: iter(lane) for user, lane in lanes.items()}
    assert shown([next(taken[user]) for user in users]) == expected


def test_an_order_from_before_is_still_read() -> None:
    """Its event has no gifts, shipping, VAT and terms; figures that nobody recorded are not made
    up."""
    stored = msgspec.json.decode(msgspec.json.encode(placed("o1", "anna")))
    new = ("more_vouchers", "gifts", "shipping", "totals", "delivery", "note", "earning")
    for name in (*new, "terms_version", "approvals", "after_sales"):
        del stored[name]
    for line in stored["lines"]:
        for name in ("excluded", "tax_rate", "tax_cents"):
            del line[name]
    before = msgspec.json.decode(msgspec.json.encode(stored), type=OrderPlaced)
    view = placed_order(before)
    assert (view.totals, view.shipping, view.gifts, view.more_vouchers) == (None, None, (), ())
    assert (view.net_cents, view.voucher) == (1_800, placed_order(placed("o1", "anna")).voucher)
    assert buyer_after(before)["net_cents"] == 1_800
