"""No limit is exceeded at any moment of the log, whoever does what when (N-2)."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from vouchers.campaign.discount import Line
from vouchers.limit.decider import Limit, limit_history
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.refusals import Use
from vouchers.wallet.shared_limits import histories_of, hold_within_limits
from zugabe_events.contracts.checkout import OrderPlaced, Refusal, VoucherApplied
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    UseCounted,
    UseReturned,
    VoucherHeld,
    VoucherRedeemed,
    VoucherReleased,
    VoucherReturned,
)
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Context
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import handle_together

USERS = ("anna", "bert", "carla", "dora")
ORDERS = tuple(f"o{number}" for number in range(5))
MOST = {"campaign": 3, "customer": 2, "user": 1}

steps = st.lists(
    st.tuples(
        st.sampled_from(("hold", "hold", "repeat", "late", "place", "end", "cancel", "hear")),
        st.sampled_from(ORDERS),
    ),
    min_size=20,
    max_size=60,
)


def user_of(order_id: str) -> str:
    return USERS[ORDERS.index(order_id) % len(USERS)]


def customer_of(order_id: str) -> str:
    return "So.COMMERCE" if user_of(order_id) != "carla" else "carla-ltd"


class Checkouts:
    """The decisions of checkout's streams: an order tries on until it is placed or given up."""

    def __init__(self, shop: Any, terms: CampaignTerms, placed: Callable[..., OrderPlaced]) -> None:
        self.shop = shop
        self.terms = terms
        self.order_placed = placed
        self.attempts = Counter[str]()
        self.ended = Counter[str]()
        self.holds: dict[str, int] = {}
        self.placed: dict[str, str | None] = {}
        self.cancelled: set[str] = set()

    async def do(self, step: str, order_id: str) -> None:
        match step:
            case "hold" if order_id not in self.placed:
                self.attempts[order_id] += 1
                await self.ask(order_id, self.attempts[order_id])
            case "repeat" if self.attempts[order_id]:
                await self.ask(order_id, self.attempts[order_id])
            case "late" if self.attempts[order_id] > 1:
                await self.ask(order_id, self.attempts[order_id] - 1)
            case "place" if self.attempts[order_id] and order_id not in self.placed:
                await self.place(order_id)
            case "end" if self.attempts[order_id] and order_id not in self.placed:
                self.holds.pop(order_id, None)
                self.ended[order_id] = self.attempts[order_id]
                await self.shop.take_off(order_id, self.attempts[order_id], user_of(order_id))
            case "cancel" if order_id in self.placed:
                self.cancelled.add(order_id)
                await self.shop.cancel(order_id, self.placed[order_id], user_of(order_id))
            case "hear":
                await self.shop.deliver_own(2)

    async def ask(self, order_id: str, attempt: int) -> None:
        user, customer, now = user_of(order_id), customer_of(order_id), self.shop.now
        lines = (Line(1, 10000),)
        use = Use("A12345", "acme", customer, user, "spring", 1, self.terms, lines, now)
        command = HoldVouchers((use,), order_id, attempt, now + timedelta(minutes=10), now)
        context = Context("checkout", "service", "acme", now, "correlation")
        with suppress(RefusedError):
            await handle_together(
                self.shop.store,
                histories_of((use,)),
                lambda states: hold_within_limits(command, states),
                context,
                attempt=uuid4(),
            )
            # No late request takes a use that would never be released.
            assert order_id not in self.placed
            assert attempt > self.ended[order_id]
            assert attempt >= self.holds.get(order_id, 0)
            self.holds[order_id] = attempt

    async def place(self, order_id: str) -> None:
        """With the voucher, if this attempt got it."""
        attempt, held = self.attempts[order_id], self.holds.pop(order_id, None)
        hold_id = f"{order_id}/{held}" if held == attempt else None
        voucher = hold_id and VoucherApplied(
            hold_id, "spring", 1, "A12345", "percent", 1, 1, (1,), False, (), ""
        )
        order = self.order_placed(
            order_id,
            attempt=attempt,
            voucher=voucher,
            refused=() if voucher else (Refusal("A12345", "user-limit", ""),),
            user=user_of(order_id),
            customer=customer_of(order_id),
        )
        self.placed[order_id] = hold_id
        await self.shop.deliver("checkout", order)

    @property
    def live(self) -> set[str]:
        """The uses that open checkouts and standing orders have."""
        held = {f"{order_id}/{attempt}" for order_id, attempt in self.holds.items()}
        paid = {hold for order, hold in self.placed.items() if hold and order not in self.cancelled}
        return held | paid


class Verifier:
    """Shares no code with the deciders: reads the log alone, event by event."""

    def __init__(self) -> None:
        self.live: dict[str, tuple[str, str]] = {}
        self.counted: set[tuple[str, str | None, str]] = set()

    def read(self, event: object) -> None:
        match event:
            case VoucherHeld() | VoucherRedeemed():
                self.live[event.hold_id] = (event.customer, event.user)
            case VoucherReleased() | VoucherReturned():
                del self.live[event.hold_id]
            case UseCounted():
                use = (event.limit, event.customer, event.hold_id)
                assert use not in self.counted
                self.counted.add(use)
            case UseReturned():
                self.counted.remove((event.limit, event.customer, event.hold_id))
        self.check()

    def check(self) -> None:
        assert len(self.live) <= MOST["campaign"]
        by_customer = Counter(customer for customer, _ in self.live.values())
        by_user = Counter(user for _, user in self.live.values())
        assert max(by_customer.values(), default=0) <= MOST["customer"]
        assert max(by_user.values(), default=0) <= MOST["user"]
        counts = Counter((kind, customer) for kind, customer, _ in self.counted)
        assert all(count <= MOST[kind] for (kind, _), count in counts.items())


@settings(max_examples=150, deadline=None)
@examples(steps=steps)
def test_limits_hold_at_every_prefix_of_the_log(
    open_shop: Callable[[], Any],
    terms: Callable[..., CampaignTerms],
    placed: Callable[..., OrderPlaced],
    steps: list[tuple[str, str]],
) -> None:
    """N-2, VO-11, VO-12, VO-14, X-1, X-2"""

    async def story() -> None:
        shop = open_shop()
        limited = terms(max_uses=3, max_per_customer=2, max_per_user=1)
        checkouts, verifier = Checkouts(shop, limited, placed), Verifier()
        for step, order_id in steps:
            await checkouts.do(step, order_id)
        await shop.deliver_own()
        await shop.deliver_own()
        for commit, _ in shop.store.commits:
            for event in commit.events:
                verifier.read(event)
        in_all = limit_history(Limit("acme", "spring", "campaign", None))
        assert (await state_of(shop.store, in_all)).count == len(verifier.live)
        of_campaign = {hold for kind, _, hold in verifier.counted if kind == "campaign"}
        of_customers = {hold for kind, _, hold in verifier.counted if kind == "customer"}
        assert of_campaign == of_customers == set(verifier.live) == checkouts.live

    asyncio.run(story())
