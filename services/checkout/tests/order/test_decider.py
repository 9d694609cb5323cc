"""One stream decides the fate of an attempt, once: ordered, taken off, or lapsed."""

from datetime import timedelta
from typing import Any

from checkout_tests.fakes import NOON, ordered, voucher_for

from checkout.order.cart import Cart
from checkout.order.decider import (
    ORDER_DECIDER,
    AskHolds,
    AttemptOverError,
    Lapse,
    PlaceWithHolds,
    PlaceWithoutHolds,
    TakeOff,
)
from checkout.order.state import AlreadyOrderedError, OrderIdTakenError
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    OrderCancelled,
    RewardTakenOff,
    VoucherTakenOff,
)
from zugabe_testing.deciders import given

DEADLINE = NOON + timedelta(minutes=10)
LINES = (CartLine("0017", "g", "b", 2, 1_000),)
GOODS = at_own_prices(LINES)
cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), LINES, ("TEN",), "fiver")
of_bert = Cart("o1", Buyer("d1", "c1", "bert", NOON), LINES, ("TEN",), "fiver")

asked = cart.holds(GOODS, 1, DEADLINE, codes=("TEN",), reward_id="fiver")
asked_again = cart.holds(GOODS, 2, DEADLINE, codes=("TEN",), reward_id=None)
ENDED: dict[str, Any] = {
    "order_id": "o1",
    "dealer": "d1",
    "customer": "c1",
    "user": "anna",
    "attempt": 1,
    "deadline": DEADLINE,
}
voucher_off = VoucherTakenOff(**ENDED, reason="expired")
reward_off = RewardTakenOff(**ENDED, reason="expired")
lapsed = CheckoutLapsed(**ENDED, voucher_asked=True, reward_asked=True)
placed = ordered(cart, GOODS, "1000001", 1, (), [voucher_for(GOODS.lines, "o1/1")])
plain = ordered(cart, GOODS, "1000002", 1)
cancelled = OrderCancelled(
    order_id="o1",
    order_number="1000001",
    dealer="d1",
    customer="c1",
    user="anna",
    placed_at=NOON,
    cancelled_at=DEADLINE,
    reason="Irrtum",
    voucher_hold_id="o1/1",
    reward_hold_id=None,
    goods_cents=2_000,
    net_cents=1_800,
)


def test_a_checkout_asks_for_holds() -> None:
    given(ORDER_DECIDER).when(AskHolds(asked, "")).then(asked)


def test_the_next_attempt_ends_the_running_one_for_all_it_asked() -> None:
    """X-1"""
    given(ORDER_DECIDER, asked).when(AskHolds(asked_again, "expired")).then(
        voucher_off, reward_off, asked_again
    )


def test_an_attempt_is_opened_only_behind_the_one_that_was_seen() -> None:
    given(ORDER_DECIDER).when(AskHolds(asked_again, "")).refused(AttemptOverError)
    given(ORDER_DECIDER, asked).when(AskHolds(asked, "")).refused(AttemptOverError)
    given(ORDER_DECIDER, asked, lapsed).when(AskHolds(asked, "")).refused(AttemptOverError)


def test_a_running_attempt_becomes_the_order() -> None:
    given(ORDER_DECIDER, asked).when(PlaceWithHolds(placed)).then(placed)


def test_an_attempt_that_ended_cannot_become_the_order() -> None:
    """Lesson 1"""
    for fate in ((lapsed,), (voucher_off, reward_off), (voucher_off, reward_off, asked_again)):
        given(ORDER_DECIDER, asked, *fate).when(PlaceWithHolds(placed)).refused(AttemptOverError)


def test_an_attempt_is_taken_off_once() -> None:
    """Lesson 4"""
    given(ORDER_DECIDER, asked).when(TakeOff(1, "expired")).then(voucher_off, reward_off)
    for history in ((), (asked, lapsed), (asked, placed), (asked, voucher_off, reward_off)):
        given(ORDER_DECIDER, *history).when(TakeOff(1, "expired")).refused(AttemptOverError)


def test_a_plain_order_has_a_number_of_attempt_of_its_own() -> None:
    second = ordered(cart, GOODS, "1000002", 2)
    given(ORDER_DECIDER).when(PlaceWithoutHolds(plain, "")).then(plain)
    given(ORDER_DECIDER, asked, lapsed).when(PlaceWithoutHolds(plain, "")).then(second)
    given(ORDER_DECIDER, asked).when(PlaceWithoutHolds(plain, "expired")).then(
        voucher_off, reward_off, second
    )
    given(ORDER_DECIDER, asked).when(PlaceWithoutHolds(plain, "expired", 1)).then(
        voucher_off, reward_off, second
    )


def test_a_plain_order_instead_of_an_attempt_needs_that_attempt() -> None:
    for history in ((), (asked, lapsed), (asked, voucher_off, reward_off, asked_again)):
        given(ORDER_DECIDER, *history).when(PlaceWithoutHolds(plain, "expired", 1)).refused(
            AttemptOverError
        )


def test_an_order_is_placed_once() -> None:
    """X-12, lesson 7"""
    for history in ((asked, placed), (asked, placed, cancelled)):
        for command in (
            AskHolds(asked_again, ""),
            PlaceWithHolds(placed),
            PlaceWithoutHolds(plain, ""),
        ):
            given(ORDER_DECIDER, *history).when(command).refused(AlreadyOrderedError)


def test_a_checkout_belongs_to_who_opened_it() -> None:
    """X-16"""
    asked_by_bert = of_bert.holds(GOODS, 2, DEADLINE, codes=("TEN",), reward_id=None)
    for history in ((asked,), (asked, lapsed)):
        given(ORDER_DECIDER, *history).when(AskHolds(asked_by_bert, "")).refused(OrderIdTakenError)
        by_bert = PlaceWithoutHolds(ordered(of_bert, GOODS, "1000001", 1), "")
        given(ORDER_DECIDER, *history).when(by_bert).refused(OrderIdTakenError)


def test_an_attempt_lapses_at_its_deadline_and_not_before() -> None:
    """X-1"""
    given(ORDER_DECIDER, asked).when(Lapse(1, DEADLINE)).then(lapsed)
    given(ORDER_DECIDER, asked).when(Lapse(1, DEADLINE - timedelta(microseconds=1))).then()


def test_an_alarm_changes_nothing_once_the_attempt_met_its_fate() -> None:
    late = DEADLINE + timedelta(days=1)
    for history in (
        (),
        (asked, placed),
        (asked, placed, cancelled),
        (asked, lapsed),
        (asked, voucher_off, reward_off, asked_again),
    ):
        given(ORDER_DECIDER, *history).when(Lapse(1, late)).then()


def test_the_same_cart_is_known_again_at_another_time_but_not_another_cart() -> None:
    """Lesson 7"""
    later = Cart("o1", Buyer("d1", "c1", "anna", DEADLINE), LINES, ("TEN",), "fiver")
    assert later.hash == cart.hash
    others = (
        of_bert,
        Cart("o1", cart.buyer, LINES * 2, ("TEN",), "fiver"),
        Cart("o1", cart.buyer, LINES, ("ten",), "fiver"),
        Cart("o1", cart.buyer, LINES, ("TEN",), None),
        Cart("o1", cart.buyer, LINES, ("TEN",), "fiver", without_refused=True),
        Cart("o1", cart.buyer, LINES, ("TEN",), "fiver", imported=True),
    )
    assert len({cart.hash, *(other.hash for other in others)}) == len(others) + 1
