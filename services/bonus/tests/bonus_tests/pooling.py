"""Accounts of a customer and the one that its users share, with messages that arrive late."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from bonus.account.decider import account_history, pool_account_history
from bonus.account.policy import ORDERS
from bonus.account.state import Account
from bonus.account.view import AccountView, keys, project
from bonus.customer.decider import CUSTOMER_DECIDER
from bonus.pool.decider import Pool, pool_history
from bonus.pool.policy import POOLS
from bonus.programme.decider import PROGRAMME_DECIDER
from bonus.programme.versions import Active
from bonus.text.decider import TEXTS_DECIDER
from bonus_tests.samples import APRIL_1, CUSTOMER, DEALER, TERMS, programme, rules_of
from zugabe_events.contracts.bonus import (
    ClawBack,
    DebtMovedIn,
    DebtMovedOut,
    PointsAccrued,
    PointsForfeited,
    PointsMovedIn,
    PointsMovedOut,
    PointsReversed,
    ProgrammeLeft,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event
from zugabe_events.domain.policy import ReceivedEvent


def at_once(claw_back: ClawBack) -> Active:
    terms = msgspec.structs.replace(TERMS, pending_days=0, claw_back=claw_back)
    return programme(terms=terms)


AT_ONCE = at_once("negative")
RULES = rules_of(AT_ONCE)


class World:
    """Messages of one stream arrive in its order, and those of several in any."""

    def __init__(self, claw_back: ClawBack = "negative") -> None:
        self.claw_back = claw_back
        rules = rules_of(at_once(claw_back))
        self.known: dict[str, Any] = {
            PROGRAMME_DECIDER.name: rules.programme,
            CUSTOMER_DECIDER.name: rules.membership,
            TEXTS_DECIDER.name: rules.texts,
        }
        self.states: dict[str, Any] = {}
        self.views: dict[str, AccountView | None] = {}
        self.waiting: dict[str, deque[ReceivedEvent]] = defaultdict(deque)
        self.done: set[tuple[str, str, str]] = set()
        self.told: list[Event] = []
        self.count = 0
        self.now = APRIL_1

    def account(self, user: str) -> Account:
        state = self.states.get(account_history(DEALER, user).stream.id, Account())
        assert isinstance(state, Account)
        return state

    @property
    def shared(self) -> Account:
        history = pool_account_history(DEALER, CUSTOMER)
        state = self.states.get(history.stream.id, Account())
        assert isinstance(state, Account)
        return state

    @property
    def pool(self) -> Pool:
        state = self.state_of(pool_history(DEALER, CUSTOMER))
        assert isinstance(state, Pool)
        return state

    def state_of(self, history: History[Any, Any]) -> Any:
        if history.decider.name in self.known:
            return self.known[history.decider.name]
        return self.states.get(history.stream.id, history.decider.initial)

    def decide(self, history: History[Any, Any], command: object) -> Sequence[Event]:
        state = self.state_of(history)
        try:
            events = list(history.decider.decide(command, state))
        except RefusedError:
            return []
        for event in events:
            state = history.decider.evolve(state, event)
            self.publish(event, history.stream.id)
        self.states[history.stream.id] = state
        return events

    def publish(self, event: Event, stream: str) -> None:
        self.count += 1
        self.now += timedelta(seconds=1)
        self.told.append(event)
        for key in keys(event):
            self.views[key] = project(self.views.get(key), event)
        self.waiting[stream].append(ReceivedEvent(f"e{self.count}", event, stream, self.now))

    def hear(self, nth: int, *, again: bool = False) -> None:
        """The next message of some stream arrives; `again` leaves it, to arrive once more."""
        streams = [stream for stream, queue in self.waiting.items() if queue]
        if not streams:
            return
        queue = self.waiting[streams[nth % len(streams)]]
        received = queue[0] if again else queue.popleft()
        for policy in (ORDERS, POOLS):
            if ("checkout" if received.stream.startswith("order") else "bonus") in policy.topics:
                self.react(received, policy.react, policy.name)

    def react(
        self, received: ReceivedEvent, react: Callable[[ReceivedEvent], Sequence[Any]], name: str
    ) -> None:
        for reaction in react(received):
            key = (received.id, name, reaction.target.stream.id)
            if key in self.done:
                continue
            self.done.add(key)
            reads = [self.state_of(read) for read in reaction.reads]
            self.decide(reaction.target, reaction.command(*reads))

    def hear_all(self) -> None:
        while any(self.waiting.values()):
            self.hear(0)

    @property
    def accounts(self) -> list[Account]:
        return [state for state in self.states.values() if isinstance(state, Account)]

    def standing(self) -> int:
        """All points in accounts and on their way, less debts."""
        return sum(stands_at(account) for account in self.accounts) + on_the_way(self.told)


def stands_at(account: Account) -> int:
    held = sum(hold.points for hold in account.holds.values())
    waiting = sum(
        booked.lot.points for booked in account.orders.values() if booked.waits_for and booked.lot
    )
    return account.lots.points + held + waiting - account.owed


def on_the_way(told: Sequence[Event]) -> int:
    points = 0
    for event in told:
        match event:
            case PointsMovedOut() | DebtMovedIn():
                points += event.points
            case PointsMovedIn() | DebtMovedOut():
                points -= event.points
            case _:
                pass
    return points


def balance(told: Sequence[Event]) -> int:
    """What came, less what went, besides by moves."""
    points = 0
    for event in told:
        match event:
            case PointsAccrued() | RewardReturned():
                points += event.points
            case PointsReversed():
                points += event.let_off - event.points
            case RewardRedeemed() | PointsForfeited():
                points -= event.points
            case ProgrammeLeft() | DebtMovedIn():
                points += event.let_off
            case RewardReleased():
                points -= event.forfeited
            case _:
                pass
    return points
