"""Amounts of a placed or submitted order are falsified one at a time."""

import copy
from collections.abc import Callable

import pytest
from verify_tests.course import PRICED, Body, found, kinds, tax, totals


@pytest.fixture
def order() -> Body:
    return copy.deepcopy(PRICED)


def test_an_order_that_adds_up_is_not_named(order: Body) -> None:
    assert found([("order-placed", order)]) == []


def another_net(order: Body) -> None:
    order["totals"]["net_cents"] += 1
    order["totals"]["gross_cents"] += 1


def another_vat(order: Body) -> None:
    order["totals"]["tax_cents"] += 1
    order["totals"]["gross_cents"] += 1


def another_gross(order: Body) -> None:
    order["totals"]["gross_cents"] -= 1


def vat_rounded_down(order: Body) -> None:
    """2,746 cents at 19 % are 521.74."""
    order["totals"] = totals(tax(1_900, 2_746, 521), tax(700, 1_144, 80))
    order["shipping"]["taxes"][0]["tax_cents"] = 65


def a_net_at_another_rate(order: Body) -> None:
    order["totals"] = totals(tax(1_900, 2_646, 503), tax(700, 1_244, 87))


def a_rate_that_comes_twice(order: Body) -> None:
    parts = tax(1_900, 1_373, 261), tax(1_900, 1_373, 261)
    order["totals"] = totals(*parts, tax(700, 1_144, 80))


def a_line_that_lacks_vat(order: Body) -> None:
    order["lines"][0]["tax_cents"] -= 1


def a_line_with_the_vat_of_the_shipping(order: Body) -> None:
    order["lines"][0]["tax_cents"] += 5
    order["shipping"]["taxes"][0]["tax_cents"] -= 5


def shipping_at_the_wrong_rate(order: Body) -> None:
    order["shipping"]["taxes"] = [tax(1_900, 490, 93)]
    order["totals"] = totals(tax(1_900, 2_890, 549), tax(700, 1_000, 70))


def shipping_that_is_free_and_costs(order: Body) -> None:
    order["shipping"]["free_because"] = "value"


def shipping_that_no_voucher_takes_away(order: Body) -> None:
    order["shipping"] |= {"cost_cents": 0, "free_because": "voucher", "taxes": []}
    order["lines"][0]["tax_cents"] = 456
    order["totals"] = totals(tax(1_900, 2_400, 456), tax(700, 1_000, 70))


def shipping_that_costs_more_than_it_says(order: Body) -> None:
    order["shipping"] |= {"cost_cents": 500, "usual_cents": 500}


@pytest.mark.parametrize(
    "falsify",
    [
        another_net,
        another_vat,
        another_gross,
        vat_rounded_down,
        a_net_at_another_rate,
        a_rate_that_comes_twice,
        a_line_that_lacks_vat,
        a_line_with_the_vat_of_the_shipping,
        shipping_at_the_wrong_rate,
        shipping_that_is_free_and_costs,
        shipping_that_no_voucher_takes_away,
        shipping_that_costs_more_than_it_says,
    ],
)
@pytest.mark.parametrize("name", ["order-placed", "order-submitted"])
def test_totals_that_are_wrong_are_named(
    order: Body, falsify: Callable[[Body], None], name: str
) -> None:
    """X-20"""
    falsify(order)
    assert kinds([(name, order)]) == {"order-totals"}


def test_a_free_shipping_voucher_takes_the_cost_away(order: Body) -> None:
    shipping_that_no_voucher_takes_away(order)
    order["more_vouchers"][0]["free_shipping"] = True
    assert found([("order-placed", order)]) == []


def test_shipping_of_goods_of_which_nothing_is_left_follows_their_value_before(
    order: Body,
) -> None:
    """X-20"""
    line = order["lines"][0] | {"voucher_cents": 3_000, "reward_cents": 0, "tax_cents": 0}
    all_off = order["voucher"] | {"discount_cents": 3_000, "shares": [3_000]}
    order |= {"lines": [line], "goods_cents": 3_000, "net_cents": 0, "voucher": all_off}
    order |= {"more_vouchers": [], "reward": None, "totals": totals(tax(1_900, 490, 93))}
    order["shipping"]["taxes"] = [tax(1_900, 490, 93)]
    assert found([("order-placed", order)]) == []
    order["totals"] = totals(tax(700, 490, 34))
    order["shipping"]["taxes"] = [tax(700, 490, 34)]
    assert kinds([("order-placed", order)]) == {"order-totals"}


def test_an_order_from_before_has_no_totals_to_be_wrong(order: Body) -> None:
    for name in ("totals", "gifts", "shipping", "after_sales", "more_vouchers"):
        del order[name]
    for line in order["lines"]:
        for name in ("excluded", "tax_rate", "tax_cents"):
            del line[name]
    assert found([("order-placed", order)]) == []


def a_share_below_zero(order: Body) -> None:
    order["voucher"]["shares"] = [201, -1]


def a_share_of_more_than_is_left(order: Body) -> None:
    """Nothing is left after the vouchers, and the reward takes some off."""
    order["voucher"]["shares"][0] = 2_900


def a_voucher_on_an_excluded_line(order: Body) -> None:
    order["lines"][0]["excluded"] = ["vouchers"]


def a_reward_on_an_excluded_line(order: Body) -> None:
    order["lines"][0]["excluded"] = ["points", "rewards"]


@pytest.mark.parametrize(
    "falsify",
    [
        a_share_below_zero,
        a_share_of_more_than_is_left,
        a_voucher_on_an_excluded_line,
        a_reward_on_an_excluded_line,
    ],
)
def test_shares_that_no_line_can_have_are_named(
    order: Body, falsify: Callable[[Body], None]
) -> None:
    """X-10, X-24"""
    falsify(order)
    assert kinds([("order-placed", order)]) == {"order-shares"}


def a_piece_too_many(order: Body) -> None:
    """The second line does not count: 3,000 cents allow three."""
    order["gifts"][0]["pieces"] = 4


def a_gift_of_no_pieces(order: Body) -> None:
    order["gifts"][0]["pieces"] = 0


def a_gift_without_a_limit(order: Body) -> None:
    order["gifts"][0]["limit_cents"] = 0


def several_where_one_is_free(order: Body) -> None:
    order["after_sales"]["gift_mode"] = "from"


def one_whose_limit_is_not_reached(order: Body) -> None:
    order["after_sales"]["gift_mode"] = "from"
    order["gifts"][0] |= {"pieces": 1, "limit_cents": 3_001}


def gifts_of_a_customer_who_has_none(order: Body) -> None:
    """X-25"""
    for line in order["lines"]:
        line["excluded"].append("gifts")


def a_gift_with_the_number_of_a_line(order: Body) -> None:
    order["gifts"][0]["number"] = 2


@pytest.mark.parametrize(
    "falsify",
    [
        a_piece_too_many,
        a_gift_of_no_pieces,
        a_gift_without_a_limit,
        several_where_one_is_free,
        one_whose_limit_is_not_reached,
        gifts_of_a_customer_who_has_none,
        a_gift_with_the_number_of_a_line,
    ],
)
def test_gifts_that_the_value_does_not_allow_are_named(
    order: Body, falsify: Callable[[Body], None]
) -> None:
    """GA-14, X-24"""
    falsify(order)
    assert kinds([("order-placed", order)]) == {"order-gifts"}


def test_a_gift_whose_limit_is_reached_exactly_is_allowed(order: Body) -> None:
    """Q3"""
    order["after_sales"]["gift_mode"] = "from"
    order["gifts"][0] |= {"pieces": 1, "limit_cents": 3_000}
    assert found([("order-placed", order)]) == []
