"""Many buyers of two dealers want one code that a budget and three limits cap (X-29, N-2)."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from stories import topics
from stories.catalogue import editor
from stories.dealer import Dealer, Person, cart, line
from stories.voucher_figures import orders_of

from zugabe_testing.eventually import eventually

CHECKOUT, VOUCHERS = "checkout", "vouchers"
CUSTOMERS = ("k-holz", "k-metall")
USERS, ATTEMPTS = 8, 4
KILLED_AFTER = 40
"""Answers after which the service is killed: early in the storm of 128 orders."""

TOTAL, PER_CUSTOMER, PER_USER = 22, 6, 2
BUDGET_CENTS = 20_250
"""Enough for 10 to 20 of the large discounts, and then for the small ones until the total is used
up: large ones are multiples of 500 cents, at least 1,000."""
LARGE, SMALL = (10_000, 15_000, 20_000), 100


@dataclass(frozen=True, slots=True)
class Buyer:
    dealer: Dealer
    customer: str
    user: Person

    @property
    def of_customer(self) -> str:
        return f"{self.dealer.name}/{self.customer}"

    @property
    def of_user(self) -> str:
        return f"{self.dealer.name}/{self.user.name}"


@dataclass(slots=True)
class Counts:
    """The uses that stand: in all, by customer, by user, and the cents of their discounts."""

    total: int
    customers: Counter[str]
    users: Counter[str]
    cents: int

    def refuse(self, buyer: Buyer, discount_cents: int) -> set[str]:
        """The reasons for which this buyer cannot use the code any more."""
        reasons = {
            "campaign-limit": self.total >= TOTAL,
            "customer-limit": self.customers[buyer.of_customer] >= PER_CUSTOMER,
            "user-limit": self.users[buyer.of_user] >= PER_USER,
            "budget-used-up": self.cents + discount_cents > BUDGET_CENTS,
        }
        return {code for code, is_met in reasons.items() if is_met}


class Storm:
    def __init__(self, dealers: Sequence[Dealer], campaign_id: str, code: str) -> None:
        self.dealers, self.campaign_id, self.code = dealers, campaign_id, code
        self.refused = Counter[str]()
        self.answers, self.under_way = 0, asyncio.Event()
        self.buyers = [
            Buyer(dealer, customer, dealer.user(f"{customer}-{number}", customer))
            for dealer in dealers
            for customer in CUSTOMERS
            for number in range(USERS)
        ]

    async def order(self, buyer: Buyer, number: str, cents: int) -> bool:
        """Whether it was placed; a refusal names one of the limits."""
        path = f"/orders/{buyer.user.name}-{number}"
        wanted = cart(line(cents), voucher_code=self.code)
        tokens = buyer.user.tokens
        answer = await buyer.user.insist("PUT", CHECKOUT, path, wanted, tokens=tokens)
        self.answers += 1
        if self.answers >= KILLED_AFTER:
            self.under_way.set()
        if answer.status == 201:
            assert answer.body["voucher"]["discount_cents"] == cents // 10
            return True
        self.refused[answer.body["code"]] += 1
        answer.refused(answer.body["code"])
        return False

    async def rush(self, buyer: Buyer, seed: int) -> None:
        """Several orders at once; now and then one is cancelled as soon as it is placed."""

        async def one(number: int) -> None:
            cents = LARGE[(seed + number) % len(LARGE)]
            if await self.order(buyer, f"{number}", cents) and (seed + number) % 5 == 0:
                await buyer.user.cancel(f"{buyer.user.name}-{number}")

        await asyncio.gather(*(one(number) for number in range(ATTEMPTS)))

    async def counts(self) -> Counts:
        """As the orders say."""
        found = Counts(0, Counter(), Counter(), 0)
        for dealer in self.dealers:
            for order in await orders_of(dealer.staff):
                if order["status"] != "placed":
                    continue
                found.total += 1
                found.customers[f"{dealer.name}/{order['customer']}"] += 1
                found.users[f"{dealer.name}/{order['user']}"] += 1
                found.cents += order["voucher"]["discount_cents"]
        return found

    async def sweep(self, name: str, cents: int) -> set[str]:
        """One after the other, until nobody gets the code; each refusal is true, and complete."""
        seen: set[str] = set()
        for attempt in range(PER_USER + 1):
            refused = 0
            for buyer in self.buyers:
                before = await self.counts()
                reasons = before.refuse(buyer, cents // 10)
                known = Counter(self.refused)
                if await self.order(buyer, f"{name}-{attempt}", cents):
                    assert not reasons, (buyer.of_user, reasons)
                    buyer.dealer.staff.saw(buyer.user)
                else:
                    refused += 1
                    [code] = self.refused - known
                    assert code in reasons, (buyer.of_user, code, before)
                    seen.add(code)
            if refused == len(self.buyers):
                break
        return seen

    async def never_beyond_a_limit(self) -> Counts:
        """At every prefix of the events, whatever waits or was given back meanwhile; and what
        stands at the end."""
        kafka = self.dealers[0].stack.addresses["kafka"]
        now, cents = Counter[str](), 0
        for event in await topics.everything(kafka, VOUCHERS):
            data = event.data
            if data.get("campaign_id") != self.campaign_id:
                continue
            match event.name:
                case "use-counted" | "use-returned":
                    key = name_of_limit(data)
                    now[key] += 1 if event.name == "use-counted" else -1
                    most = TOTAL if data["limit"] == "campaign" else PER_CUSTOMER
                    assert 0 <= now[key] <= most, (key, now[key])
                case "budget-reserved" | "budget-returned":
                    sign = 1 if event.name == "budget-reserved" else -1
                    cents += sign * data["discount_cents"]
                    assert 0 <= cents <= BUDGET_CENTS
                case "voucher-held" | "voucher-released" | "voucher-returned":
                    key = f"{data['dealer']}/{data['user']}"
                    now[key] += 1 if event.name == "voucher-held" else -1
                    assert 0 <= now[key] <= PER_USER, (key, now[key])
        customers = {buyer.of_customer for buyer in self.buyers}
        users = {buyer.of_user for buyer in self.buyers}
        return Counts(now["total"], only(now, customers), only(now, users), cents)


def name_of_limit(data: Any) -> str:
    return "total" if data["limit"] == "campaign" else f"{data['dealer']}/{data['customer']}"


def only(counts: Counter[str], names: Iterable[str]) -> Counter[str]:
    return +Counter({name: counts[name] for name in names})


async def capped_campaign(dealers: Sequence[Dealer]) -> tuple[str, str]:
    """The id and the code of a central campaign that the dealers take part in."""
    marketing = editor(dealers[0], "central", "central")
    campaign_id, code = f"central-{dealers[0].name}", f"4{uuid4().hex[:9]}".upper()
    terms = {
        "title": "Sturm",
        "code": code,
        "discount_type": "percent",
        "value": 1_000,
        "minimum_cents": 0,
        "valid_from": "2020-01-01",
        "valid_until": "2199-12-31",
        "max_uses": TOTAL,
        "max_per_customer": PER_CUSTOMER,
        "max_per_user": PER_USER,
        "budget_cents": BUDGET_CENTS,
    }
    path = f"/campaigns/{campaign_id}"
    (await marketing.ask("PUT", VOUCHERS, path, terms)).of(200)
    (await marketing.ask("POST", VOUCHERS, f"{path}/activation")).of(200)
    for dealer in dealers:
        module = await dealer.order_module()
        joining = f"/central-campaigns/{campaign_id}/participation"
        (await dealer.staff.insist("POST", VOUCHERS, joining, {}, tokens=module)).of(200)
    return campaign_id, code


async def test_thirty_two_buyers_of_two_dealers_never_go_beyond_a_limit(dealer: Dealer) -> None:
    """VO-11, VO-12, VO-14, VO-24, X-2, X-29, N-2: budget, total, customer and user; they order at
    once and cancel meanwhile, and the service is killed. Then nothing is refused that would fit,
    and nothing accepted that does not."""
    dealers = [dealer, Dealer(dealer.stack, dealer.http)]
    storm = Storm(dealers, *await capped_campaign(dealers))
    first, *others = storm.buyers
    together = await asyncio.gather(*(storm.order(first, f"x-{n}", 10_000) for n in range(5)))
    assert sum(together) == PER_USER
    assert storm.refused == {"user-limit": 5 - PER_USER}
    own = [buyer for buyer in others if buyer.of_customer == first.of_customer]
    placed = await asyncio.gather(*(storm.order(buyer, "y", 10_000) for buyer in own))
    assert sum(placed) == PER_CUSTOMER - PER_USER
    assert storm.refused["customer-limit"] == len(own) - sum(placed)

    rushing = asyncio.gather(*(storm.rush(buyer, seed) for seed, buyer in enumerate(storm.buyers)))
    await storm.under_way.wait()
    await dealer.stack.kill("vouchers")
    await dealer.stack.start_process("vouchers")
    await rushing
    assert set(storm.refused) <= {
        "user-limit", "customer-limit", "campaign-limit", "budget-used-up"
    }  # fmt: skip
    for buyer in storm.buyers:
        buyer.dealer.staff.saw(buyer.user)

    async def settled() -> None:
        """What was cancelled has left the limits."""
        assert await storm.never_beyond_a_limit() == await storm.counts()

    await eventually(settled)
    assert "budget-used-up" in await storm.sweep("large", LARGE[-1])
    assert "campaign-limit" in await storm.sweep("small", SMALL)
    await eventually(settled)
    counts = await storm.counts()
    assert counts.total == TOTAL
    marketing = editor(dealer, "central", "central")
    for buyer in storm.buyers:
        marketing.saw(buyer.user)
    path = f"/campaigns/{storm.campaign_id}"
    view = (await marketing.ask("GET", VOUCHERS, path)).of(200)
    assert (view["uses"], view["spent_cents"]) == (TOTAL, counts.cents)
    left = (view["remaining_uses"], view["remaining_budget_cents"])
    assert left == (0, BUDGET_CENTS - counts.cents)
