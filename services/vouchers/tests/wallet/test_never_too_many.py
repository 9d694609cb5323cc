"""No limit is exceeded at any moment of the log, whoever does what when (N-2)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from vouchers.budget.decider import budget_history
from vouchers.campaign.discount import Line
from vouchers.limit.decider import Limit, limit_history, order_of
from vouchers.wallet.hold import HoldVouchers
from vouchers.wallet.refusals import Use
from vouchers.wallet.shared_limits import hold_within_limits
from vouchers.wallet.shared_states import histories_of
from zugabe_events.contracts.checkout import OrderPlaced, Refusal, VoucherApplied
from zugabe_events.contracts.vouchers import (
    BudgetReserved,
    BudgetReturned,
    CampaignTerms,
    UniqueCodeFreed,
    UniqueCodeTaken,
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
CODES = ("FIVE", "SHIP", "TEN")
UNIQUE = "SHIP"
"""The campaign with unique codes, of which there are two."""
MOST = {"campaign": 3, "customer": 2, "user": 1}
"""The limits of each campaign."""

BUDGETS = {"five": 1_200, "ten": 1_900}
"""In cents, by campaign: enough for one or two uses, with a rest that is too little for another."""

steps = st.lists(
    st.tuples(
        st.sampled_from(("hold", "hold", "repeat", "late", "place", "end", "cancel", "hear")),
        st.sampled_from(ORDERS),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True),
    ),
    min_size=20,
    max_size=60,
)


def user_of(order_id: str) -> str:
    return USERS[ORDERS.index(order_id) % len(USERS)]


def customer_of(order_id: str) -> str:
    return "So.COMMERCE" if user_of(order_id) != "carla" else "carla-ltd"


class Checkouts:
    """The decisions of checkout's streams: an order tries on until it is placed or given up.

    `asked` are the codes of each attempt; an attempt holds all of them or none.
    """

    def __init__(
        self, shop: Any, terms: Mapping[str, CampaignTerms], placed: Callable[..., OrderPlaced]
    ) -> None:
        self.shop = shop
        self.terms = terms
        self.order_placed = placed
        self.asked: dict[str, list[Sequence[str]]] = {}
        self.ended = Counter[str]()
        self.holds: dict[str, tuple[int, Sequence[VoucherHeld]]] = {}
        self.placed: dict[str, list[str]] = {}
        self.cancelled: set[str] = set()

    async def do(self, step: str, order_id: str, codes: Sequence[str]) -> None:
        attempts = self.asked.setdefault(order_id, [])
        match step:
            case "hold" if order_id not in self.placed:
                attempts.append(codes)
                await self.ask(order_id, len(attempts))
            case "repeat" if attempts:
                await self.ask(order_id, len(attempts))
            case "late" if len(attempts) > 1:
                await self.ask(order_id, len(attempts) - 1)
            case "place" if attempts and order_id not in self.placed:
                await self.place(order_id)
            case "end" if attempts and order_id not in self.placed:
                self.holds.pop(order_id, None)
                self.ended[order_id] = len(attempts)
                await self.shop.take_off(order_id, len(attempts), user_of(order_id))
            case "cancel" if order_id in self.placed:
                self.cancelled.add(order_id)
                holds = self.placed[order_id]
                first = holds[0] if holds else None
                await self.shop.cancel(order_id, first, user_of(order_id), tuple(holds[1:]))
            case "hear":
                await self.shop.deliver_own(2)

    async def ask(self, order_id: str, attempt: int) -> None:
        user, customer, now = user_of(order_id), customer_of(order_id), self.shop.now
        lines = (Line(1, 7_000 + 1_000 * ORDERS.index(order_id)),)
        uses = tuple(
            Use(
                code,
                "acme",
                customer,
                user,
                code.lower(),
                1,
                self.terms[code],
                lines,
                now,
                unique_code=1 + ORDERS.index(order_id) % 2 if code == UNIQUE else None,
            )
            for code in self.asked[order_id][attempt - 1]
        )
        command = HoldVouchers(uses, order_id, attempt, now + timedelta(minutes=10), now)
        context = Context("checkout", "service", "acme", now, "correlation")
        with suppress(RefusedError):
            handled = await handle_together(
                self.shop.store,
                histories_of(uses),
                lambda states: hold_within_limits(command, states),
                context,
                attempt=uuid4(),
            )
            # No late request takes a use that would never be released.
            assert order_id not in self.placed
            assert attempt > self.ended[order_id]
            held = [event for event in handled.events if isinstance(event, VoucherHeld)]
            before, _ = self.holds.get(order_id, (0, ()))
            assert attempt > before if held else attempt == before
            if held:
                assert sorted(hold.code for hold in held) == sorted(
                    use.voucher_code for use in uses
                )
                self.holds[order_id] = (attempt, held)

    async def place(self, order_id: str) -> None:
        """With the vouchers, if this attempt got them."""
        attempt = len(self.asked[order_id])
        held_for, held = self.holds.pop(order_id, (0, ()))
        vouchers = [
            VoucherApplied(
                hold.hold_id,
                hold.campaign_id,
                1,
                hold.code,
                hold.discount_type,
                hold.base_cents,
                hold.discount_cents,
                hold.shares,
                False,
                (),
                "",
            )
            for hold in (held if held_for == attempt else ())
        ]
        order = self.order_placed(
            order_id,
            attempt=attempt,
            voucher=vouchers[0] if vouchers else None,
            more_vouchers=tuple(vouchers[1:]),
            refused=() if vouchers else (Refusal("TEN", "user-limit", ""),),
            user=user_of(order_id),
            customer=customer_of(order_id),
        )
        self.placed[order_id] = [voucher.hold_id for voucher in vouchers]
        await self.shop.deliver("checkout", order)

    @property
    def live(self) -> set[str]:
        """The uses that open checkouts and standing orders have."""
        held = {hold.hold_id for _, holds in self.holds.values() for hold in holds}
        paid = {
            hold
            for order, holds in self.placed.items()
            for hold in holds
            if order not in self.cancelled
        }
        return held | paid


class Verifier:
    """Shares no code with the deciders: reads the log alone, event by event."""

    def __init__(self) -> None:
        self.live: dict[str, tuple[str, str, str]] = {}
        self.counted: set[tuple[str, str, str | None, str]] = set()
        self.discounts: dict[str, int] = {}
        self.reserved: dict[str, tuple[str, int]] = {}
        self.taken: dict[int, str] = {}
        self.codes: dict[str, int] = {}

    def read(self, event: object) -> None:
        match event:
            case VoucherHeld() | VoucherRedeemed():
                if isinstance(event, VoucherHeld) and event.unique_code is not None:
                    self.codes[event.hold_id] = event.unique_code
                self.live[event.hold_id] = (event.campaign_id, event.customer, event.user)
                self.discounts[event.hold_id] = event.discount_cents
            case VoucherReleased() | VoucherReturned():
                del self.live[event.hold_id]
            case UseCounted():
                use = (event.campaign_id, event.limit, event.customer, event.hold_id)
                assert use not in self.counted
                self.counted.add(use)
            case UniqueCodeTaken():
                before = self.taken.get(event.number, event.hold_id)
                assert order_of(before) == order_of(event.hold_id)
                self.taken[event.number] = event.hold_id
            case UniqueCodeFreed():
                assert self.taken.pop(event.number) == event.hold_id
            case BudgetReserved():
                assert event.hold_id not in self.reserved
                self.reserved[event.hold_id] = (event.campaign_id, event.discount_cents)
            case BudgetReturned():
                reserved = self.reserved.pop(event.hold_id)
                assert reserved == (event.campaign_id, event.discount_cents)
            case UseReturned():
                self.counted.remove((event.campaign_id, event.limit, event.customer, event.hold_id))
        self.check()

    def check(self) -> None:
        uses = self.live.values()
        by_campaign = Counter(campaign for campaign, *_ in uses)
        by_customer = Counter((campaign, customer) for campaign, customer, _ in uses)
        by_user = Counter((campaign, user) for campaign, _, user in uses)
        assert max(by_campaign.values(), default=0) <= MOST["campaign"]
        assert max(by_customer.values(), default=0) <= MOST["customer"]
        assert max(by_user.values(), default=0) <= MOST["user"]
        used = Counter(code for hold, code in self.codes.items() if hold in self.live)
        assert max(used.values(), default=0) <= 1
        for campaign, budget in BUDGETS.items():
            live = [hold for hold, use in self.live.items() if use[0] == campaign]
            assert sum(self.discounts[hold] for hold in live) <= budget
            assert sum(cents for of, cents in self.reserved.values() if of == campaign) <= budget
        counts = Counter((campaign, kind, customer) for campaign, kind, customer, _ in self.counted)
        assert all(count <= MOST[kind] for (_, kind, _), count in counts.items())


@settings(max_examples=150, deadline=None)
@examples(steps=steps)
def test_limits_hold_at_every_prefix_of_the_log(
    open_shop: Callable[[], Any],
    terms: Callable[..., CampaignTerms],
    placed: Callable[..., OrderPlaced],
    steps: list[tuple[str, str, list[str]]],
) -> None:
    """N-2, VO-11, VO-12, VO-14, X-1, X-2, X-5, X-29, X-31"""
    most = {"max_uses": 3, "max_per_customer": 2, "max_per_user": 1, "combines": True}
    campaigns = {
        "FIVE": terms(
            code="FIVE", discount_type="fixed", value=500, budget_cents=BUDGETS["five"], **most
        ),
        "SHIP": terms(
            code="SHIP", discount_type="free-shipping", value=0, unique_codes=True, **most
        ),
        "TEN": terms(code="TEN", budget_cents=BUDGETS["ten"], **most),
    }

    async def story() -> None:
        shop = open_shop()
        checkouts, verifier = Checkouts(shop, campaigns, placed), Verifier()
        for step in steps:
            await checkouts.do(*step)
        await shop.deliver_own()
        await shop.deliver_own()
        for commit, _ in shop.store.commits:
            for event in commit.events:
                verifier.read(event)
        for code in CODES:
            in_all = limit_history(Limit("acme", code.lower(), "campaign", None))
            live = [campaign for campaign, *_ in verifier.live.values() if campaign == code.lower()]
            assert (await state_of(shop.store, in_all)).count == len(live)
        live_codes = {hold for hold, code in verifier.codes.items() if hold in verifier.live}
        assert set(verifier.taken.values()) == live_codes
        for campaign in BUDGETS:
            budget = await state_of(shop.store, budget_history("acme", campaign))
            live = [hold for hold, use in verifier.live.items() if use[0] == campaign]
            assert budget.spent_cents == sum(verifier.discounts[hold] for hold in live)
        of_campaign = {hold for _, kind, _, hold in verifier.counted if kind == "campaign"}
        of_customers = {hold for _, kind, _, hold in verifier.counted if kind == "customer"}
        assert of_campaign == of_customers == set(verifier.live) == checkouts.live

    asyncio.run(story())
