"""What is held keeps its discount when prices change before the approval (X-17)."""

from checkout_tests.fakes import NOON, reward_for, voucher_for
from checkout_tests.submissions import submitted
from hypothesis import given
from hypothesis import strategies as st

from checkout.approval.repricing import kept, refitted
from checkout.order.cart import Cart
from checkout.peer.ports import Buyer
from checkout.pricing.discounts import Discounts, discounted, with_vouchers
from checkout.pricing.goods import CartLine, at_own_prices
from checkout.pricing.vat_rates import GERMANY
from zugabe_events.contracts.checkout import OrderLine, OrderSubmitted

prices = st.lists(st.integers(0, 10_000), min_size=1, max_size=5)


def lines_at(cents: list[int]) -> tuple[OrderLine, ...]:
    return at_own_prices([CartLine("0017", "g", "b", 1, price) for price in cents]).lines


def waiting(cents: list[int]) -> OrderSubmitted:
    """With a voucher of 10 percent, another one on what it left, and a reward of 5 euros."""
    goods = at_own_prices([CartLine("0017", "g", "b", 1, price) for price in cents])
    first = voucher_for(goods.lines, "o1/1")
    left = [line.net_cents - line.voucher_cents for line in with_vouchers(goods.lines, (first,))]
    second = voucher_for(lines_at(left), "o1/1", "MORE")
    reward = reward_for(with_vouchers(goods.lines, (first, second)), "o1/1")
    cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), (), ("TEN",), "fiver")
    discounts = Discounts((first, second), reward)
    return submitted(cart.order(goods, discounts, GERMANY, 1))


@given(prices, st.data())
def test_discounts_fit_whatever_the_prices_become(before: list[int], data: st.DataObject) -> None:
    """X-10: no line goes below zero, and shares add up."""
    order = waiting(before)
    after = data.draw(st.lists(st.integers(0, 10_000), min_size=len(before), max_size=len(before)))
    discounts = kept(order, lines_at(after))
    priced = discounted(lines_at(after), discounts)
    assert all(line.voucher_cents + line.reward_cents <= line.net_cents for line in priced)
    for was, now in zip(
        (*order.vouchers, order.reward), (*discounts.vouchers, discounts.reward), strict=True
    ):
        assert was is not None
        assert now is not None
        assert now.discount_cents <= was.discount_cents
        assert now.hold_id == was.hold_id


@given(prices)
def test_unchanged_prices_change_no_discount(before: list[int]) -> None:
    order = waiting(before)
    assert kept(order, lines_at(before)) == Discounts(order.vouchers, order.reward)


@given(prices, st.integers(0, 10_000))
def test_dearer_goods_leave_the_discounts_as_they_were(before: list[int], more: int) -> None:
    order = waiting(before)
    dearer = lines_at([price + more for price in before])
    assert kept(order, dearer) == Discounts(order.vouchers, order.reward)


def test_a_line_that_became_too_cheap_passes_its_share_on() -> None:
    voucher = voucher_for(lines_at([3_000, 1_000, 0]))
    assert voucher.shares == (300, 100, 0)
    assert refitted(voucher, [3_000, 40, 500]).shares == (395, 5, 0), "never to one without"
    assert refitted(voucher, [3_000, 40, 500]).discount_cents == 400


def test_a_discount_that_is_not_used_up_says_so() -> None:
    voucher = voucher_for(lines_at([3_000]))
    smaller = refitted(voucher, [120])
    assert (smaller.discount_cents, smaller.shares) == (120, (120,))
    assert smaller.explanation == "10 % auf 30,00 €. Davon werden 1,20 € angerechnet."
