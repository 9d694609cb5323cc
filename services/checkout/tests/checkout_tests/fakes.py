"""Checkout over in-memory parts: a clock to turn, peers that obey, and callers by name."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from msgspec.structs import replace as with_fields

from checkout.access import RIGHTS
from checkout.app import create_app
from checkout.approval.view import SUBMISSIONS
from checkout.buyer.view import BUYERS
from checkout.cart.holders import WINDOW
from checkout.cart.view import CARTS
from checkout.catalogue.catalogue import Catalogue
from checkout.catalogue.view import CATALOGUE
from checkout.numbers.allocator import OrderNumbers
from checkout.order.cart import Cart
from checkout.order.view import ORDERS
from checkout.peer.ports import (
    Attempt,
    Buyer,
    HoldRefusedError,
    Reason,
    RewardCheck,
    VoucherCheck,
)
from checkout.pricing.discounts import Discounts, with_vouchers
from checkout.pricing.goods import Goods
from checkout.pricing.vat_rates import GERMANY
from checkout.quotas import Quotas
from checkout_tests.catalogue import Told
from zugabe_events.contracts.checkout import (
    OrderLine,
    OrderPlaced,
    Refusal,
    RewardApplied,
    VoucherApplied,
)
from zugabe_events.contracts.vouchers import OrderVouchers
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import UnauthenticatedError, UnavailableError
from zugabe_events.domain.event import Context, Event
from zugabe_events.domain.money import allocate, euros, percent_of
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal, Verify
from zugabe_events.http.throttling import InMemoryTally, Throttle
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.personal_data import in_memory_people
from zugabe_testing.shared_app import SharedApp
from zugabe_testing.views import InMemoryViews

NOON = datetime(2026, 3, 1, 11, tzinfo=UTC)
HOLD_SECONDS = 600

ORDINARY = {
    "otto": Principal("otto", "user", "d1", "c1", name="Otto Ort", email="otto@example.org"),
    "ordinary-staff": Principal("staff", "dealer-staff", "d1"),
    "ordinary-central": Principal("central", "central"),
    "ordinary-service": Principal("erp", "service"),
    "manager": Principal(
        "manager",
        "dealer-staff",
        "d1",
        rights=frozenset({"edit-sales-terms", "edit-customer-terms"}),
    ),
    "historian": Principal(
        "historian",
        "dealer-staff",
        "d1",
        rights=frozenset({"edit-sales-terms", "edit-customer-terms", "set-up-history"}),
    ),
    "importer": Principal("imp", "dealer-staff", "d1", rights=frozenset({"import-orders"})),
}

PRICING = {
    "anna": Principal("anna", "user", "d1", "c1", name="Anna Ast", email="anna@example.org"),
    "bert": Principal("bert", "user", "d1", "c1"),
    "cleo": Principal("cleo", "user", "d1", "c1", name="Cleo Christ"),
    "petra": Principal("petra", "points-manager", "d1", "c1"),
    "staff": Principal("staff", "dealer-staff", "d1"),
    "stranger": Principal("stranger", "dealer-staff", "d2"),
    "central": Principal("central", "central"),
    "service": Principal("erp", "service"),
}
"""They bring the prices of `LINES`."""

APPROVE = frozenset({"approve-orders"})

DECIDING = {
    "boss": Principal("boss", "user", "d1", "c1", rights=APPROVE, name="Berta Boss"),
    "deputy": Principal("deputy", "user", "d1", "c1", rights=APPROVE),
    "other-boss": Principal("other", "user", "d1", "c2", rights=APPROVE),
    "odd-staff": Principal("odd", "dealer-staff", "d1", rights=APPROVE),
    "reviewer": Principal("rita", "dealer-staff", "d1", rights=frozenset({"review-orders"})),
}
"""They approve orders of customer c1, of c2, or, as the dealer's staff, review them."""

CALLERS = {
    **ORDINARY,
    **DECIDING,
    **{name: replace(one, rights=frozenset({"set-prices"})) for name, one in PRICING.items()},
}

Answering = Callable[[], None]


def voucher_for(lines: Sequence[OrderLine], hold_id: str = "", code: str = "TEN") -> VoucherApplied:
    """10 percent of the goods."""
    nets = [line.net_cents - line.voucher_cents for line in lines]
    discount = percent_of(sum(nets), 1_000)
    return VoucherApplied(
        hold_id=hold_id,
        campaign_id="spring",
        campaign_version=1,
        code=code,
        discount_type="percent",
        base_cents=sum(nets),
        discount_cents=discount,
        shares=allocate(discount, nets),
        free_shipping=False,
        streams=("wallet/d1/anna",) if hold_id else (),
        explanation=f"10 % auf {euros(sum(nets))}.",
    )


def vouchers_for(
    lines: Sequence[OrderLine], codes: Sequence[str], hold_id: str = ""
) -> tuple[VoucherApplied, ...]:
    """Each code takes 10 percent of what those before it left."""
    found: list[VoucherApplied] = []
    for number, code in enumerate(codes):
        its_hold = hold_id and (f"{hold_id}/{number}" if number else hold_id)
        found.append(voucher_for(with_vouchers(lines, found), its_hold, code))
    return tuple(found)


def reward_for(lines: Sequence[OrderLine], hold_id: str = "", worth: int = 500) -> RewardApplied:
    rests = [line.net_cents - line.voucher_cents for line in lines]
    discount = min(worth, sum(rests))
    return RewardApplied(
        hold_id=hold_id,
        reward_id="fiver",
        title="5 Euro",
        points=500,
        base_cents=sum(rests),
        discount_cents=discount,
        shares=allocate(discount, rests),
        streams=("account/d1/anna",) if hold_id else (),
        explanation=f"500 Punkte für {euros(discount)}.",
    )


def ordered(
    cart: Cart,
    goods: Goods,
    number: str,
    attempt: int = 1,
    refused: Sequence[Refusal] = (),
    vouchers: Sequence[VoucherApplied] = (),
    reward: RewardApplied | None = None,
) -> OrderPlaced:
    """The order that a cart becomes."""
    order = cart.order(goods, Discounts(tuple(vouchers), reward), GERMANY, attempt, refused)
    return with_fields(order, order_number=number)


async def nothing_brought() -> OrderVouchers:
    return OrderVouchers((), ())


class FakePeer:
    """Holds what it is asked for, until it is told to do otherwise.

    `held` is (order, attempt); by order, `until` is when its hold ends, and `after` has the tokens
    that came with its request, and under "" with a check, `quoted` the versions that it names;
    `seen` has the lines of each request.
    `refused` are the only offers that `refusing` is said of; None: all are.
    """

    def __init__(self) -> None:
        self.held: set[tuple[str, int]] = set()
        self.until: dict[str, datetime] = {}
        self.after: dict[str, list[str]] = {}
        self.quoted: dict[str, Mapping[str, int]] = {}
        self.seen: list[Sequence[OrderLine]] = []
        self.refusing: Reason | None = None
        self.refused: set[str] | None = None
        self.before_holding: Answering = lambda: None
        self.after_holding: Answering = lambda: None

    def take(self, attempt: Attempt, offered: Sequence[str]) -> str:
        self.before_holding()
        self.until[attempt.order_id] = attempt.deadline
        self.after[attempt.order_id] = [str(token) for token in attempt.after]
        self.quoted[attempt.order_id] = attempt.quoted
        for no in self.reasons(offered):
            raise HoldRefusedError(no.offered, no.detail, no.code, **no.facts)
        self.held.add((attempt.order_id, attempt.number))
        self.after_holding()
        return f"{attempt.order_id}/{attempt.number}"

    def checked(self, lines: Sequence[OrderLine], after: Sequence[Token]) -> None:
        self.seen.append(lines)
        self.after[""] = [str(token) for token in after]

    def reasons(self, offered: Sequence[str]) -> list[Reason]:
        if self.refusing is None:
            return []
        concerned = [one for one in offered if self.refused is None or one in self.refused]
        return [replace(self.refusing, offered=one) for one in concerned]


class FakeVouchers(FakePeer):
    """`brought` is what orders earned and used."""

    def __init__(self) -> None:
        super().__init__()
        self.brought: Callable[[], Awaitable[OrderVouchers]] = nothing_brought

    async def hold(
        self, buyer: Buyer, attempt: Attempt, codes: Sequence[str], lines: Sequence[OrderLine]
    ) -> tuple[VoucherApplied, ...]:
        self.seen.append(lines)
        return vouchers_for(lines, codes, self.take(attempt, codes))

    async def check(
        self,
        buyer: Buyer,
        codes: Sequence[str],
        lines: Sequence[OrderLine],
        order_id: str | None,
        after: Sequence[Token] = (),
    ) -> VoucherCheck:
        self.checked(lines, after)
        reasons = self.reasons(codes)
        refused = {reason.offered for reason in reasons}
        usable = [code for code in codes if code not in refused]
        return VoucherCheck(vouchers_for(lines, usable), reasons)

    async def after_order(
        self, buyer: Buyer, order_id: str, after: Sequence[Token]
    ) -> OrderVouchers:
        self.after[f"after {order_id}"] = [str(token) for token in after]
        return await self.brought()


class FakeBonus(FakePeer):
    async def hold(
        self, buyer: Buyer, attempt: Attempt, reward_id: str, lines: Sequence[OrderLine]
    ) -> RewardApplied:
        self.seen.append(lines)
        return reward_for(lines, self.take(attempt, [reward_id]))

    async def check(
        self,
        buyer: Buyer,
        reward_id: str | None,
        lines: Sequence[OrderLine],
        order_id: str | None,
        after: Sequence[Token] = (),
        *,
        earning_minimum_cents: int = 0,
    ) -> RewardCheck:
        self.checked(lines, after)
        usable = reward_id is not None and self.refusing is None
        reward = reward_for(lines) if usable else None
        return RewardCheck(reward, self.reasons([reward_id] if reward_id else []), 700, 42)


def lost() -> None:
    """For `after_holding`: the peer did it, and its answer is lost."""
    raise UnavailableError("Keine Antwort.", retry_after=2)


async def verify(token: str) -> Principal:
    if token not in CALLERS:
        raise UnauthenticatedError("Unbekannt.")
    return CALLERS[token]


class Shop:
    def __init__(self, verify: Verify = verify) -> None:
        self.now = NOON
        self.verify = verify
        self.store = InMemoryEventStore("checkout", lambda: self.now)
        self.people = in_memory_people("checkout")
        self.vouchers = FakeVouchers()
        self.bonus = FakeBonus()
        self.throttle = Throttle(InMemoryTally(), WINDOW)
        self.quotas = Quotas(InMemoryTally())
        self.orders = InMemoryViews(ORDERS, [self.store])
        self.buyers = InMemoryViews(BUYERS, [self.store])
        self.submissions = InMemoryViews(SUBMISSIONS, [self.store])
        self.saved_carts = InMemoryViews(CARTS, [self.store])
        self.numbers = OrderNumbers(self.store, uuid4)
        self.documents = InMemoryViews(CATALOGUE, [self.store])
        self.told = Told(self.documents)
        self.is_behind = False
        self.catalogue = Catalogue(
            self.documents, lambda: self.is_behind, lambda: self.now.timestamp()
        )
        self.app = SHARED.over(self)

    @property
    def events(self) -> list[Event]:
        """The events of orders, in sequence; blocks of numbers are left out."""
        return [
            event
            for commit, _ in self.store.commits
            for event in commit.events
            if commit.stream.id.startswith("order/")
        ]

    @property
    def names(self) -> list[str]:
        return [event.stored_as for event in self.events]

    def later(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        caller: str = "anna",
        key: str | None = None,
        dealer: str = "d1",
        tokens: str = "",
        cart_key: str = "",
    ) -> httpx.Response:
        """`caller` is "" for somebody without a token."""
        headers = {"Authorization": f"Bearer {caller}"} if caller else {}
        headers |= {"Zugabe-Cart-Key": cart_key} if cart_key else {}
        headers["Zugabe-Token"] = tokens
        if key is not None:
            headers["Idempotency-Key"] = key
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop") as http:
            return await http.request(
                method, f"/dealers/{dealer}{path}", json=body, headers=headers
            )

    async def place(
        self, order_id: str = "o1", caller: str = "anna", key: str | None = None, **cart: Any
    ) -> httpx.Response:
        body = {"lines": LINES, **cart}
        return await self.ask("PUT", f"/orders/{order_id}", body, caller, key)

    async def quote(self, caller: str = "anna", **cart: Any) -> httpx.Response:
        return await self.ask("POST", "/quotes", {"lines": LINES, **cart}, caller)


def over_stand_ins(shared: SharedApp[Shop]) -> FastAPI:
    return create_app(
        shared.part(lambda shop: shop.store),
        shared.part(lambda shop: shop.orders),
        shared.part(lambda shop: shop.buyers),
        shared.part(lambda shop: shop.submissions),
        shared.part(lambda shop: shop.saved_carts),
        Access(
            shared.part(lambda shop: shop.verify),
            RIGHTS,
            now=lambda: shared.parts.now,
            new_id=uuid4,
        ),
        shared.part(lambda shop: shop.people),
        shared.part(lambda shop: shop.numbers),
        shared.part(lambda shop: shop.documents),
        shared.part(lambda shop: shop.catalogue),
        shared.part(lambda shop: shop.vouchers),
        shared.part(lambda shop: shop.bonus),
        GERMANY,
        shared.part(lambda shop: shop.throttle),
        shared.part(lambda shop: shop.quotas),
        hold_seconds=HOLD_SECONDS,
    )


SHARED = SharedApp(over_stand_ins)

LINES = [
    {"article": "0017", "product_group": "g1", "brand": "b1", "quantity": 3, "unit_cents": 1_000},
    {"article": "pen", "product_group": "g2", "brand": "b2", "quantity": 1, "unit_cents": 2_333},
]


def context(at: datetime = NOON, actor: str = "timer") -> Context:
    return Context(actor=actor, role="service", tenant="d1", at=at, correlation="c")


def random_id() -> UUID:
    return uuid4()
