"""X-3: each return takes back exactly its share; all of them take back everything, once."""

from collections import Counter
from dataclasses import replace as with_fields
from random import Random

import pytest
from checkout_tests.placed_orders import MORNING, gift, line, order, random_order, voucher_of
from msgspec.structs import replace

from checkout.buyer.view import BUYERS
from checkout.fulfilment.cancelling import Cancel
from checkout.fulfilment.decider import FULFILMENT_DECIDER
from checkout.fulfilment.refusals import (
    AllReturnedError,
    AllShippedError,
    LineUnknownError,
    NothingShippedError,
    OrderCancelledError,
    OrderReturnedError,
    ReturnExceedsError,
    ReturnsByStaffError,
    ReturnsClosedError,
    UnshippedByStaffError,
)
from checkout.fulfilment.returning import Return
from checkout.fulfilment.steps import Ship
from checkout.order.state import OrderEvent
from zugabe_events.contracts.checkout import (
    AfterSales,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    ReturnedLine,
    Shipped,
    ShippingCharged,
    TaxShare,
    Totals,
    VoucherShare,
)
from zugabe_testing.deciders import given

SHIP = Ship("s1", None, MORNING)


def back(return_id: str = "r1", /, *, by_buyer: bool = True, **pieces: int) -> Return:
    """Pieces by line: `back(_1=2)` are two of line 1."""
    by_number = {int(name[1:]): quantity for name, quantity in pieces.items()}
    return Return(return_id, by_number, "damaged", None, by_buyer, MORNING)


def after(*history: OrderEvent, then: Ship | Return | Cancel) -> tuple[OrderEvent, ...]:
    state = FULFILMENT_DECIDER.fold(history)
    return (*history, *FULFILMENT_DECIDER.decide(then, state))


def returned(*history: OrderEvent, then: Return) -> OrderReturned:
    event = after(*history, then=then)[len(history)]
    assert isinstance(event, OrderReturned)
    return event


def test_a_return_takes_back_the_share_of_its_pieces_in_price_discounts_and_tax() -> None:
    """Two of three at 10,00 €, 10 % voucher, 3,00 € reward, 19 %."""
    placed = order(line(1, 3, 3_000), line(2, 1, 0), voucher_cents=300, reward_cents=300)
    shipped = after(placed, then=SHIP)
    event = returned(*shipped, then=back(_1=2))
    assert event.lines == (ReturnedLine(1, 2, 3, 0, 2_000, 200, 200, 304),)
    assert (event.goods_cents, event.net_cents) == (2_000, 1_600)
    assert event.totals == Totals(1_600, 304, 1_904, (TaxShare("standard", 1_900, 1_600, 304),))
    assert (event.reward_discount_cents, event.reward_cents_before) == (300, 0)
    assert (event.voucher_hold_ids, event.reward_hold_id) == (("o1/1",), "o1/r")
    assert not event.is_complete
    rest = returned(*shipped, event, then=back("r2", _1=1, _2=1))
    assert rest.reward_cents_before == 200
    assert rest.is_complete
    assert rest.is_cancellation


def test_a_return_names_the_share_of_each_voucher() -> None:
    """VO-42, X-31: 10 % and free shipping; two of three pieces come back, then the rest."""
    ten = voucher_of(300, 3_000, [300])
    free = replace(ten, hold_id="o1/1/2", campaign_id="free", code="FREE", discount_cents=0,
        shares=(0,), free_shipping=True, discount_type="free-shipping")  # fmt: skip
    shipping = ShippingCharged("DE", 0, 490, "voucher", ())
    placed = order(line(1, 3, 3_000), voucher_cents=300, more_vouchers=(free,), shipping=shipping)
    shipped = after(placed, then=SHIP)
    event = returned(*shipped, then=back(_1=2))
    assert event.vouchers == (VoucherShare("spring", "TEN", 200), VoucherShare("free", "FREE", 0))
    rest = returned(*shipped, event, then=back("r2", _1=1))
    assert rest.vouchers == (
        VoucherShare("spring", "TEN", 100),
        VoucherShare("free", "FREE", 0, shipping_cents=490),
    )


def test_the_last_return_gives_back_the_cost_of_shipping() -> None:
    placed = order(line(1, 2, 2_000), shipping_cents=490)
    shipped = after(placed, then=SHIP)
    first = returned(*shipped, then=back(_1=1))
    last = returned(*shipped, first, then=back("r2", _1=1))
    assert [first.shipping_cents, last.shipping_cents] == [0, 490]
    assert [first.totals.net_cents, last.totals.net_cents] == [1_000, 1_490]
    assert placed.totals
    assert first.totals.gross_cents + last.totals.gross_cents == placed.totals.gross_cents


def test_any_split_of_any_order_ends_at_zero_everywhere() -> None:
    """X-3: 10,000 orders, in one to many returns; no step gives back less than nothing."""
    chance = Random(14)
    for _ in range(10_000):
        placed = random_order(chance)
        returns = all_returned(placed, chance)
        adds_up(placed, returns)


def all_returned(placed: OrderPlaced, chance: Random) -> list[OrderReturned]:
    state = FULFILMENT_DECIDER.fold(after(placed, then=SHIP))
    left = Counter({one.number: one.quantity for one in placed.lines})
    found: list[OrderReturned] = []
    while left.total():
        wanted = {number: chance.randint(0, some) for number, some in left.items()}
        pieces = {number: some for number, some in wanted.items() if some} or {min(+left): 1}
        command = Return(f"r{len(found)}", pieces, "other", None, by_buyer=True, at=MORNING)
        events = FULFILMENT_DECIDER.decide(command, state)
        state = FULFILMENT_DECIDER.fold(events, state)
        [event] = events
        assert isinstance(event, OrderReturned)
        found.append(event)
        left -= Counter(pieces)
    return found


def adds_up(placed: OrderPlaced, returns: list[OrderReturned]) -> None:
    assert [one.is_complete for one in returns] == [False] * (len(returns) - 1) + [True]
    for ordered in placed.lines:
        lines = [one for event in returns for one in event.lines if one.number == ordered.number]
        for name in ("quantity", "net_cents", "voucher_cents", "reward_cents", "tax_cents"):
            assert sum(getattr(one, name) for one in lines) == getattr(ordered, name)
        for one in lines:
            paid = one.net_cents - one.voucher_cents - one.reward_cents
            assert min(one.net_cents, one.voucher_cents, one.reward_cents, one.tax_cents, paid) >= 0
    assert sum(event.goods_cents for event in returns) == placed.goods_cents
    assert sum(event.net_cents for event in returns) == placed.net_cents
    owed = placed.totals or Totals(placed.net_cents, 0, placed.net_cents, ())
    by_rate: Counter[tuple[int, str]] = Counter()
    for event in returns:
        back = event.totals
        assert back.net_cents == event.net_cents + event.shipping_cents
        assert back.gross_cents == back.net_cents + back.tax_cents
        assert min([0, *(min(share.net_cents, share.tax_cents) for share in back.taxes)]) == 0
        for share in back.taxes:
            by_rate[share.rate, "net"] += share.net_cents
            by_rate[share.rate, "tax"] += share.tax_cents
    for name in ("net_cents", "tax_cents", "gross_cents"):
        assert sum(getattr(event.totals, name) for event in returns) == getattr(owed, name)
    for share in owed.taxes:
        assert by_rate[share.rate, "net"] == share.net_cents
        assert by_rate[share.rate, "tax"] == share.tax_cents
    for index, voucher in enumerate(placed.vouchers):
        parts = [event.vouchers[index].discount_cents for event in returns]
        assert sum(parts) == voucher.discount_cents
    before = 0
    for event in returns:
        assert event.reward_cents_before == before
        before += sum(one.reward_cents for one in event.lines)


def test_an_order_from_before_vat_is_returned_without_it() -> None:
    placed = order(line(1, 2, 2_000), voucher_cents=100, classes=None)
    event = returned(*after(placed, then=SHIP), then=back(_1=2))
    assert event.totals == Totals(1_900, 0, 1_900, ())
    assert event.lines[0].tax_cents == 0


def test_nobody_returns_more_than_was_ordered() -> None:
    placed = order(line(1, 3, 3_000), line(2, 2, 2_000))
    history = after(*after(placed, then=SHIP), then=back(_1=2))
    refusal = (
        given(FULFILMENT_DECIDER, *history)
        .when(back("r2", _1=2, _2=3))
        .refused(ReturnExceedsError, "return-exceeds")
    )
    assert refusal.detail == "Bei 2 Positionen ist die Menge zu groß."
    assert refusal.lists["lines"] == [
        {
            "line": "1",
            "asked": "2",
            "left": "1",
            "detail": "Position 1: Zurückgeben lässt sich noch 1 Stück, nicht 2.",
        },
        {
            "line": "2",
            "asked": "3",
            "left": "2",
            "detail": "Position 2: Zurückgeben lassen sich noch 2 Stück, nicht 3.",
        },
    ]
    unknown = given(FULFILMENT_DECIDER, *history).when(back("r2", _9=1)).refused(LineUnknownError)
    assert unknown.facts == {"line": 9}
    nothing = given(FULFILMENT_DECIDER, *after(*history, then=back("r2", _1=1)))
    refusal = nothing.when(back("r3", _1=1)).refused(ReturnExceedsError)
    assert refusal.detail == "Position 1: Zurückgeben lässt sich nichts mehr."


def test_what_was_not_shipped_is_cancelled_and_what_was_cancelled_is_not_returned() -> None:
    placed = order(line(1))
    given(FULFILMENT_DECIDER, placed).when(back(_1=1)).refused(
        NothingShippedError, "nothing-shipped"
    )
    cancelled = after(placed, then=Cancel("other", None, by_buyer=True, at=MORNING))
    given(FULFILMENT_DECIDER, *cancelled).when(back(_1=1)).refused(
        OrderCancelledError, "order-cancelled"
    )


def test_what_came_back_in_part_is_not_cancelled() -> None:
    history = after(*after(order(line(1, 2, 2_000)), then=SHIP), then=back(_1=1))
    cancel = Cancel("other", None, by_buyer=False, at=MORNING)
    given(FULFILMENT_DECIDER, *history).when(cancel).refused(OrderReturnedError, "order-returned")


def test_the_same_return_is_taken_once_and_another_under_its_id_is_refused() -> None:
    history = after(*after(order(line(1, 2, 2_000)), then=SHIP), then=back(_1=1))
    given(FULFILMENT_DECIDER, *history).when(back(_1=1)).then()
    others = (back(_1=2), with_fields(back(_1=1), reason="other"))
    for other in others:
        refusal = given(FULFILMENT_DECIDER, *history).when(other)
        with pytest.raises(Exception, match="Rücksendenummer") as caught:
            refusal.attempt()
        assert getattr(caught.value, "code", None) == "return-id-taken"


def test_buyers_return_within_the_days_of_the_terms_and_staff_later_too() -> None:
    """X-40: the terms of the order; two days after shipping on 2 March end with 4 March."""
    history = after(order(line(1), after_sales=AfterSales(return_days=2)), then=SHIP)
    last_moment = MORNING.replace(day=4, hour=22, minute=59)
    late = MORNING.replace(day=4, hour=23)
    assert returned(*history, then=with_fields(back(_1=1), at=last_moment))
    refusal = (
        given(FULFILMENT_DECIDER, *history)
        .when(with_fields(back(_1=1), at=late))
        .refused(ReturnsClosedError, "return-period-over")
    )
    assert refusal.detail == "Die Rückgabefrist endete mit dem 04.03.2026."
    assert returned(*history, then=with_fields(back(_1=1, by_buyer=False), at=late))


def test_without_a_period_only_staff_take_back() -> None:
    history = after(order(line(1), after_sales=AfterSales(return_days=None)), then=SHIP)
    given(FULFILMENT_DECIDER, *history).when(back(_1=1)).refused(
        ReturnsByStaffError, "returns-by-staff"
    )
    assert returned(*history, then=back(_1=1, by_buyer=False))


def test_only_what_has_been_shipped_comes_back() -> None:
    history = after(order(line(1, 5, 5_000)), then=Ship("s1", {1: 2}, MORNING))
    for by_buyer in (True, False):
        refusal = (
            given(FULFILMENT_DECIDER, *history)
            .when(back(by_buyer=by_buyer, _1=3))
            .refused(ReturnExceedsError)
        )
        assert refusal.lists["lines"][0]["left"] == "2"


UNSHIPPED = with_fields(back("u1", by_buyer=False, _1=2), unshipped=True)


def test_staff_take_back_what_cannot_be_shipped_and_that_completes_shipping() -> None:
    """Two of five are out of stock; what the order earned must not wait for their shipping."""
    history = after(order(line(1, 5, 5_000)), then=Ship("s1", {1: 3}, MORNING))
    *_, taken_back, completion = after(*history, then=UNSHIPPED)
    assert isinstance(taken_back, OrderReturned)
    assert (taken_back.unshipped, taken_back.net_cents, taken_back.is_complete) == (
        True,
        2_000,
        False,
    )
    assert isinstance(completion, OrderShipped)
    assert (completion.lines, completion.is_complete) == ((), True)
    later = (*history, taken_back, completion)
    given(FULFILMENT_DECIDER, *later).when(Ship("s2", None, MORNING)).refused(AllShippedError)
    three = returned(*later, then=back(_1=3))
    assert three.is_complete


def test_an_order_is_reduced_before_it_is_shipped_and_the_rest_ships() -> None:
    """Part of an order is cancelled: as a whole it would be a cancellation."""
    placed = order(line(1, 2, 2_000), line(2, 1, 500))
    history = after(placed, then=UNSHIPPED)
    assert isinstance(history[-1], OrderReturned)
    *_, shipment = after(*history, then=SHIP)
    assert isinstance(shipment, OrderShipped)
    assert (shipment.lines, shipment.is_complete) == ((Shipped(2, 1),), True)
    whole = with_fields(UNSHIPPED, pieces={1: 2, 2: 1})
    given(FULFILMENT_DECIDER, placed).when(whole).refused(NothingShippedError)
    assert returned(
        *history, then=with_fields(UNSHIPPED, return_id="u2", pieces={2: 1})
    ).is_complete


def test_a_buyer_leaves_it_to_the_dealer_to_take_back_what_is_not_shipped() -> None:
    own = with_fields(UNSHIPPED, by_buyer=True)
    given(FULFILMENT_DECIDER, order(line(1, 2, 2_000))).when(own).refused(
        UnshippedByStaffError, "unshipped-by-staff"
    )


TAKEN_BACK = AfterSales(gifts_below_limit="taken-back")


def test_gifts_come_back_when_the_rest_is_worth_less_than_their_limit() -> None:
    """GA-16, Q17: in mode „je“, the one that was added last goes first."""
    placed = order(
        line(1, 4, 4_000), gifts=(gift(2, 1_000, 2), gift(3, 2_000)), after_sales=TAKEN_BACK
    )
    history = after(placed, then=SHIP)
    first = returned(*history, then=back(_1=1))
    assert first.gifts == (Shipped(3, 1),)
    second = returned(*history, first, then=back("r2", _1=2))
    assert second.gifts == (Shipped(2, 1),)
    last = returned(*history, first, second, then=back("r3", _1=1))
    assert last.gifts == (Shipped(2, 1),)


def test_gifts_are_kept_if_the_dealer_says_so() -> None:
    placed = order(line(1), gifts=(gift(2, 1_000),))
    assert returned(*after(placed, then=SHIP), then=back(_1=1)).gifts == ()


def test_a_gift_that_is_kept_does_not_leave_alone() -> None:
    """Nothing of an order that is returned whole is shipped any more."""
    placed = order(line(1), gifts=(gift(2, 1_000),))
    history = after(*after(placed, then=Ship("s1", {1: 1}, MORNING)), then=back(_1=1))
    given(FULFILMENT_DECIDER, *history).when(Ship("s2", None, MORNING)).refused(AllReturnedError)
    given(FULFILMENT_DECIDER, *history).when(Ship("s1", {1: 1}, MORNING)).then()


def test_in_mode_from_a_gift_stays_until_its_limit_is_missed() -> None:
    """Q4: „ab“ 10,00 €; a line that counts for no threshold keeps no gift."""
    terms = replace(TAKEN_BACK, gift_mode="from")
    placed = order(
        line(1, 3, 3_000),
        line(2, 1, 5_000, excluded=("thresholds",)),
        gifts=(gift(3, 1_000),),
        after_sales=terms,
    )
    history = after(placed, then=SHIP)
    first = returned(*history, then=back(_1=2))
    assert first.gifts == ()
    assert returned(*history, first, then=back("r2", _1=1)).gifts == (Shipped(3, 1),)


def test_a_gift_that_is_still_there_does_not_leave_any_more() -> None:
    placed = order(line(1, 2, 2_000), gifts=(gift(2, 2_000),), after_sales=TAKEN_BACK)
    history = after(placed, then=Ship("s1", {1: 2}, MORNING))
    *_, taken_back, completion = after(*history, then=back(_1=1))
    assert isinstance(taken_back, OrderReturned)
    assert taken_back.gifts == (Shipped(2, 1),)
    assert isinstance(completion, OrderShipped)
    assert completion.is_complete


def test_a_full_return_is_a_cancellation_only_where_the_terms_say_so() -> None:
    terms = AfterSales(full_return_cancels=False)
    event = returned(*after(order(line(1), after_sales=terms), then=SHIP), then=back(_1=1))
    assert (event.is_complete, event.is_cancellation) == (True, False)


def test_an_order_that_came_back_as_a_whole_counts_as_such_whatever_the_terms_call_it() -> None:
    """X-3"""
    placed = replace(order(line(1, 2, 1_000)), after_sales=AfterSales(full_return_cancels=False))
    event = returned(*after(placed, then=SHIP), then=back(_1=2))
    assert (event.is_complete, event.is_cancellation) == (True, False)
    view = BUYERS.project(None, event)
    assert view is not None
    assert (view.returns, view.fully_returned) == (1, 1)
