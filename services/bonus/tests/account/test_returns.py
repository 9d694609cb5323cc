"""Points of orders that come back line by line (X-3)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    USER,
    booking,
    cancelled,
    ending,
    euros_ordered,
    holding,
    line,
    placed,
    reaching,
    returned,
    rewarded,
)
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.schedule import MOMENTS
from bonus.account.state import Account, AccountEvent
from bonus.account.undo import ReturnLines
from zugabe_events.contracts.bonus import (
    LotShare,
    PointsAccrued,
    PointsReversed,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.contracts.checkout import OrderLine, OrderPlaced
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.money import allocate
from zugabe_testing.deciders import given


def after(*commands: Command) -> list[AccountEvent]:
    history: list[AccountEvent] = []
    for command in commands:
        history += ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))
    return history


def with_reward(
    order_id: str, *lines: OrderLine, points: int = 50, at: datetime = APRIL_1
) -> OrderPlaced:
    """500 cents off, in shares by line."""
    nets = [one.net_cents for one in lines]
    reward = msgspec.structs.replace(
        rewarded(order_id, points=points), shares=allocate(500, nets), base_cents=sum(nets)
    )
    paid = [
        msgspec.structs.replace(one, reward_cents=share)
        for one, share in zip(lines, reward.shares, strict=True)
    ]
    return placed(order_id, *paid, reward=reward, at=at)


def taken(events: Sequence[AccountEvent]) -> list[int]:
    return [event.points for event in events if isinstance(event, PointsReversed)]


def given_back(events: Sequence[AccountEvent]) -> list[int]:
    return [event.points for event in events if isinstance(event, RewardReturned)]


def test_a_returned_line_loses_its_share_of_points_and_the_last_piece_the_rest() -> None:
    """X-3: 10 points of four pieces come back as 2, 3, 2 and 3."""
    order = placed("o1", line(250, quantity=4), line(900, 2))
    history = after(booking(order))
    assert isinstance(history[0], PointsAccrued)
    assert history[0].points == 19
    returns = [
        returned(order, "r1", {1: 1}),
        returned(order, "r2", {1: 1}, {1: 1}),
        returned(order, "r3", {1: 1}, {1: 2}),
        returned(order, "r4", {1: 1, 2: 1}, {1: 3}),
    ]
    by_return = []
    for command in returns:
        history += (events := ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history)))
        by_return += taken(events)
        given(ACCOUNT_DECIDER, *history).when(command).then()
    assert by_return == [2, 3, 2, 12]
    assert ACCOUNT_DECIDER.fold(history).lots.points == 0


def test_the_last_return_takes_and_gives_whatever_is_left() -> None:
    """X-3: even if what checkout said before does not add up."""
    order = with_reward("o9", line(1_000, quantity=4))
    history = after(euros_ordered("o1", 60), holding("o9"), booking(order))
    last = returned(order, "r2", {1: 1}, {1: 3})
    events = ACCOUNT_DECIDER.decide(last, ACCOUNT_DECIDER.fold(history))
    assert (given_back(events), taken(events)) == ([50], [40])


def test_a_reward_comes_back_in_parts_to_the_lots_that_paid_for_it() -> None:
    """X-1, X-3: to the youngest first, and to each no more than it gave."""
    order = with_reward("o9", line(1_000, quantity=4))
    history = after(euros_ordered("o1", 30), euros_ordered("o2", 30), holding("o9"), booking(order))
    by_return = []
    for number in range(4):
        command = returned(order, f"r{number}", {1: 1}, {1: number})
        events = ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))
        history += events
        [back] = [event for event in events if isinstance(event, RewardReturned)]
        by_return.append([(lot.lot_id, lot.points) for lot in back.lots])
    assert by_return == [
        [("o2", 12)],
        [("o1", 5), ("o2", 8)],
        [("o1", 12)],
        [("o1", 13)],
    ]


def test_a_reversal_names_return_reason_and_lot() -> None:
    """X-3, X-4"""
    order = placed("o1", line(1_000, quantity=2))
    given(ACCOUNT_DECIDER, *after(booking(order))).when(returned(order, "r1", {1: 1})).then(
        PointsReversed(
            "o1",
            "o1",
            DEALER,
            USER,
            10,
            (share("o1", 10, 1),),
            0,
            "damaged",
            "r1",
            0,
            reversed_at=APRIL_1,
            order_number="n-o1",
            customer=CUSTOMER,
        )
    )


def share(order_id: str, points: int, ordinal: int) -> LotShare:
    return LotShare(order_id, points, (MARCH_1 + timedelta(days=14)).date(), ordinal)


def test_a_reward_comes_back_by_the_share_of_its_discount() -> None:
    """X-3: 500 cents for 50 points, of which the first line had 100."""
    order = with_reward("o9", line(1_000, 1, quantity=2), line(8_000, 2, quantity=1))
    assert [one.reward_cents for one in order.lines] == [100, 400]
    history = after(euros_ordered("o1", 60), holding("o9"), booking(order))
    first = returned(order, "r1", {1: 1})
    history += (events := ACCOUNT_DECIDER.decide(first, ACCOUNT_DECIDER.fold(history)))
    assert (given_back(events), taken(events)) == ([5], [10])
    rest = returned(order, "r2", {1: 1, 2: 1}, {1: 1})
    history += (events := ACCOUNT_DECIDER.decide(rest, ACCOUNT_DECIDER.fold(history)))
    assert (given_back(events), taken(events)) == ([45], [90])
    state = ACCOUNT_DECIDER.fold(history)
    assert (state.lots.points, state.owed) == (60, 0)
    given(ACCOUNT_DECIDER, *history).when(rest).then()
    given(ACCOUNT_DECIDER, *history).when(cancelled("o9")).then()


def test_a_cancellation_after_a_return_undoes_only_the_rest() -> None:
    """X-2, X-3"""
    order = with_reward("o9", line(1_000, quantity=4))
    history = after(
        euros_ordered("o1", 60), holding("o9"), booking(order), returned(order, "r1", {1: 1})
    )
    events = ACCOUNT_DECIDER.decide(cancelled("o9"), ACCOUNT_DECIDER.fold(history))
    assert (given_back(events), taken(events)) == ([38], [30])
    late = returned(order, "r2", {1: 3}, {1: 1})
    given(ACCOUNT_DECIDER, *history, *events).when(late).then()


def test_returned_points_that_were_spent_are_taken_from_others_or_owed() -> None:
    """X-4"""
    order = placed("o1", line(3_000, quantity=2))
    history = after(booking(order), holding("o9"))
    [reversed_] = ACCOUNT_DECIDER.decide(
        returned(order, "r1", {1: 1}), ACCOUNT_DECIDER.fold(history)
    )
    assert isinstance(reversed_, PointsReversed)
    assert (reversed_.points, reversed_.owed) == (30, 20)
    assert [lot.points for lot in reversed_.lots] == [10]


def test_points_of_a_returned_line_do_not_come_back_as_old_ones() -> None:
    """Otherwise a return and a cancellation would turn pending points into active ones."""
    order = placed("o1", line(2_500, quantity=2))
    history = after(
        booking(order),
        holding("o9"),
        booking(placed("o9", line(50), reward=rewarded("o9"), at=APRIL_1)),
        euros_ordered("o2", 50, at=APRIL_1),
        returned(order, "r1", {1: 1}),
    )
    [back] = ACCOUNT_DECIDER.decide(cancelled("o9"), ACCOUNT_DECIDER.fold(history))
    assert isinstance(back, RewardReturned)
    assert [(lot.lot_id, lot.points) for lot in back.lots] == [("o1", 25), ("o2", 25)]


def test_the_oldest_points_pay_a_debt_even_if_some_were_taken_back() -> None:
    """X-4: what a lot cannot take any more matures with the youngest."""
    order = placed("o2", line(1_000, quantity=5))
    in_between = placed("o7", line(50), reward=rewarded("o7", points=25))
    history = after(
        euros_ordered("o1", 25),
        booking(order),
        holding("o9"),
        returned(order, "r1", {1: 4}),
        euros_ordered("o3", 15, at=APRIL_1),
        booking(in_between),
    )
    assert ACCOUNT_DECIDER.fold(history).owed == 25
    [back] = ACCOUNT_DECIDER.decide(ending("o9"), ACCOUNT_DECIDER.fold(history))
    assert isinstance(back, RewardReleased)
    assert (back.settled, [(lot.lot_id, lot.points) for lot in back.lots]) == (
        25,
        [("o2", 10), ("o3", 15)],
    )


def test_a_lot_takes_back_no_more_than_its_order_still_earned() -> None:
    """What came to it from elsewhere counts, too."""
    order = placed("o2", line(1_000, quantity=10))
    history = after(
        euros_ordered("o1", 50),
        booking(order),
        holding("o9"),
        booking(placed("o9", line(50), reward=rewarded("o9"), at=APRIL_1)),
        holding("o8"),
        cancelled("o1"),
        returned(order, "r1", {1: 2}),
        euros_ordered("o0", 20, at=MARCH_1 - timedelta(days=1)),
        cancelled("o9"),
        euros_ordered("o4", 10, at=APRIL_1),
    )
    assert ACCOUNT_DECIDER.fold(history).owed == 0
    [back] = ACCOUNT_DECIDER.decide(ending("o8"), ACCOUNT_DECIDER.fold(history))
    assert isinstance(back, RewardReleased)
    assert [(lot.lot_id, lot.points) for lot in back.lots] == [("o2", 30), ("o4", 20)]


def test_points_that_came_to_a_lot_from_elsewhere_stay_there() -> None:
    """A hold that ends changes nothing, even if its lot is larger than what its order earned."""
    history = after(
        euros_ordered("o1", 50),
        holding("o9"),
        booking(placed("o9", line(50), reward=rewarded("o9"), at=APRIL_1)),
        euros_ordered("o2", 50),
        euros_ordered("o3", 50),
        cancelled("o1"),
        cancelled("o9"),
        euros_ordered("o4", 10, at=APRIL_1),
        holding("o8"),
    )
    assert isinstance(history[-1], RewardHeld)
    before = ACCOUNT_DECIDER.fold(history[:-1])
    assert [lot.points for page in before.lots.pages for lot in page.lots] == [100, 10]
    history += ACCOUNT_DECIDER.decide(ending("o8"), ACCOUNT_DECIDER.fold(history))
    assert ACCOUNT_DECIDER.fold(history).lots == before.lots


def test_a_return_of_an_order_without_points_changes_nothing() -> None:
    order = placed("o1", line(99, quantity=2))
    given(ACCOUNT_DECIDER, *after(booking(order))).when(returned(order, "r1", {1: 1})).then()


def test_lines_that_cannot_be_are_passed_over() -> None:
    """A policy never raises: more than ordered takes what there is, nothing ordered takes none."""
    order = placed("o1", line(1_000, quantity=2), line(1_000, 2))
    command = returned(order, "r1", {1: 1})
    [one] = command.returned.lines
    odd = (
        msgspec.structs.replace(one, quantity=9),
        msgspec.structs.replace(one, number=2, ordered=0),
        msgspec.structs.replace(one, number=7),
    )
    command = ReturnLines(msgspec.structs.replace(command.returned, lines=odd))
    events = ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(after(booking(order))))
    assert taken(events) == [20]


@dataclass(frozen=True)
class Life:
    """What happens to one order, in the order of checkout's stream."""

    order: OrderPlaced
    steps: tuple[Command, ...]


@st.composite
def lives(draw: st.DrawFn, order_id: str) -> Life:
    """An order that is placed, comes to some of its moments, and comes back in random parts."""
    cents = st.integers(1, 20_000)
    lines = [
        line(draw(cents), number, quantity=draw(st.integers(1, 4)))
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    rewarding, held = draw(st.booleans()), draw(st.booleans())
    points = draw(st.integers(1, 120))
    at = draw(st.sampled_from((MARCH_1, APRIL_1)))
    plain = placed(order_id, *lines, at=at)
    order = with_reward(order_id, *lines, points=points, at=at) if rewarding else plain
    if sum(one.net_cents for one in lines) < 500:
        order = plain
    waits = draw(st.sampled_from(MOMENTS))
    order = msgspec.structs.replace(
        order, earning=msgspec.structs.replace(order.earning, points_on=waits)
    )
    comes = draw(st.sets(st.sampled_from(MOMENTS[1:])))
    steps: list[Command] = [holding(order_id)] if held else []
    steps.append(booking(order))
    middle: list[Command] = [
        reaching(order_id, moment, APRIL_1 + timedelta(days=10 * number))
        for number, moment in enumerate(MOMENTS)
        if moment in comes
    ]
    back = draw(splits(order))
    if draw(st.booleans()) and back:
        back = [*back[:-1], cancelled(order_id)]
    merged = draw(merges(middle, back))
    return Life(order, (*steps, *merged))


@st.composite
def splits(draw: st.DrawFn, order: OrderPlaced) -> list[Command]:
    before: Counter[int] = Counter()
    commands: list[Command] = []
    while left := {
        one.number: one.quantity - before[one.number]
        for one in order.lines
        if one.quantity > before[one.number]
    }:
        pieces = {number: draw(st.integers(0, most)) for number, most in left.items()}
        if not any(pieces.values()):
            pieces = dict([next(iter(left.items()))])
        commands.append(returned(order, f"r{len(commands)}", pieces, dict(before)))
        before.update(pieces)
    return commands


@st.composite
def merges[Item](draw: st.DrawFn, *queues: Sequence[Item]) -> list[Item]:
    """Each queue in its own order, mixed at random."""
    places = draw(st.permutations([index for index, queue in enumerate(queues) for _ in queue]))
    rest = [iter(queue) for queue in queues]
    return [next(rest[index]) for index in places]


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Life], list[Command]]:
    """Some orders of a user, and everything that happens to them, mixed at random.

    An order from before has earned points for rewards; it comes back at any time.
    """
    before = placed("o", line(draw(st.integers(5_000, 20_000)), quantity=2), at=MARCH_1)
    first, *rest = [booking(before), *draw(splits(before))]
    all_of = [draw(lives(f"o{number}")) for number in range(draw(st.integers(1, 3)))]
    script = draw(merges(rest, *(life.steps for life in all_of)))
    return [Life(before, ()), *all_of], [first, *script]


def totals(history: Sequence[AccountEvent], order_id: str) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for event in history:
        match event:
            case PointsAccrued() | PointsReversed() | RewardRedeemed() | RewardReturned():
                if event.order_id == order_id:
                    sums[type(event).__name__] += event.points
            case _:
                pass
    return sums


@settings(max_examples=150, deadline=None)
@given_any(days())
def test_whatever_comes_back_in_whatever_parts_nothing_is_left_of_it(
    day: tuple[list[Life], list[Command]],
) -> None:
    """X-2, X-3, X-4: with other orders, rewards, waiting points and cancellations in between."""
    all_of, script = day
    history: list[AccountEvent] = []
    state = Account()
    for command in script:
        try:
            events = ACCOUNT_DECIDER.decide(command, state)
        except RefusedError:
            continue
        state = ACCOUNT_DECIDER.fold(events, state)
        history += events
        assert all(lot.points > 0 for page in state.lots.pages for lot in page.lots)
        assert state.owed >= 0
        assert state.owed == 0 or state.lots.points == 0
        assert not ACCOUNT_DECIDER.decide(command, state)  # a repeat changes nothing
    for life in all_of:
        sums = totals(history, life.order.order_id)
        assert sums["PointsAccrued"] == sums["PointsReversed"]
        assert sums["RewardRedeemed"] == sums["RewardReturned"]
        assert state.orders.get(life.order.order_id) is None or (
            state.orders[life.order.order_id].lot is None
            and state.orders[life.order.order_id].reward is None
        )
    for order_id in list(state.holds):  # of checkouts that ordered without their hold
        state = ACCOUNT_DECIDER.fold(ACCOUNT_DECIDER.decide(ending(order_id), state), state)
    assert (state.lots.points, state.owed) == (0, 0)
