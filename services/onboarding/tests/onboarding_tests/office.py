"""The whole service over in-memory parts: HTTP in, policies run by hand, views out."""

from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

import httpx
from fastapi import FastAPI

from onboarding.access import RIGHTS
from onboarding.app import ReadModels, Wishes, create_app, read_models_of
from onboarding.material.amazon import REGISTRY, amazon_hint
from onboarding.material.catalogue import read_material
from onboarding.partner.entrance import Entrance
from onboarding.partner.link import Environment, Links
from onboarding.subscriptions import POLICIES
from onboarding_tests.samples import NOON
from zugabe_events.contracts.onboarding import OnboardingEvent
from zugabe_events.domain.event import Event, members
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.projection import ReadModel
from zugabe_events.encryption.personal_data import People
from zugabe_events.files.scanner import NoScanner, Scanner
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_testing.callers import known, signed_in
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.files import InMemoryFiles
from zugabe_testing.personal_data import InMemoryMaster, InMemoryPersons, no_owner
from zugabe_testing.policies import react
from zugabe_testing.shared_app import SharedApp
from zugabe_testing.views import InMemoryViews

CALLERS = {
    caller.subject: caller
    for caller in (
        Principal("carla", "central"),
        Principal("kim", "partner", partner="nordwind"),
        Principal("jo", "partner", partner="nordwind"),
        Principal("olga", "partner", partner="other"),
        Principal("pim", "service"),
    )
}

LINKS = Links(
    [b"s" * 32],
    timedelta(days=30),
    "https://portal.example.org/",
    Environment("https://issuer.example.org", "zugabe"),
    timedelta(hours=12),
)
WISHES = Wishes(
    amazon=amazon_hint(REGISTRY, "eins@example.org, zwei@example.org"),
    material=read_material(None),
    preconditions={"amazon": ("brand-registration", "administrators")},
    usual_days={"organisation": 20, "content": 30, "logistics": 15, "live": 10},
)

MOST_FOLLOWS = 200


def over_stand_ins(shared: "SharedApp[Office]") -> FastAPI:
    return create_app(
        shared.part(lambda office: office.store),
        ReadModels(**{name: shared.part(partial(view_of, name)) for name in ReadModels.__slots__}),
        Access(
            shared.part(lambda office: office.access.verify),
            RIGHTS,
            shared.part(lambda office: office.access.now),
            shared.part(lambda office: office.access.new_id),
        ),
        shared.part(lambda office: office.people),
        LINKS,
        shared.part(lambda office: office.entrance),
        WISHES,
        shared.part(lambda office: office.files),
        shared.part(lambda office: office.scanner),
    )


def view_of(name: str, office: "Office") -> Any:
    return getattr(office.shown, name)


SHARED = SharedApp(over_stand_ins)


class Office:
    """`now` is the office's clock; `callers` know each other by their names."""

    def __init__(self, access: Access | None = None) -> None:
        self.now: datetime = NOON
        self.store = InMemoryEventStore("onboarding", lambda: self.now)
        self.persons = InMemoryPersons()
        self.people = People("onboarding", self.persons, InMemoryMaster(), no_owner)
        self.entrance = Entrance(
            known(*CALLERS.values()),
            LINKS,
            self.store,
            self.people,
            lambda: self.now,
            lambda: self.seconds,
        )
        self.access = access or Access(self.entrance, RIGHTS, now=lambda: self.now)
        self.delivered = 0
        self.files = InMemoryFiles()
        self.scanner: Scanner = NoScanner()
        self.app = SHARED.over(self)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://onboarding"
        )

    @cached_property
    def shown(self) -> ReadModels:
        return read_models_of(self.views)

    @property
    def seconds(self) -> float:
        return self.now.timestamp()

    def views[View](self, model: ReadModel[View]) -> InMemoryViews[View]:
        return InMemoryViews(model, [self.store])

    @property
    def parts(
        self,
    ) -> tuple[
        InMemoryEventStore,
        ReadModels,
        Access,
        People,
        Links,
        Entrance,
        Wishes,
        InMemoryFiles,
        Scanner,
    ]:
        return (
            self.store,
            self.shown,
            self.access,
            self.people,
            LINKS,
            self.entrance,
            WISHES,
            self.files,
            self.scanner,
        )

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        headers = signed_in(CALLERS[who]) | headers
        return await self.http.request(method, path, json=body, headers=headers)

    async def deliver(self, event: Event, cause: str, stream: str) -> None:
        """One event comes to every policy."""
        received = ReceivedEvent(cause, event, stream, self.now)
        for policy in POLICIES:
            await react(self.store, policy, received)

    async def deliver_own(self) -> None:
        """Deliver the service's own events to its policies until no more follow."""
        most = len(self.store.commits) + MOST_FOLLOWS
        while self.delivered < len(self.store.commits):
            assert self.delivered < most, "policies answer their own events endlessly"
            commit, _ = self.store.commits[self.delivered]
            self.delivered += 1
            for index, event in enumerate(commit.events):
                await self.deliver(event, f"{commit.id}.{index}", commit.stream.id)

    def said[E: Event](self, kind: type[E]) -> list[E]:
        assert kind in members(OnboardingEvent)
        events = (event for commit, _ in self.store.commits for event in commit.events)
        return [event for event in events if isinstance(event, kind)]
