"""What follows an order is falsified one event at a time."""

from collections.abc import Callable
from typing import Any

import pytest
from verify_tests.course import (
    FIRST,
    LAST,
    PRICED,
    SHIPPED,
    Body,
    History,
    back,
    found,
    kinds,
    pieces,
    tax,
    totals,
    whole,
)

type Change = Callable[[Body], None]

CANCELLED: tuple[str, Body] = ("order-cancelled", {})
ENDED: tuple[str, Body] = ("submission-ended", {"attempt": 1})
PLACED: tuple[str, Body] = ("order-placed", PRICED)
SUBMITTED: tuple[str, Body] = ("order-submitted", PRICED)
ASKED_AGAIN: tuple[str, Body] = ("holds-asked", {"attempt": 2})
PLACED_AS_SECOND: tuple[str, Body] = ("order-placed", PRICED | {"attempt": 2})
CONFIRMED: tuple[str, Body] = ("order-confirmed", {})


def set_to(**fields: Any) -> Change:
    def change(body: Body) -> None:
        body.update(fields)

    return change


def line_with(place: int = 0, **more: int) -> Change:
    def change(body: Body) -> None:
        for name, by in more.items():
            body["lines"][place][name] += by

    return change


def of(history: History, name: str) -> list[Body]:
    return [body for kind, body in history if kind == name]


def test_a_whole_order_is_not_named() -> None:
    assert found(whole()) == []


def test_every_beginning_of_a_whole_order_is_not_named() -> None:
    for length in range(len(whole())):
        assert found(whole()[:length]) == []


@pytest.mark.parametrize(
    ("place", "change"),
    [
        (0, set_to(lines=pieces(_1=4, _3=1))),
        (0, set_to(lines=pieces(_1=0))),
        (0, set_to(lines=pieces(_4=1))),
        (0, set_to(lines=[])),
        (0, set_to(is_complete=True)),
        (0, set_to(lines=[*pieces(_1=1), *pieces(_1=1)])),
        (1, set_to(is_complete=False)),
        (1, set_to(shipment_id="s1")),
        (1, set_to(lines=pieces(_1=2, _2=1, _3=2))),
        (1, set_to(lines=pieces(_1=1, _2=1, _3=3))),
    ],
)
def test_a_shipment_of_other_pieces_than_are_left_is_named(place: int, change: Change) -> None:
    history = whole()[:7]
    change(of(history, "order-shipped")[place])
    assert kinds(history) == {"shipment-wrong"}


@pytest.mark.parametrize(
    "change",
    [
        line_with(quantity=2),
        line_with(quantity=-2),
        line_with(number=8),
        line_with(returned_before=1),
        line_with(ordered=1),
        line_with(net_cents=1),
        line_with(voucher_cents=1),
        line_with(reward_cents=-1),
        line_with(tax_cents=1),
        set_to(return_id="r2", lines=[*FIRST["lines"], *FIRST["lines"]]),
        set_to(goods_cents=2_001),
        set_to(net_cents=1_601),
        set_to(totals=totals(tax(1_900, 1_600, 305))),
        set_to(totals=totals(tax(700, 1_600, 304))),
        set_to(totals=totals(tax(1_900, 1_600, 304)) | {"gross_cents": 1_903}),
        set_to(shipping_cents=490),
        set_to(is_complete=True),
        set_to(is_cancellation=True),
        set_to(reward_cents_before=1),
        set_to(reward_discount_cents=299),
        set_to(reward_hold_id=None),
        set_to(voucher_hold_ids=["o1/1/1"]),
        set_to(gifts=[]),
        set_to(gifts=pieces(_3=1)),
        set_to(gifts=pieces(_3=3)),
        set_to(gifts=pieces(_3=4)),
        set_to(gifts=pieces(_9=1)),
    ],
)
def test_a_return_of_other_pieces_or_amounts_is_named(change: Change) -> None:
    """X-3"""
    history = whole()[:9]
    change(of(history, "order-returned")[0])
    assert kinds(history) == {"return-wrong"}


@pytest.mark.parametrize(
    "change",
    [
        set_to(return_id="r1"),
        set_to(shipping_cents=0),
        set_to(is_complete=False, is_cancellation=False),
        set_to(is_cancellation=False),
        set_to(reward_cents_before=0),
        set_to(totals=totals(tax(1_900, 1_147, 218), tax(700, 1_143, 80))),
        set_to(totals=totals(tax(1_900, 1_146, 217), tax(700, 1_144, 80))),
        set_to(lines=[LAST["lines"][0]]),
        line_with(returned_before=-2, quantity=2),
    ],
)
def test_a_last_return_that_does_not_end_at_the_order_is_named(change: Change) -> None:
    """X-3"""
    history = whole()
    change(of(history, "order-returned")[1])
    assert kinds(history) == {"return-wrong"}


def test_a_return_before_shipping_is_named_unless_the_dealer_took_it_back() -> None:
    """X-3"""
    history: History = [PLACED, ("order-returned", FIRST)]
    assert kinds(history) == {"return-wrong"}
    unshipped = [PLACED, ("order-returned", FIRST | {"unshipped": True})]
    assert found(unshipped) == []
    rest = {"shipment_id": "s1", "lines": pieces(_1=1, _2=1, _3=1), "is_complete": True}
    assert found([*unshipped, ("order-shipped", rest)]) == []
    assert kinds([*unshipped, *SHIPPED]) == {"shipment-wrong"}
    shipped_first: History = [PLACED, *SHIPPED, ("order-returned", FIRST | {"unshipped": True})]
    assert kinds(shipped_first) == {"return-wrong"}


def test_a_shipment_ends_without_pieces_when_the_rest_was_taken_back() -> None:
    line = back(1, 1, 3, 0, 1_000, 100, 100, 152)
    rest = FIRST | {"lines": [line], "goods_cents": 1_000, "net_cents": 800, "unshipped": True}
    rest |= {"gifts": pieces(_3=1), "totals": totals(tax(1_900, 800, 152))}
    first = {"shipment_id": "s1", "lines": pieces(_1=2, _2=1, _3=2), "is_complete": False}
    last = {"shipment_id": "r1", "lines": [], "is_complete": True}
    history: History = [PLACED, ("order-shipped", first), ("order-returned", rest)]
    assert found([*history, ("order-shipped", last)]) == []
    assert kinds([*history[:2], ("order-shipped", last)]) == {"shipment-wrong"}


def test_gifts_stay_where_the_terms_leave_them() -> None:
    kept = PRICED | {"after_sales": PRICED["after_sales"] | {"gifts_below_limit": "kept"}}
    history: History = [("order-placed", kept), *SHIPPED]
    assert found([*history, ("order-returned", FIRST | {"gifts": []})]) == []
    assert kinds([*history, ("order-returned", FIRST)]) == {"return-wrong"}


def test_a_return_of_an_order_from_before_has_no_vat() -> None:
    lines = [line | {"tax_cents": 0, "tax_rate": 0} for line in PRICED["lines"]]
    before = PRICED | {"lines": lines, "totals": None, "shipping": None}
    line = back(1, 2, 3, 0, 2_000, 200, 200, 0)
    returned = FIRST | {"lines": [line], "totals": totals() | {"net_cents": 1_600}}
    returned["totals"]["gross_cents"] = 1_600
    history: History = [("order-placed", before), *SHIPPED]
    assert found([*history, ("order-returned", returned)]) == []
    taxed = returned | {"totals": totals(tax(1_900, 1_600, 304))}
    assert kinds([*history, ("order-returned", taxed)]) == {"return-wrong"}


@pytest.mark.parametrize(
    "history",
    [
        [PLACED, CANCELLED, CONFIRMED],
        [PLACED, CANCELLED, CANCELLED],
        [PLACED, CANCELLED, *SHIPPED],
        [PLACED, CANCELLED, ("order-returned", FIRST | {"unshipped": True})],
        [PLACED, ("order-returned", FIRST | {"unshipped": True}), CANCELLED],
        [PLACED, SHIPPED[0], CANCELLED],
        [CONFIRMED, PLACED],
        [SUBMITTED, CANCELLED],
        [SUBMITTED, ENDED, ENDED],
        [SUBMITTED, ENDED, PLACED],
        [SUBMITTED, ENDED, SUBMITTED],
        [SUBMITTED, PLACED, ENDED],
        [SUBMITTED, PLACED, SUBMITTED],
        [SUBMITTED, PLACED_AS_SECOND],
        [SUBMITTED, ASKED_AGAIN],
        [PLACED, ENDED],
        [PLACED, ASKED_AGAIN],
        [ENDED],
    ],
)
def test_events_that_exclude_each_other_are_named(history: History) -> None:
    """X-2, X-26"""
    assert kinds(history) == {"order-course"}


@pytest.mark.parametrize(
    "history",
    [
        [PLACED, CONFIRMED, CANCELLED],
        [SUBMITTED, ENDED],
        [SUBMITTED, SUBMITTED, PLACED, CANCELLED],
        [SUBMITTED, ENDED, ASKED_AGAIN, PLACED_AS_SECOND],
        [SUBMITTED, ENDED, PLACED_AS_SECOND],
    ],
)
def test_events_that_can_follow_each_other_are_not_named(history: History) -> None:
    assert found(history) == []
