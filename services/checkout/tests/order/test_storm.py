"""X-1, X-12, lessons 1, 4 and 8: whatever fails in whatever order, every hold meets one fate."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import product, repeat

import pytest
from checkout_tests.storm import (
    HOLD_SECONDS,
    Action,
    Alarms,
    Cancelling,
    Hearing,
    Mood,
    Storm,
    Waiting,
    Wish,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    HoldsAsked,
    OrderCancelled,
    OrderNumbersReserved,
    OrderPlaced,
    RewardTakenOff,
    VoucherTakenOff,
)
from zugabe_events.domain.event import Event

ORDERS = ("o1", "o1", "o1", "o2")
moods = st.lists(
    st.sampled_from(("grant", "grant", "refuse", "lose-before", "lose-after", "crash")),
    max_size=30,
)
pauses = st.lists(st.integers(0, 6), max_size=60)
wishes = st.builds(
    Wish,
    order_id=st.sampled_from(ORDERS),
    units=st.sampled_from((1, 1, 2)),
    voucher=st.sampled_from((True, True, False)),
    reward=st.sampled_from((True, True, False)),
    without_refused=st.booleans(),
    process=st.integers(0, 1),
)
actions = st.one_of(
    wishes,
    wishes,
    st.just(Alarms()),
    st.just(Hearing()),
    st.builds(Cancelling, st.sampled_from(ORDERS)),
    st.just(Waiting(HOLD_SECONDS)),
)
delays = st.integers(0, 25)
gusts = st.lists(
    st.lists(st.tuples(delays, actions), min_size=1, max_size=5), min_size=1, max_size=4
)
type Gusts = Sequence[Sequence[tuple[int, Action]]]


@settings(max_examples=300, deadline=None)
@given(gusts, moods, pauses)
def test_every_hold_meets_exactly_one_fate(
    gusts: Gusts, moods: list[Mood], pauses: list[int]
) -> None:
    storm = Storm(iter(moods), iter(pauses))
    asyncio.run(weather(storm, gusts))

    for order_id in set(ORDERS):
        events = storm.of_order(order_id)
        one_fate_for_every_attempt(events)
        nothing_after_the_order_but_its_end(events)
        what_was_ordered_was_held(storm, events)
    every_hold_is_named(storm)
    order_numbers_are_unique(storm)
    all_who_ask_get_the_same_order(storm)


async def weather(storm: Storm, gusts: Gusts) -> None:
    await storm.blow(gusts)
    await storm.calm_down()


def one_fate_for_every_attempt(events: Sequence[Event]) -> None:
    """Attempts are numbered without gaps; each ends as it was asked, before the next begins."""
    running: HoldsAsked | None = None
    last = 0
    open_ends: set[str] = set()
    for event in events:
        match event:
            case HoldsAsked():
                assert not open_ends
                assert event.attempt == last + 1
                running, last = event, event.attempt
                open_ends = {
                    kind
                    for kind, asked in (("v", event.voucher_code), ("r", event.reward_id))
                    if asked
                }
                assert open_ends
            case VoucherTakenOff() | RewardTakenOff():
                assert running is not None
                assert event.attempt == running.attempt
                open_ends.remove("v" if isinstance(event, VoucherTakenOff) else "r")
            case CheckoutLapsed():
                assert running is not None
                assert event.attempt == running.attempt
                assert open_ends == {
                    kind
                    for kind, asked in (("v", event.voucher_asked), ("r", event.reward_asked))
                    if asked
                }
                open_ends = set()
            case OrderPlaced():
                if event.voucher or event.reward:
                    assert running is not None
                    assert event.attempt == running.attempt
                    assert open_ends == {
                        kind for kind, held in (("v", event.voucher), ("r", event.reward)) if held
                    }
                    open_ends = set()
                else:
                    assert event.attempt == last + 1
                assert not open_ends
    assert not open_ends


def nothing_after_the_order_but_its_end(events: Sequence[Event]) -> None:
    names = [type(event) for event in events]
    if OrderPlaced in names:
        assert names[names.index(OrderPlaced) + 1 :] in ([], [OrderCancelled])
    else:
        assert OrderCancelled not in names


def what_was_ordered_was_held(storm: Storm, events: Sequence[Event]) -> None:
    for event in events:
        if isinstance(event, OrderPlaced):
            held = f"{event.order_id}/{event.attempt}"
            if event.voucher:
                assert event.voucher.hold_id == held
                assert held in storm.vouchers.granted
            if event.reward:
                assert event.reward.hold_id == held
                assert held in storm.bonus.granted


def every_hold_is_named(storm: Storm) -> None:
    vouchers_named: list[str] = []
    rewards_named: list[str] = []
    for event in storm.events:
        match event:
            case VoucherTakenOff():
                vouchers_named.append(f"{event.order_id}/{event.attempt}")
            case RewardTakenOff():
                rewards_named.append(f"{event.order_id}/{event.attempt}")
            case CheckoutLapsed():
                hold_id = f"{event.order_id}/{event.attempt}"
                vouchers_named += [hold_id] if event.voucher_asked else []
                rewards_named += [hold_id] if event.reward_asked else []
            case OrderPlaced():
                vouchers_named += [event.voucher.hold_id] if event.voucher else []
                rewards_named += [event.reward.hold_id] if event.reward else []
    for granted, named in (
        (storm.vouchers.granted, vouchers_named),
        (storm.bonus.granted, rewards_named),
    ):
        assert granted <= set(named)
        assert len(named) == len(set(named))


def order_numbers_are_unique(storm: Storm) -> None:
    numbers = [one.order_number for one in storm.events if isinstance(one, OrderPlaced)]
    assert len(numbers) == len(set(numbers))
    blocks = [one.first for one in storm.events if isinstance(one, OrderNumbersReserved)]
    assert len(blocks) == len(set(blocks))


def all_who_ask_get_the_same_order(storm: Storm) -> None:
    """X-12"""
    placed = {one.order_id: one for one in storm.events if isinstance(one, OrderPlaced)}
    for wish, answer in storm.answers:
        assert answer == placed[wish.order_id]
        assert answer.lines[0].quantity == wish.units
        asked = (wish.voucher or None, wish.reward or None)
        got = (answer.voucher and True, answer.reward and True)
        assert got == asked or (wish.without_refused and answer.refused)


@pytest.mark.parametrize("slow", [1, 2, 3])
def test_the_twin_of_a_request_goes_on_with_what_the_other_one_opened(slow: int) -> None:
    """X-12: in every order in which two processes and the deadline can meet."""
    wish = Wish("o1", 1, voucher=True, reward=True, without_refused=True, process=0)
    twin = replace(wish, process=1)
    for wait, second in product(range(0, 30, slow), repeat=2):
        storm = Storm(iter(["refuse"]), repeat(slow))
        gust: list[tuple[int, Action]] = [
            (0, wish),
            (wait, Waiting(HOLD_SECONDS + 1)),
            (second, twin),
        ]
        asyncio.run(weather(storm, [gust]))
        events = storm.of_order("o1")
        one_fate_for_every_attempt(events)
        every_hold_is_named(storm)
        what_was_ordered_was_held(storm, events)
        all_who_ask_get_the_same_order(storm)
