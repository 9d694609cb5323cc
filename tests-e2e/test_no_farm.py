"""No sequence of a user's requests ends with more value than was paid for (S1, S6, X-2, X-3).

Deciders of checkout and bonus together. What checkout decides reaches bonus later, so that users
redeem points of orders that were cancelled a moment ago.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.hold import HoldReward
from bonus.account.order import BookOrder, EndAttempt
from bonus.account.refusals import Wish
from bonus.account.state import Account, AccountEvent
from bonus.account.undo import CancelOrder, ReturnLines
from bonus.customer.decider import Membership, Span
from bonus.programme.versions import ALWAYS, Active, Versions
from bonus.text.acceptance import Rules
from bonus.text.decider import Texts
from checkout.fulfilment import decider as fulfilment
from checkout.fulfilment.cancelling import Cancel
from checkout.fulfilment.decider import FULFILMENT_DECIDER
from checkout.fulfilment.returning import Return
from checkout.fulfilment.steps import Ship
from checkout.order.cart import Cart
from checkout.order.state import OrderEvent
from checkout.peer.ports import Buyer
from checkout.pricing.discounts import Discounts
from checkout.pricing.goods import CartLine, at_own_prices
from checkout.pricing.vat_rates import GERMANY
from zugabe_events.contracts.bonus import (
    PointsAccrued,
    PointsReversed,
    ProgrammeTerms,
    RewardAdded,
    RewardAttemptEnded,
    RewardHeld,
    RewardRedeemed,
    RewardReturned,
)
from zugabe_events.contracts.checkout import (
    OrderCancelled,
    OrderPlaced,
    OrderReturned,
    RewardApplied,
)
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event

DEALER, CUSTOMER, USER = "d1", "c1", "u1"
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
POINTS, CENTS = 50, 500
"""The reward: 50 points, which are earned with 50 euros, for 5 euros."""

TERMS = ProgrammeTerms(
    points_per_euro=1,
    point_value_cents=10,
    count_after_discounts=False,
    pending_days=0,
    excluded_groups=(),
    starts_on=date(2026, 1, 1),
)
PROGRAMME = Active(
    version=2,
    terms=TERMS,
    rewards={"five": RewardAdded(DEALER, 2, "five", "5 € Rabatt", POINTS, CENTS)},
    promotions={},
)
TAKES_PART = Membership((Span(ALWAYS),))
RULES = Rules(Versions((PROGRAMME,)), TAKES_PART, Texts())

carts = st.lists(st.tuples(st.integers(1, 9_000), st.integers(1, 4)), min_size=1, max_size=3)


class OneUser(RuleBasedStateMachine):
    """A user who orders, redeems, gives up, cancels and returns, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.account = Account()
        self.booked: list[AccountEvent] = []
        self.orders: dict[str, list[OrderEvent]] = {}
        self.underway: deque[Command] = deque()
        self.ids = map("o{}".format, count(1))

    # What bonus does.

    def bonus(self, command: Command) -> Sequence[AccountEvent]:
        events = ACCOUNT_DECIDER.decide(command, self.account)
        self.account = ACCOUNT_DECIDER.fold(events, self.account)
        self.booked += events
        return events

    def sums(self) -> dict[type[Event], int]:
        found: dict[type[Event], int] = defaultdict(int)
        for event in self.booked:
            if isinstance(event, PointsAccrued | PointsReversed | RewardRedeemed | RewardReturned):
                found[type(event)] += event.points
        return found

    def kept_points(self) -> tuple[int, int]:
        """Earned with goods that are kept, and spent on them, as far as bonus knows."""
        found = self.sums()
        earned = found[PointsAccrued] - found[PointsReversed]
        return earned, found[RewardRedeemed] - found[RewardReturned]

    # What the user asks for.

    @rule(goods=carts, redeems=st.booleans(), gives_up=st.booleans())
    def order(self, goods: list[tuple[int, int]], redeems: bool, gives_up: bool) -> None:
        order_id = next(self.ids)
        lines = tuple(
            CartLine(f"a{number}", "g", "b", quantity, cents)
            for number, (cents, quantity) in enumerate(goods, start=1)
        )
        nets = tuple(line.quantity * line.unit_cents for line in lines)
        reward = self.hold(order_id, nets) if redeems else None
        if reward and gives_up:
            over = RewardAttemptEnded(order_id, 1, DEALER, USER, self.now + HOUR, self.now)
            self.underway.append(EndAttempt(over, "lapsed"))
            return
        buyer = Buyer(DEALER, CUSTOMER, USER, self.now)
        cart = Cart(order_id, buyer, lines, (), "five" if reward else None)
        priced = cart.order(at_own_prices(lines), Discounts((), reward), GERMANY, 1)
        placed = replace(priced, order_number=order_id)
        self.orders[order_id] = [placed]
        self.underway.append(BookOrder(placed, RULES, self.now))

    def hold(self, order_id: str, nets: tuple[int, ...]) -> RewardApplied | None:
        """A reward is granted only if points of kept goods cover it, and all that was spent."""
        command = HoldReward(
            order_id,
            1,
            DEALER,
            CUSTOMER,
            USER,
            Wish("five", nets, self.now),
            self.now + HOUR,
            self.now,
            PROGRAMME,
            TAKES_PART,
        )
        try:
            [held] = self.bonus(command)
        except RefusedError:
            return None
        assert isinstance(held, RewardHeld)
        earned, spent = self.kept_points()
        assert earned >= spent + POINTS * len(self.account.holds)
        return RewardApplied(
            held.hold_id,
            "five",
            held.title,
            held.points,
            held.base_cents,
            held.discount_cents,
            held.shares,
            streams=(),
            explanation="",
        )

    @precondition(lambda self: self.orders)
    @rule(chance=st.randoms(use_true_random=False))
    def cancel(self, chance: Random) -> None:
        self.do(Cancel("ordered-twice", None, True, self.now), chance.choice([*self.orders]))

    @precondition(lambda self: self.orders)
    @rule(chance=st.randoms(use_true_random=False))
    def ship(self, chance: Random) -> None:
        self.do(Ship("s1", None, self.now), chance.choice([*self.orders]))

    @precondition(lambda self: self.orders)
    @rule(
        chance=st.randoms(use_true_random=False),
        pieces=st.dictionaries(st.integers(1, 3), st.integers(1, 4), min_size=1),
    )
    def bring_back(self, chance: Random, pieces: dict[int, int]) -> None:
        order_id = chance.choice([*self.orders])
        return_id = f"r{len(self.orders[order_id])}"
        self.do(Return(return_id, pieces, "damaged", None, True, self.now), order_id)

    def do(self, command: fulfilment.Command, order_id: str) -> None:
        history = self.orders[order_id]
        try:
            events = FULFILMENT_DECIDER.decide(command, FULFILMENT_DECIDER.fold(history))
        except RefusedError:
            return
        history += events
        for event in events:
            if isinstance(event, OrderCancelled):
                self.underway.append(CancelOrder(event))
            elif isinstance(event, OrderReturned):
                self.underway.append(ReturnLines(event))

    @rule(minutes=st.integers(1, 3 * 24 * 60))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def tell_bonus(self) -> None:
        if self.underway:
            self.bonus(self.underway.popleft())

    # What is always true.

    @invariant()
    def what_is_left_to_spend_was_earned_and_not_spent(self) -> None:
        earned, spent = self.kept_points()
        held = POINTS * len(self.account.holds)
        assert earned - spent == self.account.lots.points + held - self.account.owed
        assert not (self.account.owed and self.account.lots.points)

    @invariant()
    def nobody_pays_less_than_nothing(self) -> None:
        """Each order is paid for as far as it is kept, less the share of its reward."""
        for history in self.orders.values():
            placed = history[0]
            assert isinstance(placed, OrderPlaced)
            back = [event for event in history if isinstance(event, OrderReturned)]
            paid = placed.net_cents - sum(event.net_cents for event in back)
            goods = placed.goods_cents - sum(event.goods_cents for event in back)
            assert 0 <= paid <= goods <= paid + CENTS

    def teardown(self) -> None:
        """All of it comes back: neither money nor points nor a debt is left."""
        for order_id, history in self.orders.items():
            self.do(Cancel("ordered-twice", None, True, self.now), order_id)
            placed = history[0]
            assert isinstance(placed, OrderPlaced)
            back = [event for event in history if isinstance(event, OrderReturned)]
            if isinstance(history[-1], OrderCancelled):
                continue
            left = {
                line.number: line.quantity
                - sum(
                    one.quantity
                    for event in back
                    for one in event.lines
                    if one.number == line.number
                )
                for line in placed.lines
            }
            if rest := {number: pieces for number, pieces in left.items() if pieces}:
                self.do(Return("rest", rest, "damaged", None, False, self.now), order_id)
            back = [event for event in history if isinstance(event, OrderReturned)]
            assert placed.totals
            assert sum(event.net_cents for event in back) == placed.net_cents
            assert sum(event.totals.gross_cents for event in back) == placed.totals.gross_cents
        while self.underway:
            self.bonus(self.underway.popleft())
        assert self.kept_points() == (0, 0)
        assert (self.account.lots.points, self.account.owed) == (0, 0)
        assert not self.account.holds


OneUser.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


TestNoFarm = OneUser.TestCase
