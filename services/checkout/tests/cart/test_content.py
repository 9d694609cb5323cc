"""Whatever is done to a cart, it holds what a plain dictionary would."""

from datetime import timedelta
from functools import reduce

import pytest
from checkout_tests.fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from checkout.cart.content import Changes, Content, changed, difference, joined
from checkout.cart.decider import CART_DECIDER, Cart, ChangeCart, OpenCart, Owner
from checkout.cart.refusals import CartFullError
from zugabe_events.contracts.checkout import CartItem, ChosenGift, Delivery

OWNER = Owner("o1", "d1", "c1", "anna")

articles = st.sampled_from(["pen", "ink", "0017", "paper", "mug"])
lines = st.lists(st.builds(CartItem, articles, st.integers(0, 9)), max_size=6).map(tuple)
codes = st.lists(st.sampled_from(["TEN", "ten ", "SUMMER", "X"]), max_size=5).map(tuple)
gifts = st.lists(
    st.builds(ChosenGift, st.sampled_from(["cap", "bag"]), st.integers(1, 3)), max_size=3
).map(tuple)
deliveries = st.builds(Delivery, st.sampled_from(["DE", "AT"]))
changes = st.builds(
    Changes,
    lines=lines,
    codes=st.none() | codes,
    reward_id=st.none() | st.sampled_from(["", "fiver"]),
    gifts=st.none() | gifts,
    removed_gifts=st.none() | st.lists(st.sampled_from(["cap", "bag"]), max_size=2).map(tuple),
    delivery=st.none() | deliveries,
    note=st.none() | st.sampled_from(["", "~sealed~"]),
)


@given(st.lists(changes, max_size=12))
def test_any_sequence_of_changes_adds_up_to_what_a_dictionary_holds(
    requests: list[Changes],
) -> None:
    state = CART_DECIDER.fold(
        CART_DECIDER.decide(OpenCart(OWNER, Changes(), NOON), CART_DECIDER.initial)
    )
    model: dict[str, int] = {}
    versions = 1
    for number, request in enumerate(requests):
        assert isinstance(state, Cart)
        at = NOON + timedelta(minutes=number)
        events = CART_DECIDER.decide(ChangeCart(state.version, request, at), state)
        assert len(events) <= 1
        versions += len(events)
        state = CART_DECIDER.fold(events, state)
        asked: dict[str, int] = {}
        for line in request.lines:
            asked[line.article] = asked.get(line.article, 0) + line.quantity
        model |= asked
    assert isinstance(state, Cart)
    assert state.version == versions
    held = {line.article: line.quantity for line in state.content.lines}
    assert held == {article: quantity for article, quantity in model.items() if quantity}
    for name in ("reward_id", "delivery", "note"):
        said = [value for request in requests if (value := getattr(request, name)) is not None]
        assert getattr(state.content, name) == (said[-1] if said else getattr(Content(), name))


@given(changes, changes)
def test_the_same_change_again_changes_nothing(first: Changes, second: Changes) -> None:
    content = changed(Content(), difference(Content(), first))
    after = changed(content, difference(content, second))
    assert difference(after, second) == Changes()
    assert changed(after, Changes()) == after


@given(st.lists(changes, min_size=1, max_size=4))
def test_the_order_of_joining_changes_no_quantity(requests: list[Changes]) -> None:
    carts = [changed(Content(), difference(Content(), request)) for request in requests]
    shuffled = carts[::-1]

    def all_of(contents: list[Content]) -> Content:
        return reduce(
            lambda mine, added: changed(mine, difference(mine, joined(mine, added))),
            contents,
            Content(),
        )

    one, other = all_of(carts), all_of(shuffled)
    assert quantities(one) == quantities(other)
    assert pieces(one) == pieces(other)
    assert {code.strip().casefold() for code in one.codes} == {
        code.strip().casefold() for code in other.codes
    }
    total = sum(line.quantity for cart in carts for line in cart.lines)
    assert sum(quantities(one).values()) == total


def quantities(content: Content) -> dict[str, int]:
    return {line.article: line.quantity for line in content.lines}


def pieces(content: Content) -> dict[str, int]:
    return {gift.gift: gift.pieces for gift in content.gifts}


def test_a_cart_with_more_lines_than_fit_by_now_can_still_be_changed_and_emptied() -> None:
    """CH-2: what it has stays; one more than it has is refused."""
    full = Content(tuple(CartItem(article, 1) for article in ("pen", "ink", "mug")))
    for quantity in (0, 5):
        wanted = Changes((CartItem("pen", quantity),))
        assert difference(full, wanted, most_lines=2) == wanted
    with pytest.raises(CartFullError):
        difference(full, Changes((CartItem("paper", 1),)), most_lines=2)
