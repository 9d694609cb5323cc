"""S6: the dealer tells that an order is confirmed, shipped and delivered; cancelling ends there."""

from datetime import timedelta
from typing import Any

import pytest
from checkout_tests.placed_orders import MORNING, gift, line, order
from checkout_tests.submissions import submitted
from msgspec.structs import replace

from checkout.fulfilment.cancelling import Cancel
from checkout.fulfilment.decider import FULFILMENT_DECIDER, Command
from checkout.fulfilment.refusals import (
    AllShippedError,
    LineUnknownError,
    NotShippedError,
    OrderCancelledError,
    OrderConfirmedError,
    OrderNotFoundError,
    OrderShippedError,
    ShipmentExceedsError,
)
from checkout.fulfilment.returning import Return
from checkout.fulfilment.steps import Confirm, Deliver, EndReturnPeriod, Ship
from checkout.order.state import AlreadySubmittedError, OrderEvent
from zugabe_events.contracts.checkout import (
    AfterSales,
    CancelReason,
    Earning,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderShipped,
    ReturnPeriodEnded,
    Shipped,
    SubmissionEnded,
    VoucherShare,
)
from zugabe_testing.deciders import given

OF_ORDER: dict[str, Any] = {
    "order_id": "o1",
    "order_number": "1000001",
    "dealer": "d1",
    "customer": "c1",
    "user": "anna",
}
CONFIRMED = OrderConfirmed(**OF_ORDER, confirmed_at=MORNING)
ENDED = SubmissionEnded(
    **OF_ORDER,
    attempt=1,
    outcome="rejected",
    by="boss",
    at=MORNING,
    submitted_at=MORNING,
    net_cents=3_500,
)
PLACED = order(line(1, 3, 3_000), line(2, 1, 500), gifts=(gift(3, 1_000),))


def after(*history: OrderEvent, then: Command) -> tuple[OrderEvent, ...]:
    return (*history, *FULFILMENT_DECIDER.decide(then, FULFILMENT_DECIDER.fold(history)))


def shipped(*pieces: tuple[int, int], is_complete: bool = False, name: str = "s1") -> OrderShipped:
    return OrderShipped(
        **OF_ORDER,
        shipment_id=name,
        lines=tuple(Shipped(*one) for one in pieces),
        is_complete=is_complete,
        shipped_at=MORNING,
    )


def test_an_order_is_confirmed_once() -> None:
    given(FULFILMENT_DECIDER, PLACED).when(Confirm(MORNING)).then(CONFIRMED)
    given(FULFILMENT_DECIDER, PLACED, CONFIRMED).when(Confirm(MORNING)).then()


def test_an_order_is_shipped_in_parts_and_the_last_one_completes_it() -> None:
    """Gifts have to leave as well."""
    first = given(FULFILMENT_DECIDER, PLACED, CONFIRMED).when(Ship("s1", {1: 2, 2: 1}, MORNING))
    first.then(shipped((1, 2), (2, 1)))
    history = (PLACED, CONFIRMED, shipped((1, 2), (2, 1)))
    given(FULFILMENT_DECIDER, *history).when(Ship("s2", {1: 1}, MORNING)).then(
        shipped((1, 1), name="s2")
    )
    given(FULFILMENT_DECIDER, *history).when(Ship("s2", None, MORNING)).then(
        shipped((1, 1), (3, 1), name="s2", is_complete=True)
    )


def test_what_is_shipped_was_confirmed_by_that() -> None:
    given(FULFILMENT_DECIDER, PLACED).when(Ship("s1", {2: 1}, MORNING)).then(
        CONFIRMED, shipped((2, 1))
    )


def test_nothing_is_shipped_twice() -> None:
    history = (PLACED, CONFIRMED, shipped((1, 2)))
    refusal = (
        given(FULFILMENT_DECIDER, *history)
        .when(Ship("s2", {1: 2, 2: 1}, MORNING))
        .refused(ShipmentExceedsError, "shipment-exceeds")
    )
    assert refusal.detail == "Position 1: Zu versenden ist noch 1 Stück, nicht 2."
    given(FULFILMENT_DECIDER, *history).when(Ship("s2", {7: 1}, MORNING)).refused(LineUnknownError)
    everything = after(*history, then=Ship("s2", None, MORNING))
    given(FULFILMENT_DECIDER, *everything).when(Ship("s3", None, MORNING)).refused(
        AllShippedError, "all-shipped"
    )


def test_the_same_shipment_is_told_twice_and_another_under_its_id_is_refused() -> None:
    history = (PLACED, CONFIRMED, shipped((1, 2)))
    for again in (Ship("s1", {1: 2}, MORNING), Ship("s1", None, MORNING)):
        given(FULFILMENT_DECIDER, *history).when(again).then()
    other = given(FULFILMENT_DECIDER, *history).when(Ship("s1", {1: 3}, MORNING))
    with pytest.raises(Exception, match="Sendungsnummer"):
        other.attempt()


def test_an_order_is_delivered_when_all_of_it_was_shipped() -> None:
    history = (PLACED, CONFIRMED, shipped((1, 2)))
    refusal = (
        given(FULFILMENT_DECIDER, *history)
        .when(Deliver(MORNING))
        .refused(NotShippedError, "order-not-shipped")
    )
    assert refusal.facts == {"missing_pieces": 3}
    assert refusal.detail.endswith("es fehlen noch 3 Stück.")
    complete = after(*history, then=Ship("s2", None, MORNING))
    delivered = OrderDelivered(**OF_ORDER, delivered_at=MORNING)
    given(FULFILMENT_DECIDER, *complete).when(Deliver(MORNING)).then(delivered)
    given(FULFILMENT_DECIDER, *complete, delivered).when(Deliver(MORNING)).then()


def cancel(*, by_buyer: bool = True, reason: CancelReason = "other") -> Cancel:
    return Cancel(reason, None, by_buyer, MORNING)


def test_a_buyer_cancels_until_shipping_or_until_confirmation_as_the_terms_say() -> None:
    """X-40: as they were when the order was placed."""
    strict = replace(PLACED, after_sales=AfterSales(buyers_cancel_until="confirmed"))
    assert after(PLACED, CONFIRMED, then=cancel())
    assert isinstance(after(strict, then=cancel())[-1], OrderCancelled)
    given(FULFILMENT_DECIDER, strict, CONFIRMED).when(cancel()).refused(
        OrderConfirmedError, "order-confirmed"
    )
    by_staff = after(strict, CONFIRMED, then=cancel(by_buyer=False))
    assert isinstance(by_staff[-1], OrderCancelled)


def test_what_left_the_warehouse_is_not_cancelled_by_anybody() -> None:
    for by_buyer in (True, False):
        given(FULFILMENT_DECIDER, PLACED, CONFIRMED, shipped((1, 1))).when(
            cancel(by_buyer=by_buyer)
        ).refused(OrderShippedError, "order-shipped")


def test_a_cancelled_order_is_not_touched_any_more() -> None:
    history = after(PLACED, then=cancel())
    for command in (Confirm(MORNING), Ship("s1", None, MORNING), Deliver(MORNING)):
        given(FULFILMENT_DECIDER, *history).when(command).refused(
            OrderCancelledError, "order-cancelled"
        )
    given(FULFILMENT_DECIDER, *history).when(cancel()).then()
    given(FULFILMENT_DECIDER, *history).when(EndReturnPeriod(MORNING)).then()


def test_what_was_never_placed_has_no_steps() -> None:
    for command in (Confirm(MORNING), cancel()):
        given(FULFILMENT_DECIDER).when(command).refused(OrderNotFoundError)


def test_what_waits_for_approval_is_withdrawn_instead() -> None:
    """X-26"""
    given(FULFILMENT_DECIDER, submitted(PLACED)).when(cancel()).refused(AlreadySubmittedError)
    rejected = given(FULFILMENT_DECIDER, submitted(PLACED), ENDED)
    rejected.when(cancel()).refused(OrderNotFoundError)
    given(FULFILMENT_DECIDER, submitted(PLACED), PLACED).when(Confirm(MORNING)).then(CONFIRMED)


def test_a_cancellation_says_what_to_take_back() -> None:
    """X-2: also for an order from before terms and VAT."""
    old = order(line(1, 2, 2_000), voucher_cents=100, reward_cents=50, classes=None)
    given(FULFILMENT_DECIDER, old).when(cancel(reason="ordered-twice")).then(
        OrderCancelled(
            **OF_ORDER,
            placed_at=MORNING,
            cancelled_at=MORNING,
            reason="ordered-twice",
            voucher_hold_id="o1/1",
            reward_hold_id="o1/r",
            goods_cents=2_000,
            net_cents=1_850,
            alarm_after_cancellations=5,
            vouchers=(VoucherShare("spring", "TEN", 100),),
        )
    )
    assert old.voucher
    combined = replace(old, more_vouchers=(replace(old.voucher, hold_id="o1/1/b"),))
    event = after(combined, then=cancel())[-1]
    assert isinstance(event, OrderCancelled)
    assert (event.voucher_hold_id, event.more_voucher_hold_ids) == ("o1/1", ("o1/1/b",))


@pytest.mark.parametrize(
    ("by_buyer", "reason", "imported", "counts"),
    [
        (True, "other", False, True),
        (True, "not-available", False, True),
        (False, "changed-mind", False, True),
        (False, "not-available", False, False),
        (True, "other", True, False),
    ],
)
def test_a_cancellation_counts_against_a_user_unless_it_is_the_dealers(
    by_buyer: bool, reason: CancelReason, imported: bool, counts: bool
) -> None:
    """S6"""
    terms = AfterSales(alarm_after_cancellations=3)
    placed = replace(PLACED, imported=imported, after_sales=terms)
    event = after(placed, then=cancel(by_buyer=by_buyer, reason=reason))[-1]
    assert isinstance(event, OrderCancelled)
    assert event.alarm_after_cancellations == (3 if counts else None)


LATE_POINTS = replace(order(line(1, 2, 2_000)), earning=Earning(points_on="return-period-over"))


def end_of(*history: OrderEvent) -> object:
    return getattr(history[-1], "return_ends_at", None)


def test_the_return_period_ends_days_after_shipping_or_after_delivery() -> None:
    """Fourteen whole days in Berlin: those after 2 March end with 16 March."""
    complete = after(LATE_POINTS, then=Ship("s1", None, MORNING))
    end = MORNING.replace(day=16, hour=23)
    assert end_of(*complete) == end
    soon = EndReturnPeriod(end - timedelta(microseconds=1))
    given(FULFILMENT_DECIDER, *complete).when(soon).then()
    given(FULFILMENT_DECIDER, *complete).when(EndReturnPeriod(end)).then(
        ReturnPeriodEnded(**OF_ORDER, ended_at=end)
    )
    delivered = after(*complete, then=Deliver(MORNING + timedelta(days=3)))
    assert end_of(*delivered) == end + timedelta(days=3)
    given(FULFILMENT_DECIDER, *delivered).when(EndReturnPeriod(end)).then()


def test_a_delivery_told_after_the_end_begins_no_other_period() -> None:
    complete = after(LATE_POINTS, then=Ship("s1", None, MORNING))
    late = MORNING + timedelta(days=20)
    delivered = after(*complete, then=Deliver(late))
    assert end_of(*delivered) is None
    ended = after(*delivered, then=EndReturnPeriod(late))
    assert isinstance(ended[-1], ReturnPeriodEnded)
    assert ended[-1].ended_at == MORNING.replace(day=16, hour=23)
    given(FULFILMENT_DECIDER, *ended).when(EndReturnPeriod(late)).then()


def test_without_a_period_it_ends_with_shipping() -> None:
    at_once = replace(LATE_POINTS, after_sales=AfterSales(return_days=None))
    assert end_of(*after(at_once, then=Ship("s1", None, MORNING))) == MORNING


def test_no_timer_is_set_where_nothing_waits_for_the_end() -> None:
    complete = after(PLACED, then=Ship("s1", None, MORNING))
    assert end_of(*complete) is None
    assert end_of(*after(*complete, then=Deliver(MORNING))) is None
    part = after(LATE_POINTS, then=Ship("s1", {1: 1}, MORNING))
    assert end_of(*part) is None


def test_nothing_ends_for_an_order_of_which_nothing_is_left() -> None:
    complete = after(LATE_POINTS, then=Ship("s1", None, MORNING))
    everything = Return("r1", {1: 2}, "damaged", None, by_buyer=True, at=MORNING)
    gone = after(*complete, then=everything)
    given(FULFILMENT_DECIDER, *gone).when(EndReturnPeriod(MORNING + timedelta(days=30))).then()
