"""A dealer's shop over in-memory parts: HTTP in, policies run by hand, views out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from vouchers_tests.estimate_jobs import InMemoryEstimateJobs
from vouchers_tests.unique_codes import InMemoryBatchQueue, InMemoryUniqueCodes

from vouchers.access import RIGHTS
from vouchers.app import create_app
from vouchers.assortment.view import CATALOGUE
from vouchers.campaign.uses import CAMPAIGN_USES
from vouchers.campaign.view import CAMPAIGNS
from vouchers.dealer.shipping import SHIPPING
from vouchers.dealer.view import DEALERS
from vouchers.estimate.past_orders import PAST_ORDERS
from vouchers.mail_link.links import Links
from vouchers.newsletter.parts import MAILS_WINDOW, NewsletterParts
from vouchers.orderer.names import Orderers
from vouchers.orderer.view import ORDERERS
from vouchers.participation.view import PARTICIPATIONS
from vouchers.quotas import quotas_by
from vouchers.statistics.api import StatisticsViews
from vouchers.statistics.revenue import REVENUE
from vouchers.statistics.view import CAMPAIGN_STATISTICS, DEALER_STATISTICS, USER_STATISTICS
from vouchers.subscriptions import POLICIES
from vouchers.unique_code.view import CODE_USES
from vouchers.unique_code.worker import CodeWorker
from vouchers.wallet.guess_limits import WINDOW
from vouchers.wallet.redemptions import REDEEMED
from vouchers.wallet.view import VOUCHERS
from zugabe_events.contracts.catalog_shops import MarketingModuleCancelled, MarketingModuleOrdered
from zugabe_events.contracts.checkout import (
    OrderCancelled,
    OrderPlaced,
    OrderReturned,
    Person,
    Totals,
    VoucherApplied,
    VoucherTakenOff,
)
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Context, Event, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.encryption.sealed_text import SealedText
from zugabe_events.files.scanner import NoScanner
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_events.http.throttling import InMemoryTally, Throttle
from zugabe_testing.callers import known, signed_in
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.files import InMemoryFiles
from zugabe_testing.personal_data import in_memory_people
from zugabe_testing.shared_app import SharedApp
from zugabe_testing.views import InMemoryViews, InStep

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ORDERER = Person(
    *(str(SealedText("checkout", "acme/anna", field, "A" * 40)) for field in ("name", "email"))
)
"""As it comes from checkout: nothing that could be read here."""

LINKS = Links(b"s" * 32, "https://vouchers.example")

EDITS = frozenset({"edit-campaigns"})
"""The single right „Gutscheine bearbeiten"."""

CALLERS = {
    caller.subject: caller
    for caller in (
        Principal(
            "anna",
            "user",
            "acme",
            "So.COMMERCE",
            name="Anna Ast",
            email="anna@example.org",
            title="Frau",
            family_name="Ast",
        ),
        Principal("bert", "user", "acme", "So.COMMERCE"),
        Principal("staff", "dealer-staff", "acme", rights=EDITS),
        Principal("other-staff", "dealer-staff", "other", rights=EDITS),
        Principal("clerk", "dealer-staff", "acme"),
        Principal("backend", "service", "acme"),
        Principal(
            "manager",
            "points-manager",
            "acme",
            "c1",
            email="manager@example.org",
        ),
        Principal("central", "central"),
        Principal("checkout", "service"),
    )
}


class SealsInMemory:
    """Stands in for checkout, which owns the keys of users; `plain` is by sealed text."""

    def __init__(self) -> None:
        self.plain: dict[str, str] = {}
        self.erased: set[str] = set()

    async def seal(self, dealer: str, user: str, **texts: str) -> Mapping[str, str] | None:
        if user in self.erased:
            return None
        sealed = {
            field: text and str(SealedText("checkout", f"{dealer}/{user}", field, uuid4().hex * 2))
            for field, text in texts.items()
        }
        self.plain |= {sealed[field]: text for field, text in texts.items()}
        return sealed

    def opened(self, text: str) -> str:
        for sealed, plain in self.plain.items():
            text = text.replace(sealed, plain) if sealed else text
        return text


class InTurn:
    """Delivers to the policies what they appended themselves."""

    def __init__(self, shop: "Shop") -> None:
        self.shop = shop

    async def caught_up(self, _: Sequence[Token]) -> None:
        await self.shop.deliver_own()


class Shop:
    """The dealer `acme`, who has the module; the methods do what checkout and staff do."""

    callers = CALLERS

    def __init__(self) -> None:
        self.now = NOON
        self.store = InMemoryEventStore("vouchers", lambda: self.now)
        self.delivered = 0
        self.campaigns = InMemoryViews(CAMPAIGNS, [self.store])
        self.campaign_uses = InMemoryViews(CAMPAIGN_USES, [self.store])
        self.participations = InMemoryViews(PARTICIPATIONS, [self.store])
        self.vouchers = InMemoryViews(VOUCHERS, [self.store])
        self.redeemed = InMemoryViews(REDEEMED, [self.store])
        self.dealers = InMemoryViews(DEALERS, [])
        self.shipping = InMemoryViews(SHIPPING, [])
        self.campaign_statistics = InMemoryViews(CAMPAIGN_STATISTICS, [])
        self.user_statistics = InMemoryViews(USER_STATISTICS, [])
        self.dealer_statistics = InMemoryViews(DEALER_STATISTICS, [])
        self.revenue = InMemoryViews(REVENUE, [])
        self.catalogue = InMemoryViews(CATALOGUE, [])
        self.past_orders = InMemoryViews(PAST_ORDERS, [])
        self.orderers = InMemoryViews(ORDERERS, [])
        self.people = in_memory_people("checkout")
        self.estimates = InMemoryEstimateJobs()
        self.unique_codes = InMemoryUniqueCodes()
        self.code_batches = InMemoryBatchQueue()
        self.code_uses = InMemoryViews(CODE_USES, [self.store])
        self.order_module()
        self.policies = InStep()
        self.policies_in_turn = InTurn(self)
        self.throttle = Throttle(InMemoryTally(), WINDOW)
        self.quotas = quotas_by(InMemoryTally())
        self.links = LINKS
        self.sealing = SealsInMemory()
        self.graphics = InMemoryFiles(lambda: self.now)
        self.mails = Throttle(InMemoryTally(), MAILS_WINDOW)

    @cached_property
    def http(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(SHARED.over(self))
        return httpx.AsyncClient(transport=transport, base_url="http://vouchers")

    async def ask(
        self,
        who: str,
        method: str,
        path: str,
        body: Any = None,
        *,
        dealer: str = "acme",
        **headers: str,
    ) -> httpx.Response:
        url = f"/dealers/{dealer}{path}"
        headers = signed_in(CALLERS[who]) | headers
        return await self.http.request(method, url, json=body, headers=headers)

    async def get(self, who: str, path: str) -> httpx.Response:
        """A route that belongs to no dealer."""
        return await self.http.get(path, headers=signed_in(CALLERS[who]))

    def signed_in(self, who: str) -> dict[str, str]:
        return signed_in(CALLERS[who])

    async def open(self, method: str, url: str, **headers: str) -> httpx.Response:
        """A link of a mail, without a token."""
        return await self.http.request(method, urlsplit(url).path, headers=headers)

    def order_module(self, dealer: str = "acme") -> None:
        self.dealers.fold(MarketingModuleOrdered(dealer, "central", "", self.now))

    def cancel_module(self) -> None:
        self.dealers.fold(MarketingModuleCancelled("acme", self.now))

    async def run(self, campaign_id: str = "spring", **changes: Any) -> None:
        """Draw up a campaign and activate it."""
        drawn = await self.ask("staff", "PUT", f"/campaigns/{campaign_id}", new(**changes))
        assert drawn.status_code == 200, drawn.text
        active = await self.ask("staff", "POST", f"/campaigns/{campaign_id}/activation")
        assert active.status_code == 200, active.text

    async def run_central(self, campaign_id: str = "central-spring", **changes: Any) -> None:
        """Central marketing draws up a campaign and activates it; its code is `2026A`."""
        body = new(**{"code": "2026A", **changes})
        for method, path, sent in (
            ("PUT", f"/campaigns/{campaign_id}", body),
            ("POST", f"/campaigns/{campaign_id}/activation", None),
        ):
            answer = await self.ask("central", method, path, sent, dealer="central")
            assert answer.status_code == 200, answer.text

    async def join(
        self, campaign_id: str = "central-spring", minimum_cents: int | None = None, **who: str
    ) -> httpx.Response:
        path = f"/central-campaigns/{campaign_id}/participation"
        who = {"who": "staff", "dealer": "acme"} | who
        return await self.ask(
            who["who"], "POST", path, {"minimum_cents": minimum_cents}, dealer=who["dealer"]
        )

    async def leave(self, campaign_id: str = "central-spring") -> httpx.Response:
        return await self.ask("staff", "DELETE", f"/central-campaigns/{campaign_id}/participation")

    async def generate(self) -> None:
        """Generate the unique codes that were requested."""
        await CodeWorker(
            self.store, self.code_batches, self.unique_codes, lambda: self.now
        ).run_due()

    async def hold(
        self,
        order_id: str,
        attempt: int = 1,
        *,
        user: str = "anna",
        dealer: str = "acme",
        **changes: Any,
    ) -> httpx.Response:
        body = {
            "codes": ["A12345"],
            "customer": "So.COMMERCE",
            "user": user,
            "placed_at": self.now.isoformat(),
            "deadline": (self.now + timedelta(minutes=10)).isoformat(),
            "lines": [{"number": 1, "net_cents": 4000}, {"number": 2, "net_cents": 6000}],
            **changes,
        }
        path = f"/holds/{order_id}/{attempt}"
        return await self.ask("checkout", "PUT", path, body, dealer=dealer)

    async def place(
        self, order_id: str, held: httpx.Response | None = None, user: str = "anna"
    ) -> None:
        vouchers = applied(held) if held is not None else (None,)
        order = placed(
            order_id, self.now, voucher=vouchers[0], more_vouchers=vouchers[1:], user=user
        )
        await self.deliver("checkout", order)

    async def take_off(
        self, order_id: str, attempt: int = 1, user: str = "anna", dealer: str = "acme"
    ) -> None:
        deadline = self.now + timedelta(minutes=10)
        await self.deliver(
            "checkout",
            VoucherTakenOff(
                order_id, dealer, "So.COMMERCE", user, attempt, deadline, "changed their mind"
            ),
        )

    async def cancel(
        self,
        order_id: str,
        hold_id: str | None = None,
        user: str = "anna",
        more: tuple[str, ...] = (),
    ) -> None:
        await self.deliver("checkout", cancelled(order_id, self.now, hold_id, more, user=user))

    async def deliver(self, topic: str, event: Event, cause: str | None = None) -> None:
        """One event comes to every policy, and the statistics, that listen to its topic."""
        if topic == "checkout":
            for views in (
                self.campaign_statistics,
                self.user_statistics,
                self.dealer_statistics,
                self.revenue,
                self.past_orders,
                self.orderers,
            ):
                views.fold(event)
        received = ReceivedEvent(cause or str(uuid4()), event, "stream", self.now)
        context = Context("policy", "policy", "acme", self.now, "correlation")
        for policy in POLICIES:
            if topic not in policy.topics:
                continue
            for reaction in policy.react(received):
                target, *reads = await self.store.load(
                    [reaction.target, *reaction.reads], [None] * (1 + len(reaction.reads))
                )
                command = reaction.command(*(read.state for read in reads))
                decided = reaction.target.decider.decide(command, target.state)
                commit_id = derived_id(received.id, policy.name, target.stream.id)
                if decided:
                    commit = Commit(
                        commit_id, target.stream, target.version + 1, tuple(decided), context
                    )
                    await self.store.append([commit])

    async def deliver_own(self, most: int = 1_000_000) -> None:
        """Deliver the service's own events to its policies, as far as Kafka has brought them."""
        waiting = self.store.commits[self.delivered : self.delivered + most]
        self.delivered += len(waiting)
        for commit, _ in waiting:
            for index, event in enumerate(commit.events):
                await self.deliver("vouchers", event, f"{commit.id}.{index}")

    def said[E: Event](self, kind: type[E]) -> list[E]:
        events = (event for commit, _ in self.store.commits for event in commit.events)
        return [event for event in events if isinstance(event, kind)]


def applied(held: httpx.Response) -> tuple[VoucherApplied, ...]:
    """What checkout records of a hold."""
    return tuple(msgspec.convert(one, VoucherApplied) for one in held.json()["vouchers"])


def over_stand_ins(shared: SharedApp[Shop]) -> FastAPI:
    return create_app(
        shared.part(lambda shop: shop.store),
        shared.part(lambda shop: shop.campaigns),
        shared.part(lambda shop: shop.campaign_uses),
        shared.part(lambda shop: shop.participations),
        shared.part(lambda shop: shop.vouchers),
        shared.part(lambda shop: shop.redeemed),
        shared.part(lambda shop: shop.dealers),
        shared.part(lambda shop: shop.shipping),
        StatisticsViews(
            shared.part(lambda shop: shop.campaign_statistics),
            shared.part(lambda shop: shop.user_statistics),
            shared.part(lambda shop: shop.dealer_statistics),
            shared.part(lambda shop: shop.revenue),
        ),
        Orderers(shared.part(lambda shop: shop.orderers), shared.part(lambda shop: shop.people)),
        shared.part(lambda shop: shop.catalogue),
        shared.part(lambda shop: shop.past_orders),
        shared.part(lambda shop: shop.estimates),
        shared.part(lambda shop: shop.unique_codes),
        shared.part(lambda shop: shop.code_batches),
        shared.part(lambda shop: shop.code_uses),
        shared.part(lambda shop: shop.policies),
        shared.part(lambda shop: shop.policies_in_turn),
        Access(known(*CALLERS.values()), RIGHTS, now=lambda: shared.parts.now),
        shared.part(lambda shop: shop.throttle),
        shared.part(lambda shop: shop.quotas),
        NewsletterParts(
            LINKS,
            shared.part(lambda shop: shop.sealing),
            shared.part(lambda shop: shop.mails),
        ),
        shared.part(lambda shop: shop.graphics),
        NoScanner(),
    )


SHARED = SharedApp(over_stand_ins)


def new(**changes: Any) -> dict[str, Any]:
    """The body of a campaign: ten percent for everybody, as often as they like."""
    return {
        "title": "Frühling",
        "code": "A12345",
        "discount_type": "percent",
        "value": 1000,
        "valid_from": "2026-05-01",
        "valid_until": "2026-05-31",
        "minimum_cents": 0,
        "max_per_user": 1000,
        **changes,
    }


def placed(
    order_id: str,
    at: datetime = NOON,
    *,
    voucher: VoucherApplied | None = None,
    user: str = "anna",
    **changes: Any,
) -> OrderPlaced:
    fields = {
        "order_id": order_id,
        "order_number": "25706",
        "dealer": "acme",
        "customer": "So.COMMERCE",
        "user": user,
        "attempt": int(voucher.hold_id.split("/")[1]) if voucher else 1,
        "lines": (),
        "goods_cents": 10000,
        "voucher": voucher,
        "reward": None,
        "refused": (),
        "net_cents": 9000,
        "explanation": (),
        "placed_at": at,
        "imported": False,
        "orderer": ORDERER,
    }
    return OrderPlaced(**{**fields, **changes})


def cancelled(
    order_id: str,
    at: datetime = NOON,
    hold_id: str | None = None,
    more: tuple[str, ...] = (),
    *,
    user: str = "anna",
) -> OrderCancelled:
    return OrderCancelled(
        order_id,
        "25706",
        "acme",
        "So.COMMERCE",
        user,
        at,
        at,
        "other",
        hold_id,
        None,
        more_voucher_hold_ids=more,
    )


def returned(**changes: Any) -> OrderReturned:
    """Of an order with two vouchers."""
    fields = {
        "order_id": "o1",
        "order_number": "25706",
        "dealer": "acme",
        "customer": "So.COMMERCE",
        "user": "anna",
        "return_id": "r1",
        "lines": (),
        "gifts": (),
        "goods_cents": 10_000,
        "net_cents": 8_500,
        "totals": Totals(8_500, 1_615, 10_115, ()),
        "reward_discount_cents": 0,
        "reward_cents_before": 0,
        "is_complete": True,
        "is_cancellation": True,
        "reason": "changed-mind",
        "placed_at": NOON,
        "returned_at": NOON,
        "voucher_hold_ids": ("o1/1", "o1/1/2"),
        "reward_hold_id": None,
    }
    return OrderReturned(**{**fields, **changes})


def terms(**changes: Any) -> CampaignTerms:
    fields = {
        "kind": "own",
        "title": "Frühling",
        "description": "",
        "code": "A12345",
        "discount_type": "percent",
        "value": 1000,
        "valid_from": date(2026, 5, 1),
        "valid_until": date(2026, 5, 31),
        "minimum_cents": 0,
        "max_uses": None,
        "max_per_customer": None,
        "max_per_user": 1,
    }
    return CampaignTerms(**{**fields, **changes})


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture(scope="session")
def open_shop() -> Callable[[], Shop]:
    """For tests that need a new one for every example."""
    return Shop


@pytest.fixture(scope="session", name="terms")
def terms_fixture() -> Callable[..., CampaignTerms]:
    return terms


@pytest.fixture(scope="session", name="placed")
def placed_fixture() -> Callable[..., OrderPlaced]:
    return placed


@pytest.fixture(scope="session", name="cancelled")
def cancelled_fixture() -> Callable[..., OrderCancelled]:
    return cancelled


@pytest.fixture(scope="session", name="returned")
def returned_fixture() -> Callable[..., OrderReturned]:
    return returned


@pytest.fixture(scope="session", name="new")
def new_fixture() -> Callable[..., dict[str, Any]]:
    return new
