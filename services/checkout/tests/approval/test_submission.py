"""A submitted order ends once: approved, changed, rejected, withdrawn or expired (X-26)."""

from datetime import timedelta
from typing import Any

import pytest
from checkout_tests.fakes import NOON, ordered, reward_for, voucher_for
from checkout_tests.submissions import EXPIRES, approval, approved, submitted

from checkout.approval.submission import Approve, Change, Reject, Withdraw
from checkout.approval.waiting import (
    ApprovedMeanwhileError,
    SubmissionNotFoundError,
    SubmissionOverError,
)
from checkout.order.cart import Cart
from checkout.order.decider import (
    ORDER_DECIDER,
    AskHolds,
    AttemptOverError,
    Command,
    Lapse,
    PlaceWithHolds,
    PlaceWithoutHolds,
    TakeOff,
)
from checkout.order.state import AlreadyOrderedError, AlreadySubmittedError, OrderIdTakenError
from checkout.peer.ports import Buyer
from checkout.pricing.discounts import with_vouchers
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    Person,
    RewardTakenOff,
    SubmissionEnded,
    SubmissionOutcome,
    VoucherTakenOff,
)
from zugabe_testing.deciders import given

DEADLINE = NOON + timedelta(minutes=10)
LATER = NOON + timedelta(days=1)
GOODS = at_own_prices((CartLine("0017", "g", "b", 2, 1_000),))
VOUCHER = voucher_for(GOODS.lines, "o1/1")
REWARD = reward_for(with_vouchers(GOODS.lines, [VOUCHER]), "o1/1")
ANNA = Person("sealed name", "sealed address")
cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), (), ("TEN",), "fiver", orderer=ANNA)
of_bert = Cart("o1", Buyer("d1", "c1", "bert", NOON), (), (), None)

asked = cart.holds(GOODS, 1, DEADLINE, codes=("TEN",), reward_id="fiver")
asked_again = cart.holds(GOODS, 2, DEADLINE, codes=("TEN",), reward_id=None)
waiting = submitted(ordered(cart, GOODS, "", 1, (), [VOUCHER], REWARD))
plain = submitted(ordered(cart, GOODS, "", 1))
reviewed = submitted(ordered(cart, GOODS, "", 1), "customer", "order-value")
BY_CLEO = approval("cleo", "customer")
BY_STAFF = approval("staff", "order-value")
placed = approved(waiting, "1000001", BY_CLEO)

OF_ATTEMPT: dict[str, Any] = {
    "order_id": "o1",
    "dealer": "d1",
    "customer": "c1",
    "user": "anna",
    "attempt": 1,
    "deadline": EXPIRES,
}


def freed(because: str) -> tuple[VoucherTakenOff, RewardTakenOff]:
    return (
        VoucherTakenOff(**OF_ATTEMPT, reason=because),
        RewardTakenOff(**OF_ATTEMPT, reason=because),
    )


def ended(
    outcome: SubmissionOutcome, by: str = "cleo", net_cents: int = 1_300, **changes: Any
) -> SubmissionEnded:
    fields: dict[str, Any] = {
        "order_id": "o1",
        "order_number": "",
        "dealer": "d1",
        "customer": "c1",
        "user": "anna",
        "attempt": 1,
        "at": LATER,
        "submitted_at": NOON,
        "orderer": ANNA,
        **changes,
    }
    return SubmissionEnded(**fields, outcome=outcome, by=by, net_cents=net_cents)


lapsed = CheckoutLapsed(**OF_ATTEMPT, voucher_asked=True, reward_asked=True)
expired = ended("expired", "", at=EXPIRES)
withdrawn = ended("withdrawn", "anna")
rejected = ended("rejected", note="sealed note")
changed = ended("changed")


def test_an_attempt_is_submitted_with_what_it_holds() -> None:
    given(ORDER_DECIDER, asked).when(PlaceWithHolds(waiting)).then(waiting)
    given(ORDER_DECIDER).when(PlaceWithoutHolds(plain, "")).then(plain)


def test_an_approval_makes_an_order_of_it() -> None:
    """X-26"""
    given(ORDER_DECIDER, asked, waiting).when(Approve(placed, LATER)).then(placed)
    plain_placed = approved(plain, "1000001", BY_CLEO)
    given(ORDER_DECIDER, plain).when(Approve(plain_placed, LATER)).then(plain_placed)


def test_an_approval_that_comes_too_late_is_refused_and_the_timer_frees_what_was_held() -> None:
    """X-26"""
    history = (asked, waiting)
    given(ORDER_DECIDER, *history).when(Approve(placed, EXPIRES)).refused(
        SubmissionOverError, "submission-expired"
    )
    given(ORDER_DECIDER, *history).when(Lapse(1, EXPIRES)).then(lapsed, expired)
    given(ORDER_DECIDER, *history, lapsed, expired).when(Approve(placed, LATER)).refused(
        SubmissionOverError, "submission-expired"
    )


def test_a_submission_without_holds_expires_as_well() -> None:
    given(ORDER_DECIDER, plain).when(Lapse(1, EXPIRES)).then(
        ended("expired", "", 2_000, at=EXPIRES)
    )


def test_a_submission_expires_once_and_neither_early_nor_after_another_end() -> None:
    """X-26: the timer of its attempt, after minutes, changes nothing."""
    given(ORDER_DECIDER, asked, waiting).when(Lapse(1, DEADLINE)).then()
    for history in (
        (asked, waiting, lapsed, expired),
        (asked, waiting, placed),
        (asked, waiting, *freed("withdrawn"), withdrawn),
        (asked, waiting, *freed("rejected"), rejected),
        (asked, waiting, *freed("changed"), changed, asked_again),
    ):
        given(ORDER_DECIDER, *history).when(Lapse(1, EXPIRES)).then()


def test_an_approver_rejects_with_a_note() -> None:
    command = Reject(1, "cleo", LATER, "sealed note")
    given(ORDER_DECIDER, asked, waiting).when(command).then(*freed("rejected"), rejected)
    given(ORDER_DECIDER, asked, waiting).when(Reject(1, "cleo", EXPIRES)).refused(
        SubmissionOverError, "submission-expired"
    )


def test_the_orderer_withdraws_once() -> None:
    history = (asked, waiting)
    given(ORDER_DECIDER, *history).when(Withdraw("anna", LATER)).then(
        *freed("withdrawn"), withdrawn
    )
    given(ORDER_DECIDER, *history, *freed("withdrawn"), withdrawn).when(
        Withdraw("anna", LATER)
    ).then()


@pytest.mark.parametrize(
    ("history", "code"),
    [
        ((*freed("withdrawn"), withdrawn), "submission-withdrawn"),
        ((*freed("rejected"), rejected), "submission-rejected"),
        ((*freed("changed"), changed), "submission-changed"),
        ((lapsed, expired), "submission-expired"),
    ],
)
def test_whoever_comes_second_is_told_how_it_ended(history: tuple[Any, ...], code: str) -> None:
    """X-26: of approval, rejection, change and withdrawal one wins."""
    commands: list[Command] = [Approve(placed, LATER), Reject(1, "cleo", LATER)]
    if code != "submission-withdrawn":
        commands.append(Withdraw("anna", LATER))
    if code != "submission-changed":
        commands.append(AskHolds(asked_again, "", change=Change(1, "cleo", LATER)))
    for command in commands:
        given(ORDER_DECIDER, asked, waiting, *history).when(command).refused(
            SubmissionOverError, code
        )


def test_nothing_ends_an_order_that_was_approved_as_if_it_still_waited() -> None:
    for command in (
        Approve(placed, LATER),
        Reject(1, "cleo", LATER),
        Withdraw("anna", LATER),
        AskHolds(asked_again, "", change=Change(1, "cleo", LATER)),
        AskHolds(asked_again, ""),
    ):
        given(ORDER_DECIDER, asked, waiting, placed).when(command).refused(AlreadyOrderedError)


def test_what_was_never_submitted_cannot_be_approved() -> None:
    for history in ((), (asked,), (asked, *freed("expired"))):
        for command in (Approve(placed, LATER), Reject(1, "x", LATER), Withdraw("anna", LATER)):
            given(ORDER_DECIDER, *history).when(command).refused(SubmissionNotFoundError)


def test_while_an_order_waits_no_other_takes_its_place() -> None:
    history = (asked, waiting)
    for command in (AskHolds(asked_again, ""), PlaceWithoutHolds(plain, "")):
        given(ORDER_DECIDER, *history).when(command).refused(AlreadySubmittedError)
    by_bert = PlaceWithoutHolds(ordered(of_bert, GOODS, "1000001", 1), "")
    given(ORDER_DECIDER, *history).when(by_bert).refused(OrderIdTakenError)
    given(ORDER_DECIDER, *history).when(TakeOff(1, "expired")).refused(AttemptOverError)


def test_after_its_end_the_orderer_submits_again() -> None:
    again = submitted(ordered(cart, GOODS, "", 2))
    for history in (
        (*freed("withdrawn"), withdrawn),
        (*freed("rejected"), rejected),
        (lapsed, expired),
    ):
        given(ORDER_DECIDER, asked, waiting, *history).when(PlaceWithoutHolds(plain, "")).then(
            again
        )
        late = Approve(placed, LATER)
        given(ORDER_DECIDER, asked, waiting, *history, again).when(late).refused(
            SubmissionOverError, "submission-changed"
        )


def test_with_several_needs_the_last_approval_places() -> None:
    """S1, X-26: the customer's approver and the dealer's staff both agree."""
    after_cleo = submitted(ordered(cart, GOODS, "", 1), "order-value", approvals=(BY_CLEO,))
    given(ORDER_DECIDER, reviewed).when(Approve(after_cleo, LATER)).then(after_cleo)
    both = approved(after_cleo, "1000001", BY_STAFF)
    given(ORDER_DECIDER, reviewed, after_cleo).when(Approve(both, LATER)).then(both)


def test_two_approvals_at_once_do_not_pass_each_other_over() -> None:
    after_cleo = submitted(ordered(cart, GOODS, "", 1), "order-value", approvals=(BY_CLEO,))
    after_staff = submitted(ordered(cart, GOODS, "", 1), "customer", approvals=(BY_STAFF,))
    given(ORDER_DECIDER, reviewed, after_cleo).when(Approve(after_staff, LATER)).refused(
        ApprovedMeanwhileError
    )


def test_a_change_ends_the_submission_as_the_next_attempt_begins() -> None:
    change = Change(1, "cleo", LATER)
    given(ORDER_DECIDER, asked, waiting).when(AskHolds(asked_again, "", change=change)).then(
        *freed("changed"), changed, asked_again
    )
    instead = approved(submitted(ordered(cart, GOODS, "", 2)), "1000001", BY_CLEO)
    given(ORDER_DECIDER, plain).when(PlaceWithoutHolds(instead, "", change=change)).then(
        ended("changed", net_cents=2_000), instead
    )


def test_a_change_whose_attempt_failed_is_repeated() -> None:
    """Nothing is lost: the submission has ended for this change already."""
    change = Change(1, "cleo", LATER)
    off = VoucherTakenOff(**{**OF_ATTEMPT, "attempt": 2, "deadline": DEADLINE}, reason="expired")
    history = (asked, waiting, *freed("changed"), changed, asked_again)
    instead = approved(submitted(ordered(cart, GOODS, "", 3)), "1000001", BY_CLEO)
    given(ORDER_DECIDER, *history).when(PlaceWithoutHolds(instead, "over", 2, change=change)).then(
        VoucherTakenOff(**{**OF_ATTEMPT, "attempt": 2, "deadline": DEADLINE}, reason="over"),
        instead,
    )
    given(ORDER_DECIDER, *history, off).when(PlaceWithoutHolds(instead, "", change=change)).then(
        instead
    )


def test_a_change_of_an_expired_submission_is_refused() -> None:
    change = Change(1, "cleo", EXPIRES)
    given(ORDER_DECIDER, asked, waiting).when(AskHolds(asked_again, "", change=change)).refused(
        SubmissionOverError, "submission-expired"
    )
