"""Bonus over in-memory parts, with a client."""

from datetime import datetime

import httpx
from fastapi import FastAPI

from bonus.access import RIGHTS
from bonus.account.movements import MOVEMENTS
from bonus.account.view import ACCOUNTS
from bonus.advertising.graphic import GRAPHICS
from bonus.app import create_app
from bonus.catalogue.view import LABELS
from bonus.customer.view import CUSTOMERS
from bonus.dealer.view import DEALERS
from bonus.liability.figures import LiabilityViews
from bonus.liability.view import CUSTOMER_LIABILITY, LIABILITY
from bonus.pool.view import POOLS
from bonus.programme.view import PROGRAMMES
from bonus.quotas import quotas_by
from bonus.text.view import TEXTS
from bonus_tests.samples import APRIL_1, DEALER
from zugabe_events.contracts.catalog_shops import MarketingModuleCancelled, MarketingModuleOrdered
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Verify
from zugabe_events.http.throttling import InMemoryTally
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.shared_app import SharedApp
from zugabe_testing.views import InMemoryViews, InStep


class InMemoryService:
    """`now` is the clock's time; `verify` knows the callers; `dealer` has the module."""

    def __init__(self, verify: Verify, now: datetime = APRIL_1, dealer: str = DEALER) -> None:
        self.now = now
        self.verify = verify
        self.store = InMemoryEventStore("bonus", lambda: self.now)
        self.accounts = InMemoryViews(ACCOUNTS, [self.store])
        self.movements = InMemoryViews(MOVEMENTS, [self.store])
        self.liability = InMemoryViews(LIABILITY, [self.store])
        self.customer_liability = InMemoryViews(CUSTOMER_LIABILITY, [self.store])
        self.programmes = InMemoryViews(PROGRAMMES, [self.store])
        self.customers = InMemoryViews(CUSTOMERS, [self.store])
        self.pools = InMemoryViews(POOLS, [self.store])
        self.texts = InMemoryViews(TEXTS, [self.store])
        self.dealers = InMemoryViews(DEALERS, [])
        self.labels = InMemoryViews(LABELS, [])
        self.graphics = InMemoryViews(GRAPHICS, [])
        self.dealer = dealer
        self.order_module()
        self.policies = InStep()
        self.quotas = quotas_by(InMemoryTally())
        self.app = SHARED.over(self)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://bonus"
        )

    def order_module(self) -> None:
        self.dealers.fold(MarketingModuleOrdered(self.dealer, "central", "", self.now))

    def cancel_module(self) -> None:
        self.dealers.fold(MarketingModuleCancelled(self.dealer, self.now))


def over_stand_ins(shared: SharedApp[InMemoryService]) -> FastAPI:
    return create_app(
        shared.part(lambda service: service.store),
        shared.part(lambda service: service.accounts),
        shared.part(lambda service: service.movements),
        LiabilityViews(
            shared.part(lambda service: service.liability),
            shared.part(lambda service: service.customer_liability),
        ),
        shared.part(lambda service: service.programmes),
        shared.part(lambda service: service.customers),
        shared.part(lambda service: service.pools),
        shared.part(lambda service: service.texts),
        shared.part(lambda service: service.dealers),
        shared.part(lambda service: service.labels),
        shared.part(lambda service: service.graphics),
        shared.part(lambda service: service.policies),
        Access(shared.part(lambda service: service.verify), RIGHTS, now=lambda: shared.parts.now),
        shared.part(lambda service: service.quotas),
    )


SHARED = SharedApp(over_stand_ins)
