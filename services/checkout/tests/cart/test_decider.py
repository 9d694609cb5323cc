"""A cart of a user or of nobody yet, from its first line to the order or the login."""

from datetime import timedelta

import pytest
from checkout_tests.fakes import NOON, ordered

from checkout.cart.content import Changes, Content
from checkout.cart.decider import (
    ANONYMOUS_TTL,
    CART_DECIDER,
    MAX_ANONYMOUS_CHANGES,
    MAX_ANONYMOUS_LINES,
    Cart,
    ChangeCart,
    CloseCart,
    Command,
    JoinCart,
    OpenCart,
    Owner,
)
from checkout.cart.refusals import (
    CartClosedError,
    CartExpiredError,
    CartFullError,
    CartNotFoundError,
    CartOfAnotherError,
    CartOrderedError,
    CartStaleError,
)
from checkout.order.cart import Cart as OrderedContent
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from checkout.pricing.limits import MAX_LINES, MAX_QUANTITY
from zugabe_events.contracts.checkout import (
    CartChanged,
    CartClosed,
    CartItem,
    ChosenGift,
    Delivery,
    OrderCancelled,
)
from zugabe_testing.deciders import given

ANNA = Owner("o1", "d1", "c1", "anna")
BERT = Owner("o1", "d1", "c1", "bert")
NOBODY = Owner("o2", "d1", "", "", "hash")
LATER = NOON + timedelta(days=1)


def event(
    version: int, *lines: tuple[str, int], owner: Owner = ANNA, **more: object
) -> CartChanged:
    return CartChanged(
        order_id=owner.order_id,
        dealer=owner.dealer,
        customer=owner.customer,
        user=owner.user,
        version=version,
        changed_at=NOON,
        lines=tuple(CartItem(*line) for line in lines),
        key_hash=owner.key_hash,
        **more,  # type: ignore[arg-type]
    )


def setting(*lines: tuple[str, int], **more: object) -> Changes:
    return Changes(tuple(CartItem(*line) for line in lines), **more)  # type: ignore[arg-type]


def opening(changes: Changes = Changes(), owner: Owner = ANNA) -> OpenCart:  # noqa: B008
    return OpenCart(owner, changes, NOON)


def change(version: int, *lines: tuple[str, int], **more: object) -> ChangeCart:
    return ChangeCart(version, setting(*lines, **more), NOON)


def cart(owner: Owner, content: Content) -> Cart:
    return Cart(owner, 1, NOON, content)


LINES = (CartLine("0017", "g", "b", 2, 1_000),)
GOODS = at_own_prices(LINES)
wish = OrderedContent("o1", Buyer("d1", "c1", "anna", NOON), LINES, ("TEN",), None)
asked = wish.holds(GOODS, 1, LATER, codes=("TEN",), reward_id=None)
placed = ordered(wish, GOODS, "1000001")
cancelled = OrderCancelled("o1", "1", "d1", "c1", "anna", NOON, LATER, "other", None, None)


def test_a_cart_opens_with_what_is_put_into_it() -> None:
    given(CART_DECIDER).when(opening(setting(("0017", 2)))).then(event(1, ("0017", 2)))


def test_an_empty_cart_opens_as_well() -> None:
    given(CART_DECIDER).when(opening()).then(event(1))


def test_a_quantity_is_set_and_zero_takes_the_article_out() -> None:
    full = given(CART_DECIDER, event(1, ("0017", 2), ("pen", 1)))
    full.when(change(1, ("0017", 5))).then(event(2, ("0017", 5)))
    full.when(change(1, ("0017", 0), ("ink", 0))).then(event(2, ("0017", 0)))


def test_the_same_article_twice_in_one_change_is_one_line() -> None:
    given(CART_DECIDER, event(1)).when(change(1, ("0017", 2), ("0017", 3))).then(
        event(2, ("0017", 5))
    )


def test_a_change_that_changes_nothing_is_no_event() -> None:
    full = given(
        CART_DECIDER,
        event(1, ("0017", 2), codes=("TEN",), delivery=Delivery("AT"), reward_id="fiver"),
    )
    same = change(
        1, ("0017", 2), ("pen", 0), codes=("TEN",), delivery=Delivery("AT"), reward_id="fiver"
    )
    full.when(same).then()
    full.when(change(1)).then()


def test_a_change_of_another_version_is_refused_with_the_present_one() -> None:
    """X-12"""
    changed_twice = given(CART_DECIDER, event(1), event(2, ("0017", 2)))
    refusal = changed_twice.when(change(1, ("0017", 3))).refused(CartStaleError, "cart-stale")
    assert refusal.facts == {"version": 2}
    changed_twice.when(change(3, ("0017", 3))).refused(CartStaleError)
    changed_twice.when(opening(setting(("0017", 3)))).refused(CartStaleError)


def test_a_code_that_is_entered_many_times_is_one_code() -> None:
    """CH-2, X-31: more than five different ones do not fit."""
    entered = change(1, codes=("TEN", " ten ", "Ten", "", "SUMMER") * 20)
    given(CART_DECIDER, event(1)).when(entered).then(event(2, codes=("TEN", "SUMMER")))
    six = change(1, codes=tuple("ABCDEF"))
    refusal = given(CART_DECIDER, event(1)).when(six).refused(CartFullError, "cart-full")
    assert refusal.facts == {"most": 5}


def test_reward_codes_and_note_can_be_taken_out_again() -> None:
    full = given(CART_DECIDER, event(1, codes=("TEN",), reward_id="fiver", note="~sealed~"))
    full.when(change(1, codes=(), reward_id="", note="")).then(
        event(2, codes=(), reward_id="", note="")
    )


def test_a_cart_holds_a_thousand_lines_and_can_always_become_smaller() -> None:
    lines = [(f"a{number}", 1) for number in range(MAX_LINES)]
    full = given(CART_DECIDER, event(1, *lines))
    full.when(change(1, ("more", 1))).refused(CartFullError, "cart-full")
    full.when(change(1, ("more", 1), ("a0", 0))).then(event(2, ("more", 1), ("a0", 0)))
    full.when(change(1, ("a0", MAX_QUANTITY), ("a0", 1))).refused(CartFullError)
    gifts = tuple(ChosenGift(f"g{number}", 1) for number in range(101))
    full.when(change(1, gifts=gifts)).refused(CartFullError)
    full.when(change(1, removed_gifts=tuple(gift.gift for gift in gifts))).refused(CartFullError)


def test_a_cart_that_is_not_there_cannot_be_changed() -> None:
    given(CART_DECIDER).when(change(1, ("0017", 2))).refused(CartNotFoundError)


def test_the_id_of_somebody_elses_checkout_is_taken() -> None:
    """X-16: with or without a cart, ordered or not."""
    for history in ([event(1)], [asked], [event(1), placed], [placed], [event(1, owner=NOBODY)]):
        given(CART_DECIDER, *history).when(opening(owner=BERT)).refused(
            CartOfAnotherError, "cart-of-another"
        )


def test_a_cart_may_open_in_a_checkout_that_its_user_has_begun() -> None:
    given(CART_DECIDER, asked).when(opening()).then(event(1))


def test_a_cart_may_change_while_it_is_being_ordered() -> None:
    given(CART_DECIDER, event(1, ("0017", 2)), asked).when(change(1, ("0017", 3))).then(
        event(2, ("0017", 3))
    )


@pytest.mark.parametrize(
    "command", [change(1, ("0017", 3)), opening(), JoinCart(ANNA, cart(NOBODY, Content()), NOON)]
)
def test_a_cart_that_was_ordered_never_opens_again(command: Command) -> None:
    for history in ([event(1), placed], [event(1), placed, cancelled], [placed]):
        given(CART_DECIDER, *history).when(command).refused(CartOrderedError, "cart-ordered")


def test_an_anonymous_cart_is_bounded() -> None:
    lines = [(f"a{number}", 1) for number in range(MAX_ANONYMOUS_LINES)]
    full = given(CART_DECIDER, event(1, *lines, owner=NOBODY))
    full.when(change(1, ("more", 1))).refused(CartFullError)
    worn = given(CART_DECIDER, event(MAX_ANONYMOUS_CHANGES, owner=NOBODY))
    worn.when(change(MAX_ANONYMOUS_CHANGES, ("0017", 1))).refused(CartFullError)


def test_an_anonymous_cart_expires_after_thirty_days_without_a_change() -> None:
    end = NOON + ANONYMOUS_TTL
    old = given(CART_DECIDER, event(1, owner=NOBODY))
    moment = timedelta(seconds=1)
    old.when(ChangeCart(1, setting(("0017", 1)), end - moment)).then(
        CartChanged("o2", "d1", "", "", 2, end - moment, (CartItem("0017", 1),), key_hash="hash")
    )
    old.when(ChangeCart(1, setting(("0017", 1)), end)).refused(CartExpiredError, "cart-expired")
    old.when(CloseCart("o1", end)).refused(CartExpiredError)
    of_anna = given(CART_DECIDER, event(1))
    of_anna.when(ChangeCart(1, Changes(), end + timedelta(days=900))).then()


def test_at_login_quantities_are_summed_and_codes_and_gifts_put_together() -> None:
    added = Content(
        (CartItem("0017", 1), CartItem("pen", 2)),
        codes=("ten", "SUMMER"),
        gifts=(ChosenGift("mug", 1),),
        removed_gifts=("cap",),
        delivery=Delivery("AT"),
    )
    mine = event(1, ("0017", 2), codes=("TEN",), gifts=(ChosenGift("mug", 1), ChosenGift("bag", 1)))
    given(CART_DECIDER, mine).when(JoinCart(ANNA, cart(NOBODY, added), NOON)).then(
        event(
            2,
            ("0017", 3),
            ("pen", 2),
            codes=("TEN", "SUMMER"),
            gifts=(ChosenGift("mug", 2), ChosenGift("bag", 1)),
            removed_gifts=("cap",),
            joined="o2",
        )
    )


def test_at_login_a_user_without_a_cart_gets_one() -> None:
    added = Content((CartItem("0017", 1),), delivery=Delivery("AT"))
    given(CART_DECIDER).when(JoinCart(ANNA, cart(NOBODY, added), NOON)).then(
        event(1, ("0017", 1), delivery=Delivery("AT"), joined="o2")
    )


def test_only_a_cart_of_the_user_takes_others_in() -> None:
    joining = JoinCart(ANNA, cart(NOBODY, Content()), NOON)
    for history in ([event(1, owner=BERT)], [event(1, owner=NOBODY)]):
        given(CART_DECIDER, *history).when(joining).refused(CartOfAnotherError)


def test_what_does_not_fit_at_login_is_refused_and_lost_nowhere() -> None:
    """Nor is a code left out in silence."""
    mine = event(1, codes=("A", "B", "C"))
    joining = JoinCart(ANNA, cart(NOBODY, Content(codes=("D", "E", "F"))), NOON)
    given(CART_DECIDER, mine).when(joining).refused(CartFullError)


def test_a_cart_that_was_joined_is_closed() -> None:
    anonymous = event(1, owner=NOBODY)
    closed = CartClosed("o2", "d1", "o1")
    given(CART_DECIDER, anonymous).when(CloseCart("o1", NOON)).then(closed)
    gone = given(CART_DECIDER, anonymous, closed)
    for command in (CloseCart("o3", NOON), change(1, ("0017", 1))):
        gone.when(command).refused(CartClosedError, "cart-closed")


def test_the_cart_of_a_user_is_joined_to_no_other() -> None:
    given(CART_DECIDER, event(1)).when(CloseCart("o3", NOON)).refused(CartNotFoundError)
