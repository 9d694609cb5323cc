"""A checkout in bad weather: two processes, peers that refuse, lose answers or crash, a clock."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from checkout.approval.gate import ApprovalGate
from checkout.buyer.view import BUYERS
from checkout.catalogue.catalogue import Catalogue
from checkout.catalogue.view import CATALOGUE
from checkout.fulfilment.cancelling import Cancel
from checkout.fulfilment.decider import fulfilment_history
from checkout.numbers.allocator import OrderNumbers
from checkout.order.cart import Cart
from checkout.order.place_request import Request
from checkout.order.placement import PlaceOrder
from checkout.order.timer import due, lapse
from checkout.peer.ports import (
    Attempt,
    Buyer,
    HoldRefusedError,
    RewardCheck,
    VoucherCheck,
)
from checkout.pricing.goods import CartLine
from checkout.pricing.vat_rates import GERMANY
from checkout_tests.fakes import NOON, context, random_id, reward_for, vouchers_for
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    HoldsAsked,
    OrderLine,
    OrderPlaced,
    RewardApplied,
    RewardTakenOff,
    VoucherApplied,
    VoucherTakenOff,
)
from zugabe_events.contracts.vouchers import OrderVouchers
from zugabe_events.domain.decider import History
from zugabe_events.domain.errors import RefusedError, UnavailableError
from zugabe_events.domain.event import Event, derived_id
from zugabe_events.domain.event_store import AppendedCommit, Commit, LoadedState, RecordedCommit
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.stream_locks import StreamLocks
from zugabe_events.domain.timer import Schedule
from zugabe_events.eventstore.command_handler import CommandResult, handle
from zugabe_events.eventstore.state_cache import StateCache
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.views import InMemoryViews

type Mood = Literal["grant", "refuse", "lose-before", "lose-after", "crash"]
HOLD_SECONDS = 600


class CrashError(Exception):
    """The process dies here."""


@dataclass(frozen=True)
class Wish:
    order_id: str
    units: int
    voucher: bool
    reward: bool
    without_refused: bool
    process: int

    def cart(self, at: datetime) -> Cart:
        return Cart(
            order_id=self.order_id,
            buyer=Buyer("d1", "c1", "anna", at),
            lines=(CartLine("a", "g", "b", self.units, 1_000), CartLine("b", "g", "b", 1, 333)),
            codes=("TEN",) if self.voucher else (),
            reward_id="fiver" if self.reward else None,
            without_refused=self.without_refused,
        )

    @property
    def body(self) -> str:
        return str((self.units, self.voucher, self.reward, self.without_refused))


@dataclass(frozen=True)
class Alarms:
    pass


@dataclass(frozen=True)
class Cancelling:
    order_id: str


@dataclass(frozen=True)
class Hearing:
    """The peers catch up with the log."""


@dataclass(frozen=True)
class Waiting:
    seconds: int


type Action = Wish | Alarms | Cancelling | Hearing | Waiting


class SlowStore:
    """The log as one process sees it: others may act before every load and append, and what it
    remembers of its own appends may be old."""

    def __init__(self, log: InMemoryEventStore, pause: Callable[[], Any]) -> None:
        self._log = log
        self._pause = pause
        self.locks = StreamLocks()
        self._states = StateCache()

    def load_cached(
        self, histories: Sequence[History[Any, Any]], *, new: bool = False
    ) -> Sequence[LoadedState] | None:
        return self._states.load(histories, new=new)

    def cache(self, history: History[Any, Any], state: Any, version: int, key: str) -> None:
        self._states.put(history, state, version, key)

    async def load(
        self, histories: Sequence[History[Any, Any]], attempts: Sequence[UUID | None]
    ) -> Sequence[LoadedState]:
        await self._pause()
        return await self._log.load(histories, attempts)

    async def append(self, commits: Sequence[Commit]) -> Sequence[AppendedCommit]:
        await self._pause()
        return await self._log.append(commits)

    async def latest(
        self, streams: Sequence[str], limit: int, before: tuple[datetime, UUID] | None = None
    ) -> Sequence[RecordedCommit]:
        await self._pause()
        return await self._log.latest(streams, limit, before)


@dataclass
class StormyPeer:
    """Keeps a peer's promises: re-entrant holds, and none for an attempt that it knows over."""

    storm: "Storm"
    ending: type[VoucherTakenOff] | type[RewardTakenOff]
    granted: set[str] = field(default_factory=set)
    held: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)

    async def take(self, attempt: Attempt, offered: str) -> str:
        mood = self.storm.mood()
        await self.storm.pause()
        if mood == "lose-before":
            raise UnavailableError("Keine Antwort.")
        order_id, number = attempt.order_id, attempt.number
        hold_id = f"{order_id}/{number}"
        if (
            number <= self.ended.get(order_id, 0)
            or number < self.held.get(order_id, 0)
            or self.storm.now > attempt.deadline
        ):
            raise HoldRefusedError(offered, "Vorbei.", "attempt-over")
        if hold_id not in self.granted:
            if mood == "refuse":
                raise HoldRefusedError(offered, "Nein.", "limit")
            self.granted.add(hold_id)
            self.held[order_id] = number
        await self.storm.pause()
        if mood == "lose-after":
            raise UnavailableError("Keine Antwort.")
        if mood == "crash":
            raise CrashError
        return hold_id

    def deliver(self, event: Event) -> None:
        if isinstance(event, CheckoutLapsed | self.ending):
            self.ended[event.order_id] = max(event.attempt, self.ended.get(event.order_id, 0))


class StormyVouchers(StormyPeer):
    async def hold(
        self, buyer: Buyer, attempt: Attempt, codes: Sequence[str], lines: Sequence[OrderLine]
    ) -> tuple[VoucherApplied, ...]:
        return vouchers_for(lines, codes, await self.take(attempt, codes[-1]))

    async def check(self, *asked: object) -> VoucherCheck:
        raise NotImplementedError

    async def after_order(self, *asked: object) -> OrderVouchers:
        raise NotImplementedError


class StormyBonus(StormyPeer):
    async def hold(
        self, buyer: Buyer, attempt: Attempt, reward_id: str, lines: Sequence[OrderLine]
    ) -> RewardApplied:
        return reward_for(lines, await self.take(attempt, reward_id))

    async def check(self, *asked: object, earning_minimum_cents: int = 0) -> RewardCheck:
        raise NotImplementedError


class Storm:
    def __init__(self, moods: Iterator[Mood], pauses: Iterator[int]) -> None:
        self.now = NOON
        self.log = InMemoryEventStore("checkout", lambda: self.now)
        self._moods = moods
        self._pauses = pauses
        self.vouchers = StormyVouchers(self, VoucherTakenOff)
        self.bonus = StormyBonus(self, RewardTakenOff)
        self.documents = InMemoryViews(CATALOGUE, [])
        self.catalogue = Catalogue(self.documents, lambda: False, lambda: self.now.timestamp())
        buyers = InMemoryViews(BUYERS, [self.log])
        self.stores = [SlowStore(self.log, self.pause) for _ in range(2)]
        self.tills = [
            PlaceOrder(
                store,
                OrderNumbers(store, random_id),
                self.catalogue,
                self.vouchers,
                self.bonus,
                GERMANY,
                ApprovalGate(buyers),
                timedelta(seconds=HOLD_SECONDS),
            )
            for store in self.stores
        ]
        self.answers: list[tuple[Wish, OrderPlaced]] = []

    def mood(self) -> Mood:
        return next(self._moods, "grant")

    async def pause(self) -> None:
        for _ in range(next(self._pauses, 1)):
            await asyncio.sleep(0)

    @property
    def events(self) -> list[Event]:
        return [event for commit, _ in self.log.commits for event in commit.events]

    def of_order(self, order_id: str) -> list[Event]:
        stream = f"order/d1/{order_id}"
        commits = [commit for commit, _ in self.log.commits if commit.stream.id == stream]
        return [event for commit in commits for event in commit.events]

    async def blow(self, gusts: Sequence[Sequence[tuple[int, Action]]]) -> None:
        """The actions of a gust happen at the same time, each with a delay of its own."""
        for gust in gusts:
            await asyncio.gather(*(self._act(action, delay) for delay, action in gust))

    async def calm_down(self) -> None:
        """All deadlines pass, all alarms ring."""
        self.now += timedelta(days=1)
        await self._act(Alarms())

    async def _act(self, action: Action, delay: int = 0) -> None:
        for _ in range(delay):
            await asyncio.sleep(0)
        match action:
            case Wish():
                await self._place(action)
            case Alarms():
                await self._ring()
            case Cancelling(order_id):
                await self._cancel(order_id)
            case Hearing():
                for event in self.events:
                    self.vouchers.deliver(event)
                    self.bonus.deliver(event)
            case Waiting(seconds):
                self.now += timedelta(seconds=seconds)

    async def _place(self, wish: Wish) -> None:
        attempt = derived_id("natural", wish.order_id, wish.body)
        request = Request(wish.cart(self.now), context(self.now, "anna"), attempt, wish.body)
        try:
            handled: CommandResult = await self.tills[wish.process].place(request)
        except (RefusedError, CrashError):
            return
        placed = handled.of(OrderPlaced)
        assert placed is not None
        self.answers.append((wish, placed))

    async def _ring(self) -> None:
        """Every alarm that was ever set, also those that are settled or not due yet."""
        for event in self.events:
            if isinstance(event, HoldsAsked):
                alarm = due(ReceivedEvent("e", event, "", self.now))
                assert isinstance(alarm, Schedule)
                await lapse(self.stores[0], alarm.key, context(self.now))

    async def _cancel(self, order_id: str) -> None:
        history = fulfilment_history("d1", order_id)
        command = Cancel("ordered-twice", None, by_buyer=True, at=self.now)
        try:
            await handle(self.stores[1], history, command, context(self.now), attempt=random_id())
        except RefusedError:
            return
