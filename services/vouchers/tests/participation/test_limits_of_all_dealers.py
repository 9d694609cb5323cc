"""The total and the budget of a central campaign hold over all dealers, whatever they do (N-2)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from zugabe_events.contracts.vouchers import (
    BudgetReserved,
    BudgetReturned,
    CampaignJoined,
    CampaignLeft,
    UseCounted,
    UseReturned,
    VoucherHeld,
    VoucherReleased,
)

DEALERS = {"acme": "staff", "other": "other-staff"}
MAX_USES = 2
BUDGET = 2_600
"""In cents: two uses of 1,000, with a rest."""

LIMITS = {"uses": {"max_uses": MAX_USES}, "budget": {"budget_cents": BUDGET}}

PATH = "/central-campaigns/central-spring/participation"

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("hold", "hold", "hold", "join", "leave", "take-off", "hear")),
        st.sampled_from(("acme", "other")),
        st.integers(1, 3),
    ),
    max_size=40,
)


class Story:
    """Two dealers, whose orders have the same ids; users order once each."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop
        self.attempts: dict[tuple[str, int], int] = {}

    async def do(self, step: str, dealer: str, number: int) -> None:
        self.shop.now += timedelta(seconds=1)
        staff, attempt = DEALERS[dealer], self.attempts.get((dealer, number), 0)
        match step:
            case "hold":
                self.attempts[dealer, number] = attempt + 1
                await self.hold(dealer, number)
            case "join":
                await self.shop.ask(staff, "POST", PATH, {}, dealer=dealer)
            case "leave":
                await self.shop.ask(staff, "DELETE", PATH, dealer=dealer)
            case "take-off" if attempt:
                await self.shop.take_off(f"o{number}", attempt, user(number), dealer=dealer)
            case "hear":
                await self.shop.deliver_own(3)

    async def hold(self, dealer: str, number: int) -> None:
        answer: httpx.Response = await self.shop.hold(
            f"o{number}",
            self.attempts[dealer, number],
            user=user(number),
            dealer=dealer,
            codes=["2026A"],
        )
        if answer.is_success:
            assert self.takes_part(dealer)
        else:
            codes = {"campaign-limit", "budget-used-up", "participation-ended", "code-unknown"}
            assert answer.json()["code"] in codes, answer.text
            is_refused = answer.json()["code"] in ("participation-ended", "code-unknown")
            assert is_refused != self.takes_part(dealer)

    def takes_part(self, dealer: str) -> bool:
        joined = sum(event.dealer == dealer for event in self.shop.said(CampaignJoined))
        left = sum(event.dealer == dealer for event in self.shop.said(CampaignLeft))
        return bool(joined > left)


def user(number: int) -> str:
    return f"user{number}"


class Reader:
    """Reads the log event by event, and shares no code with the deciders."""

    def __init__(self) -> None:
        self.live: set[tuple[str, str]] = set()
        self.counted: set[str] = set()
        self.spent: dict[str, int] = {}

    def read(self, event: object) -> None:
        match event:
            case VoucherHeld():
                self.live.add((event.dealer, event.hold_id))
            case VoucherReleased():
                self.live.remove((event.dealer, event.hold_id))
            case UseCounted(dealer="central", hold_id=hold):
                assert hold not in self.counted
                self.counted.add(hold)
            case UseReturned(dealer="central", hold_id=hold):
                self.counted.remove(hold)
            case BudgetReserved(hold_id=hold, discount_cents=cents):
                assert hold not in self.spent
                self.spent[hold] = cents
            case BudgetReturned(hold_id=hold, discount_cents=cents):
                assert self.spent.pop(hold) == cents
        assert max(len(self.live), len(self.counted)) <= MAX_USES
        assert sum(self.spent.values()) <= BUDGET


@settings(max_examples=100, deadline=None)
@given(steps=STEPS, kind=st.sampled_from(sorted(LIMITS)))
def test_all_dealers_together_never_have_too_many_uses(
    open_shop: Callable[[], Any], steps: list[tuple[str, str, int]], kind: str
) -> None:
    """X-29, Q21"""

    async def tell() -> None:
        shop = open_shop()
        shop.order_module("other")
        await shop.run_central(**LIMITS[kind])
        story = Story(shop)
        for step in steps:
            await story.do(*step)
        log = Reader()
        for commit, _ in shop.store.commits:
            for event in commit.events:
                log.read(event)
        await shop.deliver_own()
        holds = {f"{dealer}:{hold}" for dealer, hold in log.live}
        assert {use.hold_id for use in still(shop, kind)} == holds

    asyncio.run(tell())


def still(shop: Any, kind: str) -> list[UseCounted | BudgetReserved]:
    """The uses that the limit counts in the end."""
    begun, over = (UseCounted, UseReturned) if kind == "uses" else (BudgetReserved, BudgetReturned)
    gone = {event.hold_id for event in shop.said(over)}
    return [event for event in shop.said(begun) if event.hold_id not in gone]
