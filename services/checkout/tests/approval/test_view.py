"""The read model of orders follows a submission to its end."""

from datetime import timedelta

from checkout_tests.fakes import NOON, ordered
from checkout_tests.submissions import EXPIRES, approval, approved, submitted

from checkout.approval.submission import submission_ended
from checkout.order.cart import Cart
from checkout.order.view import ORDERS, OrderView
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.domain.event import Event

GOODS = at_own_prices((CartLine("0017", "g", "b", 2, 1_000),))
cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), (), (), None)
waiting = submitted(ordered(cart, GOODS, "", 1), "customer", "day-value")
again = submitted(ordered(cart, GOODS, "", 2))
rejected = submission_ended(waiting, "rejected", "cleo", NOON + timedelta(days=1))
placed = approved(waiting, "1000001", approval("cleo", "customer"))


def view_after(*events: Event) -> OrderView:
    view: OrderView | None = None
    for event in events:
        assert ORDERS.keys(event) == ("d1/o1",)
        view = ORDERS.project(view, event)
    assert view is not None
    return view


def test_a_submitted_order_is_shown_with_what_it_waits_for() -> None:
    """X-26"""
    view = view_after(waiting)
    assert (view.status, view.order_number, view.needs) == (
        "submitted",
        "",
        ("customer", "day-value"),
    )
    assert (view.expires_at, view.attempt, view.net_cents) == (EXPIRES, 1, 2_000)


def test_an_approved_order_says_who_approved() -> None:
    view = view_after(waiting, placed)
    assert (view.status, view.order_number, view.needs) == ("placed", "1000001", ())
    assert view.approvals == (approval("cleo", "customer"),)


def test_a_submission_that_ended_is_shown_until_another_follows() -> None:
    view = view_after(waiting, rejected)
    assert (view.status, view.needs, view.expires_at) == ("rejected", (), None)
    assert view_after(waiting, rejected, again).status == "submitted"
    assert view_after(waiting, rejected, again).attempt == 2


def test_what_was_ordered_is_submitted_no_more() -> None:
    assert view_after(placed, waiting).status == "placed"
    assert view_after(placed, rejected).status == "placed"
